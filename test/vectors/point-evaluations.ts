import { sha256 } from "ethers";

/** [tau] G1 of Ethereum's KZG ceremony (`g1_monomial[1]` of consensus-specs' trusted_setup_4096.json): the polynomial x. */
const X = "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
/** The generator of G1: the polynomial 1, and the proof of every value of x. */
const ONE =
  "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
const ZERO = `c0${"00".repeat(47)}`;
const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

const word = (value: bigint) => value.toString(16).padStart(64, "0");
const versionedHash = (commitment: string) => `01${sha256(`0x${commitment}`).slice(4)}`;
const input = (commitment: string, z: bigint, y: bigint, proof: string) =>
  `0x${versionedHash(commitment)}${word(z)}${word(y)}${commitment}${proof}`;

/** Inputs of the precompile at 0x0a, and whether they hold. The node that a call is recorded from judges them, too. */
export function pointEvaluations(): { input: string; holds: boolean }[] {
  const right = input(X, 5n, 5n, ONE);
  const wrong = [
    // Another value.
    input(X, 5n, 6n, ONE),
    // z beyond the group's order, a proof that is no point of the group, another commitment's hash, half an input.
    input(X, ORDER + 5n, 5n, ONE),
    input(X, 5n, 5n, `a${ONE.slice(1, -1)}0`),
    right.replace(versionedHash(X), versionedHash(ONE)),
    right.slice(0, 200),
  ];
  return [
    ...[right, input(X, 0n, 0n, ONE), input(ONE, 7n, 1n, ZERO)].map((input) => ({ input, holds: true })),
    ...wrong.map((input) => ({ input, holds: false })),
  ];
}
