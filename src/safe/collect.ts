import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Contract, getAddress, type Provider } from "ethers";
import { asked } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { codeOf, writeWhole } from "../whole-file.js";
import { readOf } from "./account.js";
import { type SafeFolder, SIGNATURES, textIn } from "./folder.js";
import { nestedHashes, nestedOwners, ownerMessage, type SafeRequest } from "./form.js";
import {
  approvedHash,
  byContract,
  type OwnerSignature,
  packSignatures,
  readSignature,
  signatureText,
} from "./signature.js";
import { safeHashes } from "./transaction.js";

/** What is signed, and by whom: the Safe's own transaction, or the message that an owner signs which is a Safe. */
interface Signing {
  readonly hash: string;
  readonly owners: readonly string[];
  readonly threshold: number;
  /** Folder of the signatures. */
  readonly folder: string;
}

function signingOf({ folder, request }: SafeFolder, owner?: string): Signing {
  if (owner === undefined) {
    const { owners, threshold, transaction } = request;
    const hash = safeHashes(request, transaction).safeTxHash;
    return { hash, owners, threshold, folder: join(folder, SIGNATURES) };
  }
  const { owners, threshold } = nestedOwners(request, owner);
  const hash = nestedHashes(request, owner).safeTxHash;
  return { hash, owners, threshold, folder: join(folder, SIGNATURES, getAddress(owner)) };
}

const fileOf = (owner: string): string => `${getAddress(owner)}.txt`;

/** Where a signature that is added is looked up beyond the folder. */
export interface AddingOptions {
  /** Address of an owner that is a Safe: the signature is one of its owners'. */
  readonly for?: string | undefined;
  /** Asked for approvals on chain, and for what a contract says of its signature. */
  readonly provider?: Provider | undefined;
}

/**
 * Takes a signature into a folder: of an owner, for this very transaction, as what its last byte says.
 * @param text as `readSignature` reads it.
 * @returns the signature.
 * @throws SealpatchError `safe/malformed-signature`; with the address that signed `safe/other-signer`, `safe/other-transaction`,
 *   `safe/already-signed`, `safe/not-approved`; `safe/needs-node`, `safe/not-a-nested-safe`.
 * @example
 * ```ts
 * const folder = await readSafeFolder("safe-schedule-7");
 * const { owner } = await addSignature(folder, await readFile("signature.txt", "utf8"));
 * ```
 */
export async function addSignature(
  folder: SafeFolder,
  text: string,
  { for: nested, provider }: AddingOptions = {},
): Promise<OwnerSignature> {
  const signing = signingOf(folder, nested);
  const signature = readSignature(text, signing.hash);
  const { owner, kind } = signature;
  if (!signing.owners.includes(owner)) throw otherSigner(folder.request, signature, text, nested);
  const there = await signaturesOf(signing);
  if (there.some((one) => one.owner === owner)) {
    throw new SealpatchError("safe/already-signed", `${owner} signed already`, {
      details: { owner, file: join(signing.folder, fileOf(owner)) },
      why: "each owner counts once",
      remedy: "add the signature of another owner",
    });
  }
  if (kind === "approved hash" || kind === "contract")
    await assertOnChain(provider, folder.request, signature, nested);
  try {
    await writeSignature(signing.folder, signature);
  } catch (error) {
    if (codeOf(error) === "") throw error;
    throw new SealpatchError("safe/unwritable-folder", `${signing.folder} cannot be written`, {
      details: { folder: signing.folder },
      remedy: "work on a copy of the folder that you may write to",
    });
  }
  return signature;
}

async function writeSignature(folder: string, signature: OwnerSignature): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, fileOf(signature.owner)), `${signatureText(signature)}\n`, {
    mode: 0o644,
    replace: false,
  });
}

