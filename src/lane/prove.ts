import type { PatchBundle, ReviewedPatch, Target } from "../patch/index.js";
import { openLane, type Project, proxyOf, reviewForTarget } from "../project/index.js";
import {
  attestStatementOf,
  bindStatementOf,
  openProver,
  type ProveOptions,
  type Prover,
  proveAttest,
  proveBind,
} from "../proof/index.js";
import type { CompilerChoice } from "../solc/index.js";
import type { RunProgress } from "../vectors/index.js";
import {
  type Attendance,
  type JudgedAttestation,
  judgeAttestations,
  type NamedAttestation,
} from "./attendance.js";
import type { ExecutionMember } from "./execution-file.js";
import { ATTEST, BIND, type Keeping, keptProof } from "./kept-proof.js";
import type { ScheduleMember } from "./schedule-file.js";
import { assertKeysOf } from "./setup.js";

/** A patch that was sealed, opened. */
export interface OpenedPatch {
  readonly bundle: PatchBundle;
  readonly target: Target;
}

/** How patches are proven. */
export interface ProvingOptions extends Keeping, CompilerChoice, Pick<ProveOptions, "prover"> {
  readonly onVectors?: RunProgress;
  readonly onProof?: ProveOptions["onProgress"];
}

/** What came of proving a group, or one patch. */
export interface ProvenGroup {
  readonly reviews: readonly ReviewedPatch[];
  readonly judged: readonly JudgedAttestation[];
  /** Of each patch. */
  readonly attendance: readonly Attendance[];
  /** What the executor needs. */
  readonly executions: readonly ExecutionMember[];
  /** What the council schedules; undefined as long as attestations are missing. */
  readonly schedule: readonly ScheduleMember[] | undefined;
  /** Proofs that an earlier run had made already. */
  readonly resumed: number;
}

/**
 * Proves a group of sealed patches, or one: reviews each as its auditors do, makes the proofs of `bind` at once, and those of `attest`
 * where every patch has enough attestations. Each proof is kept, encrypted to its maker, as soon as it is made, and found there again by
 * the next run.
 * @param patches in the order of the group.
 * @throws SealpatchError as `openLane`, `reviewForTarget`, `assertKeysOf`, `proveBind` and `proveAttest`.
 * @example
 * ```ts
 * const project = await readProject("sealpatch.toml");
 * const patch = { bundle: await decryptBundle(sealed, identity), target };
 * const manifest = await readManifest();
 * const named = attestations.map((attestation, index) => ({ name: `attestation ${index}`, attestation }));
 * const { schedule, attendance } = await withState(project.folder, (state) =>
 *   proveGroup(project, [patch], named, { state, identity, manifest }),
 * );
 * if (schedule === undefined) console.log(`${attendance[0]!.wanted} attestations are missing`);
 * ```
 */
export async function proveGroup(
  project: Project,
  patches: readonly OpenedPatch[],
  attestations: readonly NamedAttestation[],
  options: ProvingOptions,
): Promise<ProvenGroup> {
  if (options.prover !== undefined) return proveAll(project, patches, attestations, options, options.prover);
  // One set of threads and keys for all proofs of the group.
  const prover = openProver();
  try {
    return await proveAll(project, patches, attestations, options, prover);
  } finally {
    await prover.close();
  }
}

async function proveAll(
  project: Project,
  patches: readonly OpenedPatch[],
  attestations: readonly NamedAttestation[],
  { onVectors, onProof, prover: _, state, identity, manifest, ...choice }: ProvingOptions,
  prover: Prover,
): Promise<ProvenGroup> {
  const keeping = { state, identity, manifest };
  const proving = { manifest, prover, ...(onProof === undefined ? {} : { onProgress: onProof }) };
  const reviews: ReviewedPatch[] = [];
  for (const { bundle, target } of patches) {
    const progress = onVectors === undefined ? {} : { onProgress: onVectors };
    const lane = await openLane(project, proxyOf(project, target));
    // A proof for other keys would be refused when it is too late.
    await assertKeysOf(lane.timelock, manifest);
    reviews.push(await reviewForTarget(lane, bundle, target, { ...choice, ...progress }));
  }
  const { judged, attendance } = judgeAttestations(reviews, attestations);
  let resumed = 0;
  const count = ({ isNew }: { readonly isNew: boolean }) => {
    if (!isNew) resumed++;
  };
  const executions: ExecutionMember[] = [];
  for (const review of reviews) {
    const { patch } = review;
    const bind = await keptProof(BIND, bindStatementOf(patch), keeping, () => proveBind(review, proving));
    count(bind);
    const { deploySalt, migration, migrationGas } = patch.bundle;
    const { layoutRoot, codeDigest } = patch.opening;
    executions.push({
      targets: review.targets.targets,
      initCode: patch.initCode,
      deploySalt,
      migration,
      migrationGas,
      layoutRoot,
      codeDigest,
      bind: bind.proven,
    });
  }
  if (attendance.some(({ wanted }) => wanted > 0))
    return { reviews, judged, attendance, executions, schedule: undefined, resumed };
  const schedule: ScheduleMember[] = [];
  for (const [index, review] of reviews.entries()) {
    const own = attendance[index]!.attestations;
    const attest = await keptProof(ATTEST, attestStatementOf(review), keeping, () =>
      proveAttest(review, own, proving),
    );
    count(attest);
    schedule.push({ targets: review.targets.targets, attest: attest.proven });
  }
  return { reviews, judged, attendance, executions, schedule, resumed };
}
