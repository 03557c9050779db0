import { createRequire } from "node:module";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { assertField, chunkBytes } from "./field.js";

type Permutation = (inputs: readonly bigint[]) => bigint;

const MAX_INPUTS = 16;

/** New elements absorbed by one permutation of the sponge; the 16th input carries the state. */
export const SPONGE_RATE = 15;

// Two implementations of one function, and tests compare them. poseidon-lite is there at once; circomlibjs' WASM takes
// more than half a second to make, then hashes 16 inputs five times faster (`npm run bench` prints both).
const lite = lazily(() => {
  const require = createRequire(import.meta.url);
  const functions = Array.from({ length: MAX_INPUTS }, (_, index) =>
    lazily(() => {
      const name = `poseidon${index + 1}`;
      return (require(`poseidon-lite/${name}`) as Record<string, (inputs: bigint[]) => bigint>)[name]!;
    }),
  );
  return (inputs: readonly bigint[]) => functions[inputs.length - 1]!()([...inputs]);
});
let wasm: Permutation | undefined;
const buildWasm = lazily(async () => {
  const { buildPoseidon } = await import("circomlibjs");
  const permutation = await buildPoseidon();
  wasm = (inputs) => permutation.F.toObject(permutation(inputs));
});

/**
 * Makes hashes fast from then on. Worth it before some hundred of them: whatever reads, runs or proves vectors awaits it.
 */
export async function prepareHashing(): Promise<void> {
  await buildWasm();
}

/**
 * H_n: circomlib's Poseidon over BN254 with n = 1 to 16 inputs (Grassi et al., "Poseidon", USENIX Security 2021;
 * constants of circomlib).
 * @throws SealpatchError `field/out-of-range` where an input is not canonical, `field/arity` where there are none or more
 *   than 16.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  if (inputs.length < 1 || inputs.length > MAX_INPUTS) {
    throw new SealpatchError("field/arity", `a hash of ${inputs.length} elements is not defined`, {
      details: { inputs: inputs.length },
      remedy: `hash 1 to ${MAX_INPUTS} elements, or use the sponge`,
    });
  }
  for (const input of inputs) assertField(input, "hash input");
  return (wasm ?? lite())(inputs);
}

/**
 * Sponge over a list: S_0 = domain, S_{k+1} = H_16(S_k, next 15 elements, zero-padded at the end), where the first
 * element absorbed is the number of elements that follow (protocol.md section 3). The last state is the digest.
 */
export function sponge(domain: bigint, elements: readonly bigint[]): bigint {
  return absorb(domain, [BigInt(elements.length), ...elements]);
}

/** The sponge over bytes: absorbs the byte length, then the 31-byte chunks, zero-padded to `chunks` if given. */
export function spongeBytes(domain: bigint, bytes: Uint8Array, chunks = 0): bigint {
  const list = chunkBytes(bytes);
  while (list.length < chunks) list.push(0n);
  return absorb(domain, [BigInt(bytes.length), ...list]);
}

function absorb(domain: bigint, stream: readonly bigint[]): bigint {
  let state = domain;
  for (let start = 0; start < stream.length; start += SPONGE_RATE) {
    const block = stream.slice(start, start + SPONGE_RATE);
    while (block.length < SPONGE_RATE) block.push(0n);
    state = poseidon([state, ...block]);
  }
  return state;
}
