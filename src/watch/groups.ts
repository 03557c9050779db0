import { AbiCoder, keccak256, ZeroHash } from "ethers";
import type { StatementState } from "../chain/index.js";
import type { GroupReport, StatementReport } from "./report.js";

/** A member of a group that ended otherwise than by execution ends the group. */
const ENDED: ReadonlySet<StatementState> = new Set(["superseded", "expired", "vetoed"]);
/** Largest group whose order is looked for: 5,040 hashes. */
const MAX_SOUGHT = 7;

/**
 * The groups of statements, by their hashes. A group is the hash of its commitments in their order (`groupOf`): which of them there are
 * the chain says only as they are scheduled.
 * @param statements in the order of their scheduling.
 */
export function groupsOf(
  statements: readonly { readonly commitment: bigint; readonly group: string }[],
): ReadonlyMap<string, GroupReport> {
  const members = new Map<string, bigint[]>();
  for (const { commitment, group } of statements)
    if (group !== ZeroHash) members.set(group, [...(members.get(group) ?? []), commitment]);
  return new Map(
    [...members].map(([hash, found]) => {
      const whole = orderOf(found, hash);
      return [hash, { hash, members: whole ?? found, isWhole: whole !== undefined }];
    }),
  );
}

/** Why a statement of a group cannot be executed, as far as the other members are the reason. */
export function blockedByGroup(
  group: GroupReport | null,
  stateOf: (commitment: bigint) => StatementState,
): StatementReport["blockedBy"] {
  if (group === null) return null;
  if (group.members.some((member) => ENDED.has(stateOf(member)))) return "group-ended";
  return group.isWhole ? null : "group-incomplete";
}

/** The order in which commitments have a hash; undefined where none does. */
function orderOf(commitments: readonly bigint[], hash: string): bigint[] | undefined {
  const isIt = (order: readonly bigint[]) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["uint256[]"], [order])) === hash;
  if (isIt(commitments)) return [...commitments];
  if (commitments.length > MAX_SOUGHT) return undefined;
  return permutations(commitments).find(isIt);
}

function permutations(items: readonly bigint[]): bigint[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, at) => permutations(items.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}
