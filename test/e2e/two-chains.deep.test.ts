import { getBytes, hexlify } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
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
  type Attestation,
  type Execution,
  type PatchPolicy,
  type ProvenPatch,
  type Target,
  TargetTree,
  targetLeaf,
  toSolidityProof,
} from "../../src/index.js";

// One incident of a protocol that runs on two chains, and on the first one behind two proxies of different kinds:
// three Safes' statements, two pairs of proofs.

interface Sealed {
  readonly policy: PatchPolicy;
  readonly targets: readonly Target[];
  readonly attestations: readonly Attestation[];
  readonly proven: ProvenPatch;
}

const chains: DrillChain[] = [];
let first: Scene;
let second: Scene;
let behindUups: Scene;
let both: Sealed;
let uupsAlone: Sealed;
let bothIds: [string, string];
let uupsId: string;

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
  const [prepared, attestations] = await Promise.all([prepare(inputs), collectAttestations(scene, inputs)]);
  return { policy, targets, attestations, proven: await prove(prepared, attestations) };
}

function executionOf({ proven }: Sealed, id: string): Execution {
  const { bundle, initCode, opening } = proven.review.patch;
  return {
    id,
    code: { initCode, deploySalt: bundle.deploySalt },
    opening: { layoutRoot: opening.layoutRoot, migration: bundle.migration },
    proof: toSolidityProof(proven.bind.proof),
  };
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
      const other = tree.path(tree.leaves.indexOf(targetLeaf(targets[1 - index]!)));
      const attempt = scene.timelock
        .through(scene.roles.council)
        .schedule(
          proven.attest.statement.commitment,
          targets[index]!,
          other,
          toSolidityProof(proven.attest.proof),
        );
      await expect(attempt).rejects.toMatchObject({
        code: "chain/reverted",
        details: { error: "FastTrackAttestProofRejected" },
      });
    }
  });

  it("P01: each council's Safe schedules with the same proof", async () => {
    const ids: string[] = [];
    for (const [index, { timelock, roles }] of [first, second].entries()) {
      const { id } = await schedule(timelock, roles.council, both.proven, both.targets[index]!);
      expect(await timelock.state(id)).toBe("scheduled");
      ids.push(id);
    }
    bothIds = ids as [string, string];
    expect(new Set(bothIds).size).toBe(2);
  });

  it("P03: each chain accepts the statement once", async () => {
    for (const [index, { timelock, roles }] of [first, second].entries()) {
      await expect(
        schedule(timelock, roles.council, both.proven, both.targets[index]!),
      ).rejects.toMatchObject({ details: { error: "StatementCommitmentUsed" } });
    }
  });

  it("takes a second statement for another proxy of the first chain", async () => {
    const { timelock, roles } = behindUups;
    ({ id: uupsId } = await schedule(timelock, roles.council, uupsAlone.proven, uupsAlone.targets[0]!));
    expect(uupsId).not.toBe(bothIds[0]);
  });

  it("P04: a batch with one wrong proof executes nothing", async () => {
    const { chain, timelock, roles } = first;
    await chain.travelTo((await timelock.statement(uupsId)).eta);
    const [one, two] = [executionOf(both, bothIds[0]), executionOf(uupsAlone, uupsId)];
    await expect(
      timelock.as(roles.executor).executeBatch([one, { ...two, proof: one.proof }]),
    ).rejects.toMatchObject({ details: { error: "FastTrackBindProofRejected" } });
    expect(await timelock.state(bothIds[0])).toBe("scheduled");
    expect(await chain.provider.getCode(both.proven.review.patch.code.address)).toBe("0x");
  });

  it("P01: both statements of the first chain execute in one transaction", async () => {
    const { chain, timelock, roles } = first;
    const mined = await timelock
      .as(roles.executor)
      .executeBatch([executionOf(both, bothIds[0]), executionOf(uupsAlone, uupsId)]);
    for (const [scene, sealed, id] of [
      [first, both, bothIds[0]],
      [behindUups, uupsAlone, uupsId],
    ] as const) {
      expect(await timelock.state(id)).toBe("executed");
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
    await chain.travelTo((await timelock.statement(bothIds[1])).eta);
    await execute(timelock, roles.executor, both.proven, bothIds[1]);
    expect(await timelock.state(bothIds[1])).toBe("executed");
    expect(getBytes(await chain.provider.getCode(both.proven.review.patch.code.address))).toEqual(
      both.proven.review.patch.code.code,
    );
    expect(await chain.onSnapshot(() => attack(second))).toBe(false);
  });

  it("discloses on both chains, and anybody verifies each from its chain and the one file", async () => {
    const texts = new Set<string>();
    for (const [scene, sealed, id] of [
      [first, both, bothIds[0]],
      [second, both, bothIds[1]],
      [behindUups, uupsAlone, uupsId],
    ] as const) {
      const { timelock, roles, current } = scene;
      const { targets, attestations } = sealed;
      const incident = { id, targets, attestations, currentCode: current, uri: "file:disclosure.json" };
      const { text } = await reveal(timelock, roles.council, sealed.proven, incident);
      texts.add(text);
      expect(await timelock.state(id)).toBe("disclosed");
      const checks = await verify(timelock, id, text);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(9);
    }
    expect(texts.size).toBe(2);
  });
});
