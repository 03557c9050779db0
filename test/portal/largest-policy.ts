import { AUDITOR_DEPTH } from "../../src/audit/index.js";
import { FIELD_ORDER } from "../../src/field/index.js";
import type { PortalPolicy } from "../../src/portal/model.js";
import { VECTOR_LIMITS } from "../../src/vectors/index.js";

/** Longest label of an auditor, in characters, which take four bytes at most. */
const LABEL = 64;
const WIDE = "\u{1d538}";

/** The policy that takes most of a page: as many auditors and baseline vectors as there may be, their names and numbers as long as they may be. */
export function largestPolicy(proxies: PortalPolicy["proxies"]): PortalPolicy {
  const name = (place: number, length: number) => `${place} `.padEnd(length, "x");
  const number = (place: number) => String(FIELD_ORDER - 1n - BigInt(place));
  return {
    ...{ proxies, threshold: 8, maxWaivers: VECTOR_LIMITS.baselineVectors },
    auditors: Array.from({ length: 2 ** AUDITOR_DEPTH }, (_, place) => ({
      label: name(place, LABEL).replaceAll("x", WIDE),
      publicKey: [number(2 * place), number(2 * place + 1)],
    })),
    vectors: Array.from({ length: VECTOR_LIMITS.baselineVectors }, (_, place) => ({
      label: name(place, VECTOR_LIMITS.nameLength),
      leaf: number(place),
    })),
  };
}
