import { getBytes, hexlify, ZeroHash, zeroPadValue } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import { audit } from "../../scripts/audit.js";
import { execute, schedule } from "../../scripts/fast-track.js";
import { prepare, prove } from "../../scripts/prove.js";
import { reveal, verify } from "../../scripts/reveal.js";
import { seal } from "../../scripts/seal.js";
import { DrillChain } from "../../src/drill/chain.js";
import { VALIDITY } from "../../src/drill/drill.js";
import {
  attack,
  compileVulnerable,
  deployCase,
  deployScene,
  record,
  register,
  type Scene,
} from "../../src/drill/scene.js";
import { collectAttestations, sealCase } from "../../src/drill/sealing.js";
import {
  disclosureOf,
  disclosureText,
  type PatchPolicy,
  PROXY_SLOTS,
  type ProvenPatch,
  type Scheduled,
  type Target,
  TargetTree,
  toSolidityProof,
} from "../../src/index.js";

// One incident of a protocol that runs on two chains, and on the first one behind two proxies of different kinds:
// three Safes' statements, two pairs of proofs.

interface Sealed {
  readonly targets: readonly Target[];
  readonly proven: ProvenPatch;
}

const chains: DrillChain[] = [];
let first: Scene;
let second: Scene;
let behindUups: Scene;
let both: Sealed;
let uupsAlone: Sealed;

const commitmentOf = ({ proven }: Sealed): bigint => proven.attest.statement.commitment;

beforeAll(async () => {
  chains.push(await DrillChain.start(31337), await DrillChain.start(1337));
  const [here, there] = chains as [DrillChain, DrillChain];
  first = await deployScene(here, corpusCase, "transparent");
  second = await deployScene(there, corpusCase, "transparent", first.auditors);
  const artifact = await compileVulnerable(corpusCase, "uups");
  const live = await deployCase(here, first.timelock.address, corpusCase, "uups", artifact);
  behindUups = { ...first, ...live };

  const baseline = await record(first, "baseline", [first.current]);
  const { policy } = await register(first, baseline);
  await register(second, baseline);
  const uups = await register(behindUups, await record(behindUups, "baseline", [behindUups.current]));

  both = await sealAndProve(first, policy, [first, second]);
  uupsAlone = await sealAndProve(behindUups, uups.policy, [behindUups]);
}, 1_200_000);

afterAll(async () => {
  for (const chain of chains) await chain.stop();
});

async function sealAndProve(scene: Scene, policy: PatchPolicy, places: readonly Scene[]): Promise<Sealed> {
  const sealed = await sealCase(scene, policy, { seal });
  const times = await Promise.all(places.map(({ chain }) => chain.now()));
  const latest = times.toSorted((a, b) => Number(a - b)).at(-1)!;
  const validUntil = latest + VALIDITY;
  const targets = await Promise.all(places.map(({ timelock, proxy }) => timelock.target(proxy, validUntil)));
  const inputs = {
    sealed: sealed.bytes,
    identity: sealed.identity,
    policy,
    currentCode: scene.current,
    targets,
  };
  const [prepared, attestations] = await Promise.all([
    prepare(inputs),
    collectAttestations(scene, { inputs, warnings: sealed.warnings }, { audit }),
  ]);
  return { targets, proven: await prove(prepared, attestations) };
}

function scheduleOn({ timelock, roles }: Scene, { proven, targets }: Sealed, index = 0): Promise<Scheduled> {
  return schedule({ timelock, council: roles.council, proven, target: targets[index]! });
}

