// One stage of a ceremony in a process of its own: `ceremony-stage.ts STAGE FOLDER CIRCUIT [word]`.
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import {
  applyBeacon,
  beginCeremony,
  type CeremonyCircuit,
  contribute,
  verifyCeremony,
} from "../../src/ceremony/index.js";
import { withCurve } from "../../src/proof/curve/index.js";
import { buildCircuit, circuitSource, pinnedPowersOfTau } from "../../src/proof/index.js";
import {
  assertContributionChain,
  checkInitialKey,
  checkKey,
  checkSuccessor,
  preparedBytes,
  recognisePowersOfTau,
} from "../../src/proof/keys/ceremony/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { domainPower, R1csFile, readContributions } from "../../src/proof/keys/index.js";
import { beaconAnswer, POWERS_SECRETS, TEST_BEACON } from "../ceremony/rehearsal.js";
import { INSTANCES } from "../circuits/instances.js";

const [stage, folder, name, word = ""] = process.argv.slice(2) as [
  string,
  string,
  "bind" | "bind-small",
  string?,
];
const at = (...names: string[]) => join(folder, ...names);
const ceremony = at("ceremony");
const keyOf = (step: string) => join(ceremony, step.padStart(4, "0"), `${name}.zkey`);
const ptauFile = at("powers.ptau");
const circuit: CeremonyCircuit = {
  name,
  source: name === "bind" ? circuitSource(name) : INSTANCES[name],
  verifier: "BindVerifier",
};
const circuits = [circuit];
const terms = { powersOfTau: ptauFile, circuits, beaconChain: TEST_BEACON };
const ROUND = 4_000_000_000;
const TINY = "test/proof/circuits/multiplier.circom";

const r1csOf = async (source: string) => (await buildCircuit({ source })).r1csFile;
const powerOf = async (r1csFile: string) => {
  const r1cs = await R1csFile.open(r1csFile);
  const power = domainPower(r1cs.header);
  await r1cs.close();
  return power;
};
const refused = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error("it was not refused")),
    () => {},
  );

/** Each prepares, and gives what is measured. */
const STAGES: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  powers: async () => {
    const power = await powerOf(await r1csOf(circuit.source));
    return () => writePowersOfTau(ptauFile, { power, ...POWERS_SECRETS });
  },
  "snarkjs-initial-key": async () => {
    const r1csFile = await r1csOf(circuit.source);
    return () => withCurve(() => zKey.newZKey(r1csFile, ptauFile, at("initial.zkey")));
  },
  "check-initial-key": async () => {
    const r1csFile = await r1csOf(circuit.source);
    return () => checkInitialKey({ r1csFile, ptauFile, zkeyFile: at("initial.zkey") });
  },
  init: async () => () => beginCeremony(ceremony, { ...terms, unpinned: true, beaconRound: ROUND }),
  contribute: async () => () => contribute(ceremony, { name: word }),
  "snarkjs-contribute": async () => () =>
    withCurve(() => zKey.contribute(keyOf(word), at("by-snarkjs.zkey"), "somebody", "some entropy")),
  beacon: async () => () => applyBeacon(ceremony, beaconAnswer(ROUND)),
  "check-successor": async () => () => checkSuccessor(keyOf(String(Number(word) - 1)), keyOf(word)),
  "check-key": async () => {
    const r1csFile = await r1csOf(circuit.source);
    return async () => {
      const zkeyFile = keyOf(word);
      await assertContributionChain(await readContributions(zkeyFile));
      await checkKey({ r1csFile, ptauFile, zkeyFile });
    };
  },
  verify: async () => async () => {
    const { checks } = await verifyCeremony(ceremony, terms);
    const open = checks.filter(({ outcome }) => outcome === "fails" || outcome === "not checked");
    if (open.length > 0) throw new Error(JSON.stringify(open));
  },
  "snarkjs-verify": async () => async () => {
    const holds = await withCurve(() => zKey.verifyFromInit(keyOf("0"), ptauFile, keyOf(word)));
    if (!holds) throw new Error("snarkjs says no");
  },
  chain: async () => {
    const small = at("small.ptau");
    await writePowersOfTau(small, { power: 5, ...POWERS_SECRETS });
    const r1csFile = await r1csOf(TINY);
    const key = (index: number) => at(`tiny-${index}.zkey`);
    await withCurve(async () => {
      await zKey.newZKey(r1csFile, small, key(0));
      for (let i = 0; i < 20; i++)
        await zKey.contribute(key(i), key(i + 1), `contributor ${i}`, `entropy ${i}`);
    });
    return async () => {
      const contributions = await readContributions(key(20));
      if (contributions.entries.length !== 20) throw new Error("there are not 20 contributions");
      await assertContributionChain(contributions);
    };
  },
  "other-size": async () => {
    const pinned = await pinnedPowersOfTau();
    return () => refused(recognisePowersOfTau(ptauFile, { power: 16, pinned }));
  },
  // A pinned size, and no header of powers of tau.
  "other-header": async () => {
    const pinned = await pinnedPowersOfTau();
    const file = at("other-header.ptau");
    await writeFile(file, "ptau");
    await truncate(file, preparedBytes(18));
    return () => refused(recognisePowersOfTau(file, { power: 16, pinned }));
  },
};

const work = await STAGES[stage]!();
const since = performance.now();
await work();
console.log(JSON.stringify({ ms: performance.now() - since }));
