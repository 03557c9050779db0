import { ZeroAddress } from "ethers";
import { SealpatchError } from "../errors.js";
import { type PatchPolicy, type Target, targetToJson } from "../patch/index.js";
import { vectorRoot } from "../vectors/index.js";
import type { TimelockClient } from "./timelock.js";

/**
 * Checks that a policy is the one that governance registered for a proxy: every root from its members.
 * @throws SealpatchError `chain/other-policy`, which names what differs; as `TimelockClient` where the node does not answer.
 * @example
 * ```ts
 * await assertRegisteredPolicy(timelock, proxy, parsePolicy(await readFile("policy.json", "utf8")));
 * ```
 */
export async function assertRegisteredPolicy(
  timelock: TimelockClient,
  proxy: string,
  policy: PatchPolicy,
): Promise<void> {
  const [registered, { layoutRoot }] = await Promise.all([timelock.policy(proxy), timelock.baseline(proxy)]);
  const chain = registered && {
    auditorRoot: registered.auditorRoot,
    threshold: BigInt(registered.threshold),
    vectorRoot: registered.vectorRoot,
    maxWaivers: BigInt(registered.maxWaivers),
    layoutRoot,
    migrationCaller: BigInt(registered.admin === ZeroAddress ? timelock.address : registered.admin),
  };
  const file: typeof chain = {
    auditorRoot: policy.auditors.root,
    threshold: BigInt(policy.threshold),
    vectorRoot: vectorRoot(policy.baseline),
    maxWaivers: BigInt(policy.maxWaivers),
    layoutRoot: policy.layoutRoot,
    migrationCaller: BigInt(policy.migrationCaller),
  };
  const names = Object.keys(file) as (keyof typeof file)[];
  const differing = chain === undefined ? names : names.filter((name) => chain[name] !== file[name]);
  if (differing.length === 0) return;
  const differs = differing.join(", ");
  throw new SealpatchError("chain/other-policy", "the policy is not the one that governance registered", {
    details: { proxy, differs },
    why: chain === undefined ? "the timelock has no policy of this proxy" : `on chain is another ${differs}`,
    remedy: "take the policy as it was registered, or have this one registered by the slow path",
  });
}

/**
 * Checks that a target, as a file has it, is what the chain says of a proxy now, and that its time has not passed.
 * @throws SealpatchError `chain/other-target`, which names what differs, and as `TimelockClient.target`.
 */
export async function assertPresentTarget(
  timelock: TimelockClient,
  proxy: string,
  target: Target,
): Promise<void> {
  const { validUntil, group } = target;
  const [present, now] = await Promise.all([timelock.target(proxy, validUntil, group), timelock.now()]);
  const [given, read] = [targetToJson(target), targetToJson(present)];
  const names = Object.keys(read) as (keyof typeof read)[];
  const differs = names.filter((name) => given[name] !== read[name]).join(", ");
  if (differs === "" && validUntil > now) return;
  throw new SealpatchError("chain/other-target", "the target is not what the chain says at present", {
    details: { proxy, differs, validUntil, now },
    why: differs === "" ? "its time has passed" : `on chain is another ${differs}`,
    remedy: "have the patch sealed again, for the target as it is now",
  });
}
