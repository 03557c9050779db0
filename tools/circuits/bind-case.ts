import { ZeroAddress } from "ethers";
import { evaluateCodePolynomial } from "../../src/code/index.js";
import { poseidon, spongeBytes, TAGS } from "../../src/field/index.js";
import { callDigest, type PatchOpening, patchCommitment } from "../../src/patch/index.js";
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
    callDigest: callDigest(ZeroAddress, new Uint8Array([Number(seed)])),
    salt: poseidon([seed, 3n]),
  };
  const commitment = patchCommitment(opening);
  const point = poseidon([commitment, seed]) >> 6n;
  const statement: BindStatement = {
    commitment,
    point,
    value: evaluateCodePolynomial(code, point),
    layoutRoot: opening.layoutRoot,
    callDigest: opening.callDigest,
  };
  return { statement, opening, input: bindInputUnchecked(statement, { opening, code }, SMALL_CHUNKS) };
}