describe("one incident on two chains", () => {
  it("has a timelock at one address, and a target for each chain", () => {
    expect(second.timelock.address).toBe(first.timelock.address);
    expect(both.targets.map(({ chainId }) => chainId)).toEqual([31337n, 1337n]);
  });

  it("T01: the path of one chain is refused on the other", async () => {
    const { proven, targets } = both;
    const tree = new TargetTree(targets);
    for (const [index, scene] of [first, second].entries()) {
      const { parts } = scene.timelock.through(scene.roles.council);
      const attempt = parts.schedule({
        commitment: proven.attest.statement.commitment,
        target: targets[index]!,
        path: tree.path(targets[1 - index]!),
        proof: toSolidityProof(proven.attest.proof),
      });
      await expect(attempt).rejects.toMatchObject({
        code: "chain/reverted",
        details: { error: "FastTrackAttestProofRejected" },
      });
    }
  });

  it("T01: the client refuses the target of the other chain, and of another patch", async () => {
    const { timelock } = first;
    await expect(timelock.schedule(both.proven, both.targets[1]!)).rejects.toMatchObject({
      code: "chain/other-timelock",
    });
    await expect(timelock.schedule(both.proven, uupsAlone.targets[0]!)).rejects.toMatchObject({
      code: "patch/unknown-target",
    });
  });

  it("P01: each council's Safe schedules with the same proof", async () => {
    const ids: string[] = [];
    for (const [index, scene] of [first, second].entries()) {
      const { timelock } = scene;
      const { id } = await scheduleOn(scene, both, index);
      expect(await timelock.state(commitmentOf(both))).toBe("scheduled");
      ids.push(id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it("P03: each chain accepts the statement once", async () => {
    for (const [index, scene] of [first, second].entries()) {
      await expect(scheduleOn(scene, both, index)).rejects.toMatchObject({
        details: { error: "StatementCommitmentUsed" },
      });
    }
  });

  it("takes a second statement for another proxy of the first chain", async () => {
    await scheduleOn(behindUups, uupsAlone);
    expect(await behindUups.timelock.state(commitmentOf(uupsAlone))).toBe("scheduled");
  });

  it("P04: a batch with one wrong proof executes nothing", async () => {
    const { chain, timelock, roles } = first;
    await chain.travelTo((await timelock.statement(commitmentOf(uupsAlone))).eta);
    const { bind } = both.proven;
    const wrong = { ...uupsAlone.proven, bind: { ...uupsAlone.proven.bind, proof: bind.proof } };
    await expect(timelock.as(roles.executor).executeBatch([both.proven, wrong])).rejects.toMatchObject({
      details: { error: "FastTrackBindProofRejected" },
    });
    expect(await timelock.state(commitmentOf(both))).toBe("scheduled");
    expect(await chain.provider.getCode(both.proven.review.patch.code.address)).toBe("0x");
  });

  it("P01: both statements of the first chain execute in one transaction", async () => {
    const { chain, timelock, roles } = first;
    const mined = await timelock.as(roles.executor).executeBatch([both.proven, uupsAlone.proven]);
    for (const [scene, sealed] of [
      [first, both],
      [behindUups, uupsAlone],
    ] as const) {
      expect(await timelock.state(commitmentOf(sealed))).toBe("executed");
      const { code } = sealed.proven.review.patch;
      expect(await chain.provider.getCode(code.address)).toBe(hexlify(code.code));
      expect((await timelock.baseline(scene.proxy)).implementation).toBe(code.address);
      expect(await chain.onSnapshot(() => attack(scene))).toBe(false);
    }
    expect(mined.receipt.logs.filter(({ address }) => address === timelock.address).length).toBeGreaterThan(
      1,
    );
  });

  it("P01: the statement of the second chain executes there", async () => {
    const { chain, timelock, roles } = second;
    expect(await chain.onSnapshot(() => attack(second))).toBe(true);
    await chain.travelTo((await timelock.statement(commitmentOf(both))).eta);
    await execute({ timelock, executor: roles.executor, proven: both.proven });
    expect(await timelock.state(commitmentOf(both))).toBe("executed");
    expect(getBytes(await chain.provider.getCode(both.proven.review.patch.code.address))).toEqual(
      both.proven.review.patch.code.code,
    );
    expect(await chain.onSnapshot(() => attack(second))).toBe(false);
  });

  it("discloses on both chains, and anybody verifies each from its chain and the one file", async () => {
    const texts = new Set<string>();
    for (const [scene, sealed] of [
      [first, both],
      [second, both],
      [behindUups, uupsAlone],
    ] as const) {
      const { timelock, roles } = scene;
      const { council } = roles;
      const uri = "file:disclosure.json";
      const { text } = await reveal({ timelock, council, proven: sealed.proven, uri });
      texts.add(text);
      expect(await timelock.state(commitmentOf(sealed))).toBe("disclosed");
      const checks = await verify({ timelock, commitment: commitmentOf(sealed), text });
      expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(9);
    }
    expect(texts.size).toBe(2);
  });

  it("P04: a policy that is removed later changes nothing of that, a slot that is set back does", async () => {
    const { timelock, proxy, chain, current } = second;
    const data = timelock.interface.encodeFunctionData("removePolicy", [proxy]);
    const operation = { calls: [{ target: timelock.address, data }], salt: ZeroHash };
    const delay = 7n * 86_400n;
    await timelock.scheduleSlowPath(operation, delay);
    await chain.travelTo((await chain.now()) + delay);
    await timelock.executeSlowPath(operation);
    expect(await timelock.laneStatus(proxy)).toBe("no-policy");
    const slot = [proxy, PROXY_SLOTS.implementation, zeroPadValue(current.address, 32)];
    await chain.provider.send("anvil_setStorageAt", slot);
    const text = disclosureText(disclosureOf(both.proven));
    const checks = await verify({ timelock, commitment: commitmentOf(both), text });
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([
      {
        name: "the proxy runs the patch, or what it was openly upgraded to since",
        outcome: "fails",
        detail: expect.stringContaining(current.address),
      },
    ]);
  });
});