/** What the chain says of an agreement that no key makes. */
async function assertOnChain(
  provider: Provider | undefined,
  request: SafeRequest,
  signature: OwnerSignature,
  nested?: string,
): Promise<void> {
  const { kind, owner } = signature;
  if (provider === undefined || nested !== undefined) {
    throw new SealpatchError(
      "safe/needs-node",
      `a signature of the kind ${kind} is not checked without a node`,
      {
        details: { owner, kind },
        why: "no key made it: the chain says whether it counts",
        remedy:
          nested === undefined
            ? "name a node"
            : "let the owners of that Safe sign with their keys, or approve on chain",
      },
    );
  }
  const holds = await holdsOnChain(provider, request, signature);
  if (holds) return;
  throw new SealpatchError("safe/not-approved", `the chain does not say that ${owner} agrees`, {
    details: { owner, kind },
    why:
      kind === "contract"
        ? "the contract does not take the signature for its own"
        : "it did not approve the hash",
    remedy: "let that owner sign or approve first",
  });
}

/** Whether an owner approved the transaction's hash on chain. @throws SealpatchError as `readOf`. */
export async function isApproved(provider: Provider, request: SafeRequest, owner: string): Promise<boolean> {
  const { safeTxHash } = safeHashes(request, request.transaction);
  return (await readOf<bigint>(provider, request.safe, "approvedHashes", owner, safeTxHash)) !== 0n;
}

/** EIP-1271, in the form that the Safe's release uses. */
async function isOwn(
  provider: Provider,
  request: SafeRequest,
  owner: string,
  data: string,
): Promise<boolean> {
  const { safeTxHash } = safeHashes(request, request.transaction);
  const [type, value, magic] =
    request.version === "1.5.0"
      ? ["bytes32", safeTxHash, "0x1626ba7e"]
      : ["bytes", ownerMessage(request), "0x20c13b0b"];
  const abi = [`function isValidSignature(${type}, bytes) view returns (bytes4)`];
  const view = new Contract(owner, abi, provider).getFunction("isValidSignature");
  try {
    return (await asked("asking a contract for its signature", () => view.staticCall(value, data))) === magic;
  } catch (error) {
    // A revert, and an account that does not answer, are no yes.
    const { code, details } = error as SealpatchError;
    if (code === "chain/reverted" || details.cause === "BAD_DATA") return false;
    throw error;
  }
}

/** Nonces around this one at which an owner may have signed by mistake. */
const NEIGHBOURS = 32n;
/** Chains on which a signature for another chain is looked for: the large ones, test networks and local ones. */
const CHAINS = [
  1n,
  10n,
  56n,
  100n,
  137n,
  324n,
  8453n,
  42_161n,
  43_114n,
  59_144n,
  11_155_111n,
  560_048n,
  31_337n,
  1337n,
];

/** Why a signature of somebody who is no owner is none: an owner's, of something else, or a stranger's. */
function otherSigner(
  request: SafeRequest,
  { owner: recovered, kind }: OwnerSignature,
  text: string,
  nested: string | undefined,
): SealpatchError {
  const { transaction, owners } = request;
  const { nonce } = transaction;
  if (nested === undefined && (kind === "typed data" || kind === "eth_sign")) {
    const signs = (chainId: bigint, other: bigint): string | undefined => {
      const { safeTxHash } = safeHashes({ ...request, chainId }, { ...transaction, nonce: other });
      const { owner } = readSignature(text, safeTxHash);
      return owners.includes(owner) ? owner : undefined;
    };
    for (const chainId of CHAINS) {
      const owner = chainId === request.chainId ? undefined : signs(chainId, nonce);
      if (owner !== undefined)
        return otherTransaction(
          owner,
          { chainId },
          `for chain ${chainId}, and this is for ${request.chainId}`,
        );
    }
    for (let other = nonce < NEIGHBOURS ? 0n : nonce - NEIGHBOURS; other <= nonce + NEIGHBOURS; other++) {
      const owner = other === nonce ? undefined : signs(request.chainId, other);
      if (owner !== undefined)
        return otherTransaction(owner, { nonce: other }, `with the nonce ${other}, and this has ${nonce}`);
    }
  }
  return new SealpatchError("safe/other-signer", `${recovered} is no owner of the Safe`, {
    details: { signer: recovered, safe: nested ?? request.safe, kind },
    why: `as a signature of this transaction, of the kind ${kind}, it is by that address: somebody else's, or an owner's of something else`,
    remedy: "compare the hashes on the device with VALIDATION.md, and sign what is in this folder",
  });
}

