import { SealpatchError } from "../errors.js";
import { assertField } from "./field.js";
import { poseidon } from "./poseidon.js";

/** Indices are taken apart with 32-bit operators. */
const MAX_DEPTH = 30;

/**
 * Binary Merkle tree of fixed depth over Poseidon: inner node = H_2(left, right), missing leaves are 0.
 * Leaves are digests of another arity, which keeps leaves and inner nodes apart.
 */
export class MerkleTree {
  readonly depth: number;
  readonly levels: readonly (readonly bigint[])[];

  /**
   * @param depth 0 to 30.
   * @throws SealpatchError `merkle/too-many-leaves` where leaves.length > 2^depth, `merkle/out-of-range`, `field/out-of-range`.
   */
  constructor(depth: number, leaves: readonly bigint[]) {
    assertBelow(MAX_DEPTH + 1, depth, "depth");
    for (const leaf of leaves) assertField(leaf, "leaf");
    const capacity = 2 ** depth;
    if (leaves.length > capacity) {
      throw new SealpatchError(
        "merkle/too-many-leaves",
        `${leaves.length} leaves do not fit a tree of ${capacity}`,
        {
          details: { leaves: leaves.length, capacity, depth },
        },
      );
    }
    this.depth = depth;
    const levels: bigint[][] = [[...leaves, ...Array<bigint>(capacity - leaves.length).fill(0n)]];
    for (let level = 0; level < depth; level++) {
      const below = levels[level]!;
      const above: bigint[] = [];
      for (let i = 0; i < below.length; i += 2) above.push(hashPair(below[i]!, below[i + 1]!));
      levels.push(above);
    }
    this.levels = levels;
  }

  get root(): bigint {
    return this.levels[this.depth]![0]!;
  }

  /**
   * Siblings of leaf `index` from the leaf level up; bit k of index tells on which side the path stands.
   * @throws SealpatchError `merkle/out-of-range` where the tree has no such leaf.
   */
  path(index: number): bigint[] {
    assertBelow(2 ** this.depth, index, "index");
    return Array.from({ length: this.depth }, (_, level) => this.levels[level]![(index >> level) ^ 1]!);
  }
}

function assertBelow(bound: number, value: number, name: string): void {
  if (Number.isInteger(value) && value >= 0 && value < bound) return;
  throw new SealpatchError("merkle/out-of-range", `the tree has no such ${name}`, {
    why: `the ${name} must be an integer, at least 0 and below ${bound}`,
  });
}

const emptyPairs = new Map<bigint, bigint>();

function hashPair(left: bigint, right: bigint): bigint {
  if (left !== right) return poseidon([left, right]);
  // Equal children are padding in practice: the same few nodes over and over.
  let node = emptyPairs.get(left);
  if (node === undefined) {
    node = poseidon([left, right]);
    emptyPairs.set(left, node);
  }
  return node;
}
