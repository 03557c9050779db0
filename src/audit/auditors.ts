import { randomBytes } from "node:crypto";
import { SealpatchError } from "../errors.js";
import { MerkleTree, poseidon, TAGS } from "../field/index.js";
import { assertPublicKey, derivePublicKey, type Point } from "./curve.js";

/** Depth of the auditors' tree: at most 32 auditors (protocol.md section 7). */
export const AUDITOR_DEPTH = 5;

/** An auditor's key pair. The private key is 32 bytes and must never be logged or written in clear. */
export interface AuditorKey {
  readonly privateKey: Uint8Array;
  readonly publicKey: Point;
}

/**
 * Makes a fresh key pair from the operating system's random number generator.
 * @example
 * ```ts
 * const { privateKey, publicKey } = newAuditorKey();
 * // The public key goes to governance; the private key stays with the auditor, encrypted.
 * ```
 */
export function newAuditorKey(): AuditorKey {
  const privateKey = new Uint8Array(randomBytes(32));
  return { privateKey, publicKey: derivePublicKey(privateKey) };
}

/**
 * The registered auditors, in the order of registration.
 * @example
 * ```ts
 * const auditors = new AuditorSet([alice.publicKey, bob.publicKey, carol.publicKey]);
 * console.log(`auditor root ${auditors.root}`);
 * ```
 */
export class AuditorSet {
  readonly publicKeys: readonly Point[];
  readonly tree: MerkleTree;

  /**
   * @param publicKeys at least one key, at most 2^depth.
   * @throws SealpatchError `audit/empty-set`, `audit/too-many-auditors`, `audit/duplicate-key`, `audit/invalid-key`.
   */
  constructor(publicKeys: readonly Point[], depth = AUDITOR_DEPTH) {
    if (!Array.isArray(publicKeys) || publicKeys.length === 0) {
      throw new SealpatchError("audit/empty-set", "an auditor set needs at least one auditor");
    }
    if (publicKeys.length > 2 ** depth) {
      throw new SealpatchError(
        "audit/too-many-auditors",
        `${publicKeys.length} auditors do not fit the set`,
        {
          details: { auditors: publicKeys.length, capacity: 2 ** depth },
          remedy: "register fewer auditors, or build the circuit with a deeper auditor tree",
        },
      );
    }
    for (const [index, key] of publicKeys.entries()) {
      assertPublicKey(key);
      const first = publicKeys.findIndex((other) => other[0] === key[0] && other[1] === key[1]);
      if (first !== index) {
        throw new SealpatchError(
          "audit/duplicate-key",
          `auditors ${first} and ${index} have the same public key`,
          {
            details: { first, second: index },
            remedy: "each auditor must use a different key",
          },
        );
      }
    }
    // Copies: what the caller does to its list afterwards must not part keys and root.
    this.publicKeys = Object.freeze(publicKeys.map(([x, y]): Point => Object.freeze([x, y] as const)));
    this.tree = new MerkleTree(depth, this.publicKeys.map(auditorLeaf));
  }

  get root(): bigint {
    return this.tree.root;
  }

  /** Index of a key in the set, or -1. */
  indexOf(key: Point): number {
    return this.publicKeys.findIndex((other) => other[0] === key[0] && other[1] === key[1]);
  }
}

function auditorLeaf(key: Point): bigint {
  return poseidon([TAGS.auditor, key[0], key[1]]);
}
