import { getAddress } from "ethers";
import type { z } from "zod";
import type { SchedulingParts } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { groupOf, parseTarget, type Target, TargetTree, targetToJson } from "../patch/index.js";
import {
  type AttestStatement,
  attestProofToJson,
  type Proven,
  parseAttestProof,
  toSolidityProof,
} from "../proof/index.js";
import { zod } from "../zod.js";

/** A statement that is to be scheduled. All of it becomes public then. */
export interface ScheduleMember {
  /** All targets that the statement was attested for: one a chain. */
  readonly targets: readonly Target[];
  readonly attest: Proven<AttestStatement>;
}

const FORM: FormName = { code: "lane/malformed-schedule", what: "a schedule" };
/** Statements that a group has at most in a file. */
export const MAX_MEMBERS = 32;

const schema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.schedule/1"),
    /** In the order of execution; several are one group. */
    members: zod
      .array(zod.strictObject({ targets: zod.array(zod.unknown()).min(1), proof: zod.unknown() }))
      .min(1)
      .max(MAX_MEMBERS),
  }),
);

/**
 * Reads a schedule (`sealpatch.schedule/1`): proofs of `attest` with the targets that they are for. The proofs are not verified; that
 * each has the root of its targets, and the members their group, is checked.
 * @param file its JSON, or its text.
 * @throws SealpatchError `lane/malformed-schedule`, `lane/other-targets`, and as `parseTarget` and `parseAttestProof`.
 * @example
 * ```ts
 * const members = parseSchedule(await readFile("schedule.json", "utf8"));
 * console.log(members.map(({ attest }) => attest.statement.commitment));
 * ```
 */
export function parseSchedule(file: unknown): ScheduleMember[] {
  const members = parseForm(schema(), file, FORM).members.map(({ targets, proof }) => ({
    targets: targets.map((target) => parseTarget(target)),
    attest: parseAttestProof(proof),
  }));
  assertMembers(members);
  return members;
}

/** The JSON form of a schedule. @throws SealpatchError as `parseSchedule`: what no reader takes is not written. */
export function scheduleToJson(members: readonly ScheduleMember[]): z.input<ReturnType<typeof schema>> {
  assertMembers(members);
  const written = members.map(({ targets, attest }) => ({
    targets: targets.map(targetToJson),
    proof: attestProofToJson(attest),
  }));
  return formToJson(schema(), { schema: "sealpatch.schedule/1", members: written }, FORM);
}

function assertMembers(members: readonly ScheduleMember[]): void {
  const group = groupOf(members.map(({ attest }) => attest.statement.commitment));
  for (const [index, { targets, attest }] of members.entries()) {
    const why =
      new TargetTree(targets).root !== attest.statement.targetsRoot
        ? "the proof is for other targets"
        : targets.some((target) => target.group !== group) && "its targets are of another group";
    if (why === false) continue;
    throw new SealpatchError(
      "lane/other-targets",
      `statement ${index} and its targets do not belong together`,
      {
        details: { index, commitment: attest.statement.commitment },
        why,
        remedy: "take the file as it was made, with all members of the group in their order",
      },
    );
  }
}

/** A statement as one timelock takes it. */
export interface ScheduledTarget {
  readonly target: Target;
  readonly parts: SchedulingParts;
}

/**
 * What is to be scheduled on one timelock.
 * @throws SealpatchError `lane/not-for-this-timelock`.
 */
export function schedulingOn(
  members: readonly ScheduleMember[],
  place: { readonly chainId: bigint; readonly timelock: string },
): ScheduledTarget[] {
  return members.map(({ targets, attest }) => {
    const target = targetOn(targets, place);
    const { commitment } = attest.statement;
    const path = new TargetTree(targets).path(target);
    return { target, parts: { commitment, target, path, proof: toSolidityProof(attest.proof) } };
  });
}

/** The target of a statement on one timelock. @throws SealpatchError `lane/not-for-this-timelock`. */
export function targetOn(
  targets: readonly Target[],
  { chainId, timelock }: { readonly chainId: bigint; readonly timelock: string },
): Target {
  const found = targets.find(
    (target) => target.chainId === chainId && getAddress(target.timelock) === getAddress(timelock),
  );
  if (found !== undefined) return found;
  const [first] = targets;
  throw new SealpatchError("lane/not-for-this-timelock", "the statement is for another timelock or chain", {
    details: { chainId, timelock, targetChain: first!.chainId, targetTimelock: first!.timelock },
    remedy: "take the chain that it was attested for",
  });
}
