import type { KZG } from "@ethereumjs/util";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { lazily } from "./lazily.js";

const { G1, G2, fields, pairingBatch } = bls12_381;

/**
 * tau times the generator of G2, of Ethereum's KZG ceremony: the second entry of `g2_monomial` in consensus-specs'
 * presets/mainnet/trusted_setups/trusted_setup_4096.json. It is all that verifying needs of the setup.
 */
const tauG2 = lazily(() =>
  G2.Point.fromHex(
    "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72" +
      "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2",
  ),
);

/**
 * What the precompile at 0x0a checks (EIP-4844, `verify_kzg_proof` of the consensus specs): that the polynomial behind a
 * commitment has the value y at z. True where e(commitment - y G1, G2) = e(proof, (tau - z) G2).
 * @param commitment compressed point of G1 as 0x-hex, as is `proof`; z and y are 32 bytes of 0x-hex.
 * @throws Error where a point is none of its group, or z or y is not below the group's order.
 */
function verifyProof(commitment: string, z: string, y: string, proof: string): boolean {
  const value = G1.Point.fromHex(commitment.slice(2)).subtract(G1.Point.BASE.multiplyUnsafe(scalar(y)));
  const quotient = G1.Point.fromHex(proof.slice(2));
  const divisor = tauG2().subtract(G2.Point.BASE.multiplyUnsafe(scalar(z)));
  // The pairing with a point at infinity is 1.
  const pairs = [
    { g1: value.negate(), g2: G2.Point.BASE },
    { g1: quotient, g2: divisor },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  return pairs.length === 0 || fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE);
}

function scalar(hex: string): bigint {
  const value = BigInt(hex);
  if (value < fields.Fr.ORDER) return value;
  throw new RangeError("not a canonical scalar");
}

/** Of KZG the EVM verifies proofs, and nothing else. */
export const pointEvaluation = { verifyProof } as KZG;
