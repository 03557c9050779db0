import { buildEddsa, buildPoseidon } from "circomlibjs";
import { poseidon2, poseidon16 } from "poseidon-lite";
import { attest, attestedMessage, verifyAttestation } from "../../src/audit/index.js";

/** Milliseconds of one operation in two implementations: the one that the SDK uses, and the other. */
export interface Comparison {
  readonly what: string;
  readonly used: string;
  readonly ms: number;
  readonly other: string;
  readonly otherMs: number;
}

/** Hashes and signatures in this process. */
export async function measureHashing(): Promise<Comparison[]> {
  const wasm = await buildPoseidon();
  const eddsa = await buildEddsa();
  const inputs = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i + 2) ** 61n);
  const hash = (count: number, lite: (list: bigint[]) => bigint): Comparison => ({
    what: `Poseidon of ${count} elements`,
    used: "circomlibjs (WASM)",
    ms: time(() => wasm.F.toObject(wasm(inputs(count)))),
    other: "poseidon-lite",
    otherMs: time(() => lite(inputs(count))),
  });
  const key = new Uint8Array(32).fill(7);
  const statement = { commitment: 1n, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n };
  const attestation = attest(key, statement);
  const message = eddsa.F.e(attestedMessage(statement));
  const wasmKey = eddsa.prv2pub(key);
  const wasmSignature = eddsa.signPoseidon(key, message);
  const [used, other] = ["zk-kit", "circomlibjs (WASM)"];
  return [
    hash(2, poseidon2),
    hash(16, poseidon16),
    {
      what: "EdDSA: key, signature",
      ...{ used, ms: time(() => attest(key, statement)) },
      // attest derives the public key as well.
      ...{ other, otherMs: time(() => [eddsa.prv2pub(key), eddsa.signPoseidon(key, message)]) },
    },
    {
      what: "EdDSA: verifying",
      ...{ used, ms: time(() => verifyAttestation(attestation, statement)) },
      ...{ other, otherMs: time(() => eddsa.verifyPoseidon(message, wasmSignature, wasmKey)) },
    },
  ];
}

function time(work: () => unknown): number {
  for (let warm = 0; warm < 5; warm++) work();
  const since = performance.now();
  let runs = 0;
  for (; performance.now() - since < 500; runs++) work();
  return (performance.now() - since) / runs;
}
