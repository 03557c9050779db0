import * as proof from "../../src/proof/index.js";
import * as vectors from "../../src/vectors/index.js";
import { FIELD, members, type Row } from "./row.js";
import { ATTEST, BIND, COVERAGE, digests, PROOF } from "./samples.js";
import { NO_COUNT, NO_ELEMENT } from "./values.js";

/** What the functions of these rooms refuse. */
export const PROOF_AND_VECTOR_ROWS: readonly Row[] = [
  ...members("attestSignals", ATTEST, proof.attestSignals, ["commitment", "threshold"], NO_ELEMENT, FIELD),
  ...members("bindSignals", BIND, proof.bindSignals, ["point", "account"], NO_ELEMENT, FIELD),
  ...members(
    "attestProofToJson",
    ATTEST,
    ({ reportDigest: _, ...statement }) => proof.attestProofToJson({ statement, proof: PROOF }),
    ["threshold"],
    NO_ELEMENT,
    "proof/malformed",
  ),
  ...members(
    "bindProofToJson",
    BIND,
    (statement) => proof.bindProofToJson({ statement, proof: PROOF }),
    ["value"],
    NO_ELEMENT,
    "proof/malformed",
  ),
  [
    "toSolidityProof",
    (value) => proof.toSolidityProof({ ...PROOF, pi_a: [value, "2", "1"] }),
    [1, 1n, -1n, "", "-1", "0x1", "01", true, null, undefined, [], {}],
    "proof/malformed",
  ],

  [
    "coverageShortfalls",
    (opcodes) => {
      // None that is reached is the silence that would count as yes.
      if (vectors.coverageShortfalls(COVERAGE, { opcodes }).length === 0) throw new Error("it is reached");
      throw Object.assign(new Error(), { code: "it falls short" });
    },
    [Number.NaN, Number.POSITIVE_INFINITY, "all", {}],
    "it falls short",
  ],
  ["rootOfVectors", (value) => vectors.rootOfVectors("baseline", [value]), [digests("")], FIELD],
  [
    "assertResults: waivers",
    (maxWaivers) =>
      vectors.assertResults(
        { baseline: [{ ...digests(1n), outcomeDigest: 2n }], incidents: [] },
        { maxWaivers },
      ),
    [...NO_COUNT, undefined, 0, 0n, -1n],
    "vectors/baseline-fails",
  ],
];
