import { createRequire } from "node:module";
import type { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, keccak256, ZeroHash } from "ethers";
import { SealpatchError } from "../errors.js";
import { assertField, assertHash } from "../field/index.js";
import { lazily } from "../lazily.js";
import { assertTarget, type Target } from "./target-file.js";
import { idOfStatement, leafOfTarget } from "./target-hash.js";

const require = createRequire(import.meta.url);
const merkleTree = lazily(
  () => require("@openzeppelin/merkle-tree") as typeof import("@openzeppelin/merkle-tree"),
);

/**
 * Leaf of a target: keccak(abi.encode(chainId, timelock, proxy, codehash, nonce, validUntil, group)), 32 bytes as hex.
 * @throws SealpatchError `patch/malformed-target`.
 */
export function targetLeaf(target: Target): string {
  assertTarget(target);
  return leafOfTarget(target);
}

/** The group of a statement that executes by itself. */
export const NO_GROUP = ZeroHash;

/**
 * The group of statements that must execute together, in this order, in one transaction: keccak(abi.encode(uint256[])) of
 * their commitments, 32 bytes as hex; zero for a statement alone. The group stands in the target of each member, so that
 * proof and attestations cover it.
 * @param commitments C of each member, at least one, in the order of execution.
 * @throws SealpatchError `patch/no-group` where there is none, `patch/duplicate-member` where one stands twice,
 *   `field/out-of-range`.
 * @example
 * ```ts
 * const patches = [await rebuildPatch(bundle), await rebuildPatch(otherBundle)];
 * const group = groupOf(patches.map(({ commitment }) => commitment));
 * const targets = [{ ...(await timelock.target(proxy, validUntil)), group }];
 * ```
 */
export function groupOf(commitments: readonly bigint[]): string {
  for (const commitment of commitments) assertField(commitment, "commitment");
  if (commitments.length === 0) {
    throw new SealpatchError("patch/no-group", "a group needs at least one commitment");
  }
  if (new Set(commitments).size !== commitments.length) {
    throw new SealpatchError("patch/duplicate-member", "a group lists one commitment twice", {
      why: "a timelock takes each commitment once, so the group could never execute",
      remedy: "list each patch of the group once",
    });
  }
  if (commitments.length === 1) return NO_GROUP;
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256[]"], [commitments]));
}

/** The targets of one statement: root for the proof, path of each target for the contract. */
export class TargetTree {
  readonly targets: readonly Target[];
  readonly leaves: readonly string[];
  readonly #tree: () => SimpleMerkleTree;

  /** @throws SealpatchError `patch/no-target`, `patch/duplicate-target`, `patch/malformed-target`. */
  constructor(targets: readonly Target[]) {
    if (!Array.isArray(targets) || targets.length === 0)
      throw new SealpatchError("patch/no-target", "a statement needs at least one target");
    // Copies: what the caller does to its list afterwards must not part targets and root.
    this.targets = Object.freeze(targets.map((target) => Object.freeze({ ...target })));
    this.leaves = Object.freeze(targets.map(targetLeaf));
    if (new Set(this.leaves).size !== this.leaves.length) {
      throw new SealpatchError("patch/duplicate-target", "the same target is listed twice");
    }
    this.#tree = lazily(() => merkleTree().SimpleMerkleTree.of([...this.leaves]));
  }

  /** Merkle root >> 8, a field element; with one target its leaf >> 8. */
  get root(): bigint {
    const [only, ...others] = this.leaves;
    return BigInt(others.length === 0 ? only! : this.#tree().root) >> 8n;
  }

  /**
   * Sorted-pair Merkle path of a target, as OpenZeppelin's MerkleProof wants it; empty with one target.
   * @throws SealpatchError `patch/unknown-target`.
   */
  path(target: Target): string[] {
    const leaf = targetLeaf(target);
    if (this.leaves.includes(leaf)) return this.leaves.length === 1 ? [] : this.#tree().getProof(leaf);
    throw new SealpatchError("patch/unknown-target", "the statement does not name this target", {
      details: { chainId: target.chainId, proxy: target.proxy },
      why: "every member of a target counts, its nonce and its deadline too",
      remedy: "take one of the targets that the patch was reviewed for",
    });
  }
}

/**
 * Identity of a statement: keccak(abi.encode(C, leaf)). The proof is never part of it (T02).
 * @throws SealpatchError `field/out-of-range`, `field/not-a-hash`.
 */
export function statementId(commitment: bigint, leaf: string): string {
  assertField(commitment, "commitment");
  assertHash(leaf, "leaf");
  return idOfStatement(commitment, leaf);
}

/** The target that gives a statement its id; undefined where none of them does. */
export function targetOfStatement(
  targets: readonly Target[],
  statement: { readonly commitment: bigint; readonly id: string },
): Target | undefined {
  return targets.find((target) => statementId(statement.commitment, targetLeaf(target)) === statement.id);
}
