import { type Artifact, readDeployed } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { assertLayoutsFit, assertNoObjection } from "../layout/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import type { RebuiltPatch } from "./rebuild.js";

/**
 * Checks that the live code is compiled from the bundle's source, byte for byte; values of immutables and addresses of libraries
 * are those of the live code.
 * @param current what the source compiles to.
 * @param live the implementation, as read from the chain.
 * @throws SealpatchError `patch/other-current-source`.
 */
export function assertCurrentSource(current: Artifact, live: Pick<CodeUnderTest, "code" | "address">): void {
  if (readDeployed(current, live.code, live.address) !== undefined) return;
  throw new SealpatchError(
    "patch/other-current-source",
    "the live code is not compiled from the bundle's source of it",
    {
      details: { implementation: live.address, contract: current.contractName, bytes: live.code.length },
      why: "the old storage layout is read from that source, so it must be the source of the code that is live",
      remedy:
        "give the sources and settings that the live implementation was compiled from, unchanged: its metadata covers " +
        "names of files, comments and settings too",
    },
  );
}

/**
 * Checks that a patch may follow the live code: its source is that of the code, no judge of layouts objects, and the layouts fit the
 * circuit.
 * @throws SealpatchError `patch/other-current-source`, `layout/not-preserved`, `layout/upgrades-core-failed`,
 *   `layout/too-many-entries`, `layout/too-many-changes`.
 */
export function assertFollows(
  { current, layouts, layoutDiff }: RebuiltPatch,
  live: Pick<CodeUnderTest, "code" | "address">,
): void {
  assertCurrentSource(current, live);
  assertNoObjection(layoutDiff());
  assertLayoutsFit(layouts);
}