function otherTransaction(owner: string, details: Record<string, bigint>, what: string): SealpatchError {
  return new SealpatchError("safe/other-transaction", `${owner} signed another transaction`, {
    details: { owner, ...details },
    why: `it is signed ${what}`,
    remedy: "let that owner sign what is in this folder",
  });
}

/** Signatures that lie in a folder and count; files of others are errors. */
async function signaturesOf({ folder, hash, owners }: Signing): Promise<OwnerSignature[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw new SealpatchError("safe/unreadable-folder", `${folder} cannot be read`, {
      details: { file: folder },
    });
  });
  const found: OwnerSignature[] = [];
  for (const entry of names
    .filter((one) => one.isFile())
    .map(({ name }) => name)
    .sort()) {
    const signature = readSignature((await textIn(folder, entry)) ?? "", hash);
    if (fileOf(signature.owner) !== entry || !owners.includes(signature.owner)) {
      throw new SealpatchError("safe/other-signer", `${join(folder, entry)} is no signature of that owner`, {
        details: { signer: signature.owner, file: join(folder, entry), kind: signature.kind },
        why: `as a signature of this transaction it is by ${signature.owner}`,
        remedy: "take the file out of the folder, and add the signature with `safe add`",
      });
    }
    found.push(signature);
  }
  return found;
}

/** Where an owner stands. */
export interface OwnerState {
  readonly owner: string;
  /** Undefined where nothing of it is there. */
  readonly signature: OwnerSignature | undefined;
  /** Whether the signature was checked: by its key, or by the chain. Of the kinds that the chain alone tells it needs a node. */
  readonly isChecked: boolean;
  /** Of an owner that is a Safe: those of its owners who signed, and how many it asks for. */
  readonly nested?: { readonly signed: readonly string[]; readonly threshold: number };
}

/**
 * Where each owner stands, by the signatures in the folder, and by the chain where a node is given.
 * @throws SealpatchError `safe/malformed-signature`, `safe/other-signer`, `safe/unreadable-folder`, and as `readOf`.
 */
export async function ownerStates(folder: SafeFolder, provider?: Provider): Promise<OwnerState[]> {
  const { request } = folder;
  const own = await signaturesOf(signingOf(folder));
  const states: OwnerState[] = [];
  for (const owner of request.owners) {
    const signature = own.find((one) => one.owner === owner);
    const nested = request.nested[owner] === undefined ? undefined : signingOf(folder, owner);
    const within = nested === undefined ? [] : await signaturesOf(nested);
    const assembled =
      nested !== undefined && within.length >= nested.threshold
        ? byContract(owner, packSignatures(within.slice(0, nested.threshold)))
        : undefined;
    const stored = signature === undefined ? undefined : await looked(provider, request, signature);
    const found = stored ?? assembled ?? (await approvalOf(provider, request, owner));
    states.push({
      owner,
      signature: found,
      isChecked: found !== undefined && (found !== stored || provider !== undefined || isByKey(found)),
      ...(nested === undefined
        ? {}
        : { nested: { signed: within.map((one) => one.owner), threshold: nested.threshold } }),
    });
  }
  return states;
}

const isByKey = ({ kind }: OwnerSignature): boolean => kind === "typed data" || kind === "eth_sign";

/** A signature that lies in the folder; undefined where the chain does not take it. */
async function looked(
  provider: Provider | undefined,
  request: SafeRequest,
  signature: OwnerSignature,
): Promise<OwnerSignature | undefined> {
  if (provider === undefined || isByKey(signature)) return signature;
  return (await holdsOnChain(provider, request, signature)) ? signature : undefined;
}

/** What the chain says of an agreement that no key made. */
function holdsOnChain(
  provider: Provider,
  request: SafeRequest,
  { kind, owner, data }: OwnerSignature,
): Promise<boolean> {
  return kind === "approved hash"
    ? isApproved(provider, request, owner)
    : isOwn(provider, request, owner, data);
}

async function approvalOf(
  provider: Provider | undefined,
  request: SafeRequest,
  owner: string,
): Promise<OwnerSignature | undefined> {
  if (provider === undefined || !(await isApproved(provider, request, owner))) return undefined;
  return approvedHash(owner);
}
