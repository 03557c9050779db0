import { SealpatchError } from "../errors.js";
import { batchGas, TRANSACTION_GAS } from "./migration-gas.js";
import type { RebuiltPatch } from "./rebuild.js";
import type { Target } from "./target-file.js";
import { groupOf } from "./targets.js";

/** A patch of a group, before it is attested. */
export interface GroupMember {
  readonly patch: Pick<RebuiltPatch, "commitment" | "initCode" | "code" | "bundle">;
  /** Where it will be scheduled; its `group` is what `sealGroup` gives. */
  readonly target: Omit<Target, "group">;
  /** Delay and grace of the proxy's policy, in seconds. */
  readonly delay: number;
  readonly grace: number;
}

/**
 * The group of patches that must execute together, in this order, refused where they never could. The group goes into the target of
 * each member, so this comes before attestations and proofs.
 * @param members at least two, on one timelock.
 * @param scheduledAt when the last of them will be scheduled at the latest, and the first at the earliest: one time, in seconds
 *   since the epoch.
 * @returns 32 bytes as hex.
 * @throws SealpatchError `patch/group-apart` (several timelocks or chains), `patch/group-repeats-proxy`,
 *   `patch/group-without-window` (no time at which all may execute), `patch/group-too-large` (more gas than a transaction holds),
 *   and as `groupOf`.
 * @example
 * ```ts
 * const members = [
 *   { patch: await rebuildPatch(bundle), target: await timelock.target(proxy, validUntil), delay: 14_400, grace: 172_800 },
 *   { patch: await rebuildPatch(otherBundle), target: await timelock.target(otherProxy, validUntil), delay: 14_400, grace: 172_800 },
 * ];
 * const group = sealGroup(members, validUntil - 86_400n);
 * const targets = members.map(({ target }) => ({ ...target, group }));
 * ```
 */
export function sealGroup(members: readonly GroupMember[], scheduledAt: bigint): string {
  const group = groupOf(members.map(({ patch }) => patch.commitment));
  const targets = members.map(({ target }) => target);
  assertTogether(targets);
  assertWindow(members, scheduledAt);
  const gas = batchGas(
    members.map(({ patch: { initCode, code, bundle } }) => ({
      parts: { initCode, code: code.code, migration: bundle.migration },
      migrationGas: bundle.migrationGas,
    })),
  );
  if (gas > TRANSACTION_GAS) {
    throw new SealpatchError(
      "patch/group-too-large",
      "no transaction holds the execution of the whole group",
      {
        details: { gas, maximum: TRANSACTION_GAS },
        why: `it takes at least ${gas} gas, and a transaction has at most ${TRANSACTION_GAS} (EIP-7825)`,
        remedy: "give the migrations less gas, or make smaller groups",
      },
    );
  }
  return group;
}

function assertTogether(targets: readonly Omit<Target, "group">[]): void {
  const places = new Set(targets.map(({ chainId, timelock }) => `${chainId}:${BigInt(timelock)}`));
  if (places.size > 1) {
    throw new SealpatchError(
      "patch/group-apart",
      "the members of the group are for several timelocks or chains",
      {
        details: { places: places.size },
        why: "one transaction of one timelock executes a group",
        remedy: "make a group for each timelock",
      },
    );
  }
  const proxies = targets.map(({ proxy }) => BigInt(proxy));
  const repeated = targets.find((_, index) => proxies.indexOf(proxies[index]!) !== index);
  if (repeated === undefined) return;
  throw new SealpatchError("patch/group-repeats-proxy", "two members of the group are for one proxy", {
    details: { proxy: repeated.proxy },
    why: "the first upgrade of a proxy ends every other statement for it",
    remedy: "put both fixes into one patch",
  });
}

/** A statement executes from its delay on until its grace or its validity ends, both included. */
function assertWindow(members: readonly GroupMember[], scheduledAt: bigint): void {
  const from = members.map(({ delay }) => scheduledAt + BigInt(delay));
  const until = members.map(({ delay, grace, target: { validUntil } }) => {
    const graceEnd = scheduledAt + BigInt(delay) + BigInt(grace);
    return graceEnd < validUntil ? graceEnd : validUntil;
  });
  const ascending = (a: bigint, b: bigint): number => Number(a - b);
  const opens = from.toSorted(ascending).at(-1)!;
  const closes = until.toSorted(ascending)[0]!;
  if (opens <= closes) return;
  throw new SealpatchError(
    "patch/group-without-window",
    "there is no time at which all members may execute",
    {
      details: { opens, closes },
      why: "one member's window closes before the window of another opens",
      remedy: "give the members validity until the last delay has passed, or policies with closer delays",
    },
  );
}
