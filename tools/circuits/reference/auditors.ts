import { addPoint } from "@zk-kit/baby-jubjub";
import { TAGS } from "../../../src/field/index.js";
import type { CircuitInput } from "../../../src/proof/index.js";
import { hash, isEqual, merklePath, num2Bits, prefix } from "./hashing.js";
import { column, type Scope, single, table } from "./scope.js";

// circuits/lib/auditors.circom.

export function attestedMessage(
  at: Scope,
  input: CircuitInput,
  commitment: bigint,
  reportDigest: bigint,
): bigint {
  const [targetsRoot, vectorRoot] = [single(input, "targetsRoot"), single(input, "vectorRoot")];
  return at.set(
    "out",
    hash(at.in("hash"), TAGS.attestation, commitment, targetsRoot, vectorRoot, reportDigest),
  );
}

export function auditors(at: Scope, input: CircuitInput, message: bigint): void {
  const used = column(input, "signerUsed");
  const index = column(input, "signerIndex");
  const threshold = single(input, "threshold");
  const count = prefix(at.in("prefix"), used);
  num2Bits(at.in("thresholdPositive"), threshold - 1n);
  num2Bits(at.in("thresholdReached"), count - threshold);
  const octuples = used.map((isUsed, i) => signer(at.in(`slots[${i}]`), input, isUsed, i, message));
  for (let i = 1; i < used.length; i++) {
    num2Bits(at.in(`increasing[${i}]`), used[i]! * (index[i]! - index[i - 1]! - 1n));
  }
  for (let i = 0; i < used.length; i++) {
    for (let j = i + 1; j < used.length; j++) {
      isEqual(at.in(`sameKey[${i}][${j}]`), octuples[i]!, octuples[j]!);
    }
  }
}

function signer(at: Scope, input: CircuitInput, used: bigint, slot: number, message: bigint): bigint {
  const [x, y] = table(input, "signerKey")[slot] as [bigint, bigint];
  const [nonceX, nonceY] = table(input, "signatureNonce")[slot] as [bigint, bigint];
  // The neutral point where the slot is unused.
  const key = [x, y + 1n - used] as const;
  const nonce = [nonceX, nonceY + 1n - used] as const;
  const leaf = hash(at.in("leafHash"), TAGS.auditor, x, y);
  merklePath(at.in("path"), leaf, column(input, "signerIndex")[slot]!, table(input, "signerSiblings")[slot]!);
  for (const [name, point] of [
    ["keyOnCurve", key],
    ["nonceOnCurve", nonce],
  ] as const) {
    at.in(name).set("x", point[0]);
    at.in(name).set("y", point[1]);
  }
  let point = key as readonly [bigint, bigint];
  for (let i = 0; i < 3; i++) {
    const double = at.in(`doubles[${i}]`);
    point = addPoint([...point], [...point]);
    double.set("xout", point[0]);
    double.set("yout", point[1]);
  }
  const signature = at.in("signature");
  signature.set("enabled", used);
  signature.set("Ax", key[0]);
  signature.set("Ay", key[1]);
  signature.set("R8x", nonce[0]);
  signature.set("R8y", nonce[1]);
  signature.set("S", column(input, "signatureScalar")[slot]!);
  signature.set("M", message);
  return at.set("octuple", point[0]);
}
