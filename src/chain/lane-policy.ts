import { getAddress, isAddress, ZeroAddress } from "ethers";
import { SealpatchError } from "../errors.js";
import { assertPolicy, type PatchPolicy } from "../patch/index.js";
import { ATTEST_PARAMETERS } from "../proof/index.js";
import { vectorRoot } from "../vectors/index.js";
import { assertSafetyChecks, type SafetyCheck } from "./safety-checks.js";
import type { LanePolicy, ProxyKind } from "./types.js";

/** What governance decides about a proxy's fast lane, beside what the auditors review. Durations in seconds. */
export interface LaneTerms {
  readonly kind: ProxyKind;
  /** ProxyAdmin of the transparent kinds, and theirs alone. */
  readonly admin?: string;
  /** Between schedule and execution. */
  readonly delay: number;
  /** For how long a statement may be executed once its delay has passed. */
  readonly grace: number;
  /** Within which an executed patch must be disclosed. */
  readonly disclosureDeadline: number;
  readonly checks: readonly SafetyCheck[];
}

const KINDS_WITH_ADMIN: ReadonlySet<ProxyKind> = new Set(["transparent-v4", "transparent-v5"]);
const MAX_SECONDS = 2 ** 32 - 1;

/** What `lanePolicy` made: a root does not tell how many auditors or vectors there are. */
const BUILT = new WeakSet<LanePolicy>();

/**
 * Checks that a policy was built here, by those who know the members of its roots.
 * @throws SealpatchError `chain/policy-not-built`.
 */
export function assertBuilt(policy: LanePolicy): void {
  if (BUILT.has(policy)) return;
  throw new SealpatchError("chain/policy-not-built", "this policy was not made by lanePolicy", {
    why: "its roots do not show whether it asks for more auditors than there are, or waives every vector",
    remedy: "read the policy's file with parsePolicy, and give it to lanePolicy with the lane's terms",
  });
}

/**
 * The policy as the timelock holds it: the roots of what the auditors review, and the lane's terms. Refuses what no
 * contract would take; the timelock has bounds of its own for the durations beside that (`LaneBounds`).
 * @returns a frozen object; `setPolicyCall` takes no copy of it.
 * @throws SealpatchError as `parsePolicy` does for what the policy says; `chain/wrong-admin`,
 *   `chain/duration-out-of-range`, `chain/malformed-check`, `chain/too-many-checks`.
 * @example
 * ```ts
 * const terms = { kind: "uups", delay: 14_400, grace: 172_800, disclosureDeadline: 1_209_600, checks } as const;
 * const call = timelock.setPolicyCall(proxy, lanePolicy(policy, terms));
 * ```
 */
export function lanePolicy(policy: PatchPolicy, terms: LaneTerms): LanePolicy {
  assertPolicy(policy);
  const { threshold } = policy;
  const { signers } = ATTEST_PARAMETERS;
  if (threshold > signers) {
    throw new SealpatchError("audit/threshold-out-of-range", `a threshold of ${threshold} cannot be proven`, {
      details: { threshold, signers },
      remedy: `ask for at most ${signers} auditors`,
    });
  }
  const { kind, delay, grace, disclosureDeadline, checks } = terms;
  for (const [name, seconds] of Object.entries({ delay, grace, disclosureDeadline })) {
    if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_SECONDS) continue;
    throw new SealpatchError("chain/duration-out-of-range", `the ${name} is not a number of seconds`, {
      details: { name, seconds, maximum: MAX_SECONDS },
      remedy: "give whole seconds, at least 1",
    });
  }
  assertSafetyChecks(checks);
  const built: LanePolicy = {
    kind,
    admin: adminOf(policy, terms),
    disclosureDeadline,
    threshold,
    maxWaivers: policy.maxWaivers,
    delay,
    grace,
    auditorRoot: policy.auditors.root,
    vectorRoot: vectorRoot(policy.baseline),
    checks: Object.freeze(checks.map((check) => Object.freeze({ ...check }))),
  };
  BUILT.add(Object.freeze(built));
  return built;
}

/** The admin as the contract takes it, which is also who calls migrations: zero for kinds that have none. */
function adminOf({ migrationCaller }: PatchPolicy, { kind, admin }: LaneTerms): string {
  const why = !KINDS_WITH_ADMIN.has(kind)
    ? admin !== undefined && "this kind of proxy has no ProxyAdmin"
    : admin === undefined || !isAddress(admin) || BigInt(admin) === 0n
      ? "this kind of proxy is upgraded by its ProxyAdmin"
      : getAddress(admin) !== getAddress(migrationCaller) &&
        "the ProxyAdmin calls the migrations of this kind, and the policy names another caller";
  if (why === false) return admin === undefined ? ZeroAddress : getAddress(admin);
  throw new SealpatchError("chain/wrong-admin", `the admin does not fit a ${kind} proxy`, {
    details: { kind, admin: admin ?? null, migrationCaller },
    why,
    remedy: "name the ProxyAdmin of a transparent proxy, and none for the other kinds",
  });
}
