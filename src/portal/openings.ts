import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexlify } from "ethers";
import { FIELD_ORDER, TAGS } from "../field/index.js";
import type { ShownOpening } from "../patch/index.js";
import type { PortalPolicy } from "./model.js";
import { pagePoseidon } from "./poseidon.js";

// Hashes that a page computes again (docs/encodings.md). None of them throws but for a file that cannot be read: what has no hash is undefined,
// and equals nothing.

/** Depths of the trees of auditors and of baseline vectors. */
export const PAGE_DEPTHS = { auditors: 5, vectors: 7 } as const;

/** C of what `disclose` showed: H_3(tag, H_4(codeDigest, layoutRoot', incidentRoot, callDigest), salt); undefined where a value is not canonical. */
export function shownCommitment(opening: ShownOpening): bigint | undefined {
  const { codeDigest, layoutRoot, incidentRoot, callDigest, salt } = opening;
  const content = [codeDigest, layoutRoot, incidentRoot, callDigest];
  if (![...content, salt].every(isInField)) return undefined;
  return pagePoseidon([TAGS.patch, pagePoseidon(content), salt]);
}

/** The roots of a policy's members, as they are registered on chain. */
export interface MemberRoots {
  readonly auditorRoot: bigint;
  readonly vectorRoot: bigint;
}

/**
 * The roots of a policy's members, in their order. Undefined where no policy has these members: none, too many, an auditor twice, a number
 * that is not canonical. Whether a key can sign is not looked at: who builds a page reads `policy.json`, which is.
 */
export function memberRoots({
  auditors,
  vectors,
}: Pick<PortalPolicy, "auditors" | "vectors">): MemberRoots | undefined {
  const keys = auditors.map(({ publicKey }) => publicKey.map(readNumber));
  const leaves = vectors.map(({ leaf }) => readNumber(leaf));
  if (new Set(keys.map(String)).size !== keys.length) return undefined;
  if (![...keys.flat(), ...leaves].every(isInField)) return undefined;
  const auditorRoot = merkleRoot(
    PAGE_DEPTHS.auditors,
    keys.map(([x, y]) => pagePoseidon([TAGS.auditor, x!, y!])),
  );
  const vectorRoot = merkleRoot(PAGE_DEPTHS.vectors, leaves as bigint[]);
  return auditorRoot === undefined || vectorRoot === undefined ? undefined : { auditorRoot, vectorRoot };
}

/** How much of a file is hashed in one task, in bytes. */
const PIECE = 2 ** 18;

/** keccak256 of a disclosure file's bytes, as hex: what the chain calls bundleHash. It is read in pieces, between which the page can be used. */
export async function fileHash(file: Blob): Promise<string> {
  const hash = keccak_256.create();
  for (let from = 0; from < file.size; from += PIECE)
    hash.update(new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()));
  return hexlify(hash.digest());
}

/** Inner node H_2(left, right), missing leaves 0; undefined where there are no leaves, or more than 2^depth. */
function merkleRoot(depth: number, leaves: readonly bigint[]): bigint | undefined {
  if (leaves.length > 2 ** depth) return undefined;
  let level = leaves;
  let missing = 0n;
  for (let height = 0; height < depth; height++) {
    const below = level;
    const right = missing;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
      pagePoseidon([below[2 * i]!, below[2 * i + 1] ?? right]),
    );
    missing = pagePoseidon([right, right]);
  }
  return level[0];
}

/** A number in decimal as it is written in one way only. */
const readNumber = (text: string): bigint | undefined =>
  /^(0|[1-9][0-9]*)$/.test(text) ? BigInt(text) : undefined;

const isInField = (value: bigint | undefined): boolean =>
  typeof value === "bigint" && value >= 0n && value < FIELD_ORDER;
