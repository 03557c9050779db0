import type { Disclosure } from "../patch/index.js";
import type { ProvenPatch } from "./prove.js";

/**
 * What the public needs to check a proven patch once it is executed. It shows everything: nobody may have it before.
 * @example
 * ```ts
 * // The same text that `timelock.disclose` commits to.
 * await writeFile("disclosure.json", disclosureText(disclosureOf(proven)));
 * ```
 */
export function disclosureOf({ review, attestations }: ProvenPatch): Disclosure {
  const { patch, policy, targets, currentCode } = review;
  return {
    bundle: patch.bundle,
    targets: targets.targets,
    currentImplementation: currentCode.address,
    baseline: policy.baseline,
    auditors: policy.auditors,
    attestations,
  };
}
