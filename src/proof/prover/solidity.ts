import { type Groth16Proof, parseProof } from "./proof.js";

/** A proof as the verifier contract takes it. */
export interface SolidityProof {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
}

/**
 * A proof in the order of the verifier contract: the EVM's pairing (EIP-197) takes imaginary parts first.
 * @throws SealpatchError `proof/malformed`.
 */
export function toSolidityProof(proof: Groth16Proof): SolidityProof {
  return inSolidityForm(parseProof(proof));
}

/** The same of a proof that is in its form already; nothing is checked. */
export function inSolidityForm({ pi_a: a, pi_b: b, pi_c: c }: Groth16Proof): SolidityProof {
  return {
    a: [BigInt(a[0]), BigInt(a[1])],
    b: [
      [BigInt(b[0][1]), BigInt(b[0][0])],
      [BigInt(b[1][1]), BigInt(b[1][0])],
    ],
    c: [BigInt(c[0]), BigInt(c[1])],
  };
}

/**
 * The same proof in snarkjs' form: the inverse of `toSolidityProof`.
 * @throws SealpatchError `proof/malformed`.
 */
export function fromSolidityProof(proof: SolidityProof): Groth16Proof {
  return parseProof(inSnarkjsForm(proof));
}

/** The same of numbers that the ABI decoded, which are all of 256 bits; nothing is checked. */
export function inSnarkjsForm({ a, b, c }: SolidityProof): Groth16Proof {
  const pair = ([x, y]: readonly [bigint, bigint]): [string, string] => [String(x), String(y)];
  return {
    pi_a: [...pair(a), "1"],
    pi_b: [pair([b[0][1], b[0][0]]), pair([b[1][1], b[1][0]]), ["1", "0"]],
    pi_c: [...pair(c), "1"],
    protocol: "groth16",
    curve: "bn128",
  };
}
