import { poseidon, SPONGE_RATE } from "../../../src/field/index.js";
import { reduce, type Scope } from "./scope.js";

// circomlib's templates, and circuits/lib/sponge.circom, merkle.circom, padding.circom. A function has the name of its
// template and takes its inputs; it notes every signal that the template assigns.

export function hash(at: Scope, ...inputs: readonly bigint[]): bigint {
  return at.set("out", poseidon(inputs.map(reduce)));
}

export function isZero(at: Scope, value: bigint): bigint {
  return at.set("out", at.set("in", value) === 0n ? 1n : 0n);
}

export function isEqual(at: Scope, left: bigint, right: bigint): bigint {
  at.setAll("in", [left, right]);
  return at.set("out", reduce(left - right) === 0n ? 1n : 0n);
}

/** Only the number: its bits are the range check itself. */
export function num2Bits(at: Scope, value: bigint): void {
  at.set("in", value);
}

export function prefix(at: Scope, used: readonly bigint[]): bigint {
  return at.set("count", sum(used));
}

/** Every state, the last one being the digest of the whole stream. */
function spongeStates(at: Scope, domain: bigint, stream: readonly bigint[]): bigint[] {
  const states: bigint[] = [];
  for (let start = 0; start < stream.length; start += SPONGE_RATE) {
    const block = Array.from({ length: SPONGE_RATE }, (_, i) => stream[start + i] ?? 0n);
    states.push(hash(at.in(`permutations[${states.length}]`), states.at(-1) ?? domain, ...block));
  }
  return at.setAll("states", states);
}

export function sponge(at: Scope, domain: bigint, stream: readonly bigint[]): bigint {
  return at.set("out", spongeStates(at.in("sponge"), domain, stream).at(-1)!);
}

export function listSponge(
  at: Scope,
  domain: bigint,
  used: readonly bigint[],
  elements: readonly bigint[],
): bigint {
  const states = spongeStates(at.in("sponge"), domain, [sum(used), ...elements]);
  let digest = at.set("digest[0]", states[0]!);
  for (let k = 1; k < states.length; k++) {
    const isReached = used[SPONGE_RATE * k - 1]!;
    digest = at.set(`digest[${k}]`, digest + isReached * (states[k]! - digest));
  }
  return at.set("out", digest);
}

export function merkleRoot(at: Scope, leaves: readonly bigint[]): bigint {
  const nodes = [...Array<bigint>(leaves.length).fill(0n), ...leaves];
  for (let i = leaves.length - 1; i > 0; i--) {
    nodes[i] = hash(at.in(`hashes[${i}]`), nodes[2 * i]!, nodes[2 * i + 1]!);
  }
  at.setAll("nodes", nodes);
  return at.set("root", nodes[1]!);
}

export function merklePath(at: Scope, leaf: bigint, index: bigint, siblings: readonly bigint[]): bigint {
  num2Bits(at.in("side"), index);
  let node = at.set("nodes[0]", leaf);
  siblings.forEach((sibling, level) => {
    const isRight = ((index >> BigInt(level)) & 1n) === 1n;
    at.set(`swap[${level}]`, isRight ? sibling - node : 0n);
    const pair = isRight ? [sibling, node] : [node, sibling];
    node = at.set(`nodes[${level + 1}]`, hash(at.in(`hashes[${level}]`), ...pair));
  });
  return at.set("root", node);
}

export function sum(values: readonly bigint[]): bigint {
  return reduce(values.reduce((total, value) => total + value, 0n));
}
