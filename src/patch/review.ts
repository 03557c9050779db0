import { keccak256 } from "ethers";
import type { AuditorStatement } from "../audit/index.js";
import { checkAddress } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { layoutRoot } from "../layout/index.js";
import type { CompilerChoice } from "../solc/index.js";
import {
  assertReport,
  type CodeUnderTest,
  type Report,
  type RunProgress,
  report,
  rootOfVectors,
} from "../vectors/index.js";
import type { PatchBundle } from "./bundle.js";
import { assertFollows } from "./current.js";
import { assertPolicy, type PatchPolicy } from "./policy.js";
import { type RebuiltPatch, rebuildPatch } from "./rebuild.js";
import type { Target } from "./target-file.js";
import { TargetTree } from "./targets.js";

/** What a review takes. */
export interface ReviewInputs extends CompilerChoice {
  readonly bundle: PatchBundle;
  readonly policy: PatchPolicy;
  /** The implementation that is live now, as read from the chain. */
  readonly currentCode: CodeUnderTest;
  /** Where the patch may be scheduled; each names the codehash of `currentCode`. */
  readonly targets: readonly Target[];
  readonly onProgress?: RunProgress;
}

/** What a review takes, its bundle still sealed. */
export interface SealedReviewInputs extends Omit<ReviewInputs, "bundle"> {
  readonly sealed: Uint8Array;
  /** The age identity that opens the bundle. */
  readonly identity: string;
}

/** A patch rebuilt and run by this machine, with the statement that its user may now sign or prove. */
export interface ReviewedPatch {
  readonly patch: RebuiltPatch;
  readonly policy: PatchPolicy;
  /** The implementation that the patch replaces. */
  readonly currentCode: CodeUnderTest;
  readonly report: Report;
  readonly targets: TargetTree;
  readonly statement: AuditorStatement;
}

/**
 * What each auditor and the prover do before they sign or prove: rebuild the patch from its sources, hold the source of the live
 * code against that code, have all judges compare the two layouts, run all vectors on the current code and on the patch, and check the policy over the results. What only people can judge
 * stands in `patch.warnings`.
 * @throws SealpatchError as `assertPolicy` and `rebuildPatch` do; `patch/other-implementation`, `patch/other-deployer`, `patch/other-migration-caller`, `patch/other-current-source`, `patch/other-layout`, and the first rule that the patch breaks:
 *   `layout/not-preserved`, `layout/upgrades-core-failed` where that judge stops with an error, or `vectors/...`, among them that the migration runs out of gas, or would with half of it.
 * @example
 * ```ts
 * const currentCode: CodeUnderTest = { address: implementation, code: getBytes(await provider.getCode(implementation)) };
 * const targets = [await timelock.target(proxy, validUntil)];
 * const review = await reviewPatch({ bundle, policy, currentCode, targets });
 * console.log(`${review.report.incidents.length} incidents, ${review.report.waived.length} vectors waived`);
 * for (const { message } of review.patch.warnings) console.log(message);
 * ```
 */
export async function reviewPatch(options: ReviewInputs): Promise<ReviewedPatch> {
  const { bundle, policy, currentCode, targets } = options;
  assertPolicy(policy);
  const codehash = keccak256(currentCode.code);
  const other = targets.find((target) => target.codehash !== codehash);
  if (other !== undefined) {
    throw new SealpatchError(
      "patch/other-implementation",
      "a target has another implementation than the one given",
      {
        details: { proxy: other.proxy, codehash: other.codehash, given: codehash },
        remedy: "read the implementation from the chain again",
      },
    );
  }
  assertDeployer(bundle, targets);
  assertMigrationCaller(bundle, policy.migrationCaller);
  const patch = await rebuildPatch(bundle, options);
  assertFollows(patch, currentCode);
  assertRegisteredLayout(layoutRoot(patch.layouts.old), policy.layoutRoot);
  const results = await report({
    baseline: policy.baseline,
    incidents: bundle.incidents,
    currentCode,
    patchCode: patch.code,
    maxWaivers: policy.maxWaivers,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  assertReport(results);
  const tree = new TargetTree(targets);
  const statement: AuditorStatement = {
    commitment: patch.commitment,
    targetsRoot: tree.root,
    vectorRoot: rootOfVectors("baseline", results.baseline),
    reportDigest: results.reportDigest,
  };
  return { patch, policy, currentCode, report: results, targets: tree, statement };
}

/** Checks that the timelock of each target is who deploys the patch: its address depends on that. */
function assertDeployer({ deployer }: PatchBundle, targets: readonly Target[]): void {
  const other = targets.find(({ timelock }) => String(timelock).toLowerCase() !== deployer.toLowerCase());
  if (other === undefined) return;
  throw new SealpatchError("patch/other-deployer", "the bundle is for another timelock than its target", {
    details: { bundle: deployer, target: other.timelock },
    why: "the timelock deploys the patch, and the address of the patch, which is committed, depends on who does",
    remedy: "seal the patch again with the timelock as deployer",
  });
}

/**
 * Checks that a patch is compared with the layout that governance registered.
 * @param root layoutRoot of the layout that the patch is compared with.
 * @throws SealpatchError `patch/other-layout`.
 */
export function assertRegisteredLayout(root: bigint, registered: bigint): void {
  if (root === registered) return;
  throw new SealpatchError("patch/other-layout", "the old layout is not the registered one", {
    why: "the patch must keep the layout of the implementation that is live now",
    remedy:
      "give the layout of the patch that installed the live implementation as its `previous`, where that patch used the gap of a " +
      "struct to its end; else the registered root is of another layout, and governance registers it anew",
  });
}

/**
 * Checks that the vectors run the migration as the account that will call it on chain: `msg.sender` may decide what it does.
 * @param caller as the chain or a policy names it.
 * @throws SealpatchError `patch/other-migration-caller`, `code/invalid-address`.
 */
export function assertMigrationCaller(bundle: PatchBundle, caller: string): void {
  if (bundle.migrationCaller === checkAddress(caller, "the migration's caller")) return;
  throw new SealpatchError(
    "patch/other-migration-caller",
    "on chain, a different account calls the migration",
    {
      details: { bundle: bundle.migrationCaller, chain: caller },
      why: "a migration called by another account may give other results than the one on chain",
      remedy:
        "seal the patch with the ProxyAdmin of a transparent proxy as migrationCaller, otherwise with the timelock",
    },
  );
}
