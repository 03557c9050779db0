import type { z } from "zod";
import { AUDITOR_DEPTH, AuditorSet } from "../audit/index.js";
import { checkAddress } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { assertField, fieldElement } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address } from "../schemas.js";
import { setKind, VECTOR_LIMITS, type VectorSet } from "../vectors/index.js";
import { zod } from "../zod.js";
import { auditorSet, vectorSet } from "./parts.js";

/** What governance registered for a proxy, with the members of every root. */
export interface PatchPolicy {
  readonly auditors: AuditorSet;
  /** Auditors who have to sign: 1 to the size of the set. */
  readonly threshold: number;
  readonly baseline: VectorSet;
  /** Baseline vectors that a patch may fail: 0 to one less than there are. */
  readonly maxWaivers: number;
  /** Root of the layout of the implementation that is live now. */
  readonly layoutRoot: bigint;
  /** Who calls the migration on chain: the ProxyAdmin of transparent kinds, else the timelock. */
  readonly migrationCaller: string;
}

/**
 * Refuses a policy that nobody can meet, or that demands nothing.
 * @throws SealpatchError `audit/threshold-out-of-range`, `patch/too-many-waivers`, `vectors/empty` or
 *   `vectors/wrong-kind` where the baseline is not a set of baseline vectors, `patch/malformed-policy`,
 *   `field/out-of-range` and `code/invalid-address` where a member is of another form.
 */
export function assertPolicy(policy: PatchPolicy): void {
  const { auditors, threshold, baseline, maxWaivers } = policy;
  // The root must be that of these keys, which only the set itself vouches for.
  if (!(auditors instanceof AuditorSet)) {
    throw new SealpatchError("patch/malformed-policy", "the auditors of a policy are no AuditorSet", {
      remedy: "make an AuditorSet of their public keys",
    });
  }
  assertField(policy.layoutRoot, "layout root");
  checkAddress(policy.migrationCaller, "the migration's caller");
  const size = auditors.publicKeys.length;
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > size) {
    throw new SealpatchError(
      "audit/threshold-out-of-range",
      `${threshold} of ${size} auditors cannot be asked for`,
      {
        details: { threshold, auditors: size },
        remedy: "ask for at least one auditor, and for no more than the set has",
      },
    );
  }
  const kind = setKind(baseline);
  if (kind !== "baseline") {
    throw new SealpatchError("vectors/wrong-kind", "the baseline holds incident vectors", {
      why: "the baseline is public, incident vectors are hidden until disclosure",
      remedy: "take the baseline vectors",
    });
  }
  const vectors = baseline.vectors.length;
  if (!Number.isInteger(maxWaivers) || maxWaivers < 0 || maxWaivers >= vectors) {
    throw new SealpatchError(
      "patch/too-many-waivers",
      `${maxWaivers} of ${vectors} vectors cannot be waived`,
      {
        details: { maxWaivers, vectors },
        why: "a policy that waives every vector demands nothing of the patch",
        remedy: "waive none, or fewer vectors than the baseline has",
      },
    );
  }
}

const FORM: FormName = { code: "patch/malformed-policy", what: "a policy" };
const policySchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.policy/1"),
    auditors: auditorSet(),
    threshold: zod
      .int()
      .min(1)
      .max(2 ** AUDITOR_DEPTH),
    baseline: vectorSet(),
    maxWaivers: zod.int().min(0).max(VECTOR_LIMITS.baselineVectors),
    layoutRoot: fieldElement(),
    migrationCaller: address(),
  }),
);

/**
 * Reads a policy (`sealpatch.policy/1`): what auditors review, and what the roots on chain were made from.
 * @param file its JSON, or its text.
 * @throws SealpatchError `patch/malformed-policy`, as `assertPolicy` does, and those of its parts: `audit/invalid-key`,
 *   `audit/duplicate-key`, `vectors/...`.
 * @example
 * ```ts
 * const policy = parsePolicy(await readFile("policy.json", "utf8"));
 * console.log(`${policy.threshold} of ${policy.auditors.publicKeys.length} auditors`);
 * ```
 */
export function parsePolicy(file: unknown): PatchPolicy {
  const { schema, ...policy } = parseForm(policySchema(), file, FORM);
  assertPolicy(policy);
  return policy;
}

/**
 * The JSON form of a policy. Everything in it is public.
 * @throws SealpatchError as `parsePolicy`: what no reader takes is not written.
 */
export function policyToJson(policy: PatchPolicy): z.input<ReturnType<typeof policySchema>> {
  assertPolicy(policy);
  return formToJson(policySchema(), { schema: "sealpatch.policy/1", ...policy }, FORM);
}
