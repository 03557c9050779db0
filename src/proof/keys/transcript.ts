import { createHash } from "node:crypto";
import type { Curve, Point } from "ffjavascript";

/** The hash of snarkjs' transcripts, 64 bytes. */
export function blake2b(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("blake2b512");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The first 32 bytes of a hash as snarkjs seeds its generator with them. */
export function seedOf(hash: Uint8Array): number[] {
  const words = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return Array.from({ length: 8 }, (_, index) => words.getUint32(4 * index));
}

/** snarkjs' way from a transcript hash to a point of G2 whose logarithm nobody knows. */
export async function hashToG2(curve: Curve, hash: Uint8Array): Promise<Point> {
  const { ChaCha } = await import("ffjavascript");
  return curve.G2.fromRng(new ChaCha(seedOf(hash)));
}

/** The affine Montgomery form of a point, as key files hold it. */
export function pointBytes(group: Curve["G1"], point: Point): Uint8Array {
  const bytes = new Uint8Array(2 * group.F.n8);
  group.toRprLEM(bytes, 0, point);
  return bytes;
}
