import { evaluateCodePolynomial } from "../../src/code/index.js";
import { poseidon, spongeBytes, TAGS } from "../../src/field/index.js";
import { type PatchOpening, patchCommitment } from "../../src/patch/index.js";
import { type BindStatement, bindInputUnchecked, type CircuitInput } from "../../src/proof/index.js";

/** Chunks of test/circuits/instances/bind-small.circom. */
export const SMALL_CHUNKS = 31;

/** A true statement about `code`, which the small circuit has room for (1 to 961 bytes). */
export function bindCase(
  code: Uint8Array,
  seed = 1n,
): { statement: BindStatement; opening: PatchOpening; input: CircuitInput } {
  const opening: PatchOpening = {
    codeDigest: spongeBytes(TAGS.code, code, SMALL_CHUNKS),
    layoutRoot: poseidon([seed, 1n]),
    incidentRoot: poseidon([seed, 2n]),
    account: poseidon([seed, 4n]) >> 30n,
    migrationDigest: poseidon([seed, 5n]) >> 6n,
    executionDigest: poseidon([seed, 6n]),
    salt: poseidon([seed, 3n]),
  };
  const commitment = patchCommitment(opening);
  const point = poseidon([commitment, seed]) >> 6n;
  const statement: BindStatement = {
    commitment,
    point,
    value: evaluateCodePolynomial(code, point),
    layoutRoot: opening.layoutRoot,
    account: opening.account,
    migrationDigest: opening.migrationDigest,
    codeDigest: opening.codeDigest,
  };
  return { statement, opening, input: bindInputUnchecked(statement, { opening, code }, SMALL_CHUNKS) };
}
