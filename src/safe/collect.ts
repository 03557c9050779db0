import { lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { getAddress, type Provider } from "ethers";
import { SealpatchError } from "../errors.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";
import { eachOf } from "./account.js";
import { type SafeFolder, textIn } from "./folder.js";
import type { SafeRequest } from "./form.js";
import { holdsOnChain, isApproved, isByKey } from "./on-chain.js";
import {
  approvedHash,
  byContract,
  type OwnerSignature,
  packSignatures,
  readSignature,
  signatureText,
} from "./signature.js";
import { type Signing, signingOf } from "./signing.js";
import { otherSigner } from "./wrong-signer.js";

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
  if (!signing.owners.includes(owner)) throw otherSigner(folder, signature, text, nested);
  if (nested !== undefined) await filesIn(signingOf(folder).folder);
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
      why: refusalOf(error),
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

/** Signatures that lie in a folder and count; files of others are errors. */
async function signaturesOf({ folder, hash, owners }: Signing): Promise<OwnerSignature[]> {
  const found: OwnerSignature[] = [];
  for (const entry of await filesIn(folder)) {
    const file = join(folder, entry);
    const signature = readSignatureFile(file, (await textIn(folder, entry)) ?? "", hash);
    if (fileOf(signature.owner) !== entry || !owners.includes(signature.owner)) {
      throw new SealpatchError("safe/other-signer", `${file} is no signature of that owner`, {
        details: { signer: signature.owner, file, kind: signature.kind },
        why: `as a signature of this transaction it is by ${signature.owner}`,
        remedy: "take the file out of the folder, and add the signature with `safe add`",
      });
    }
    found.push(signature);
  }
  return found;
}

/** Names of what lies in a folder of signatures, but for folders and what a writer that was killed left behind. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    await assertFolder(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((one) => !one.isDirectory() && !one.name.endsWith(".tmp"))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    if (error instanceof SealpatchError) throw error;
    throw new SealpatchError("safe/unreadable-folder", `${folder} cannot be read`, {
      details: { file: folder },
      why: refusalOf(error),
      remedy: "check the path, and whether you may read it",
    });
  }
}

/** A link would have signatures written, and looked for, where nobody sees it. */
async function assertFolder(folder: string): Promise<void> {
  if ((await lstat(folder)).isDirectory()) return;
  throw new SealpatchError("safe/unreadable-folder", `${folder} cannot be read`, {
    details: { file: folder },
    why: "it is not a folder",
    remedy: "take the folder as it was made",
  });
}

function readSignatureFile(file: string, text: string, hash: string): OwnerSignature {
  try {
    return readSignature(text, hash);
  } catch (error) {
    const { code, why } = error as SealpatchError;
    if (code !== "safe/malformed-signature") throw error;
    throw new SealpatchError(code, `${file} is no signature`, {
      details: { file },
      ...(why === undefined ? {} : { why }),
      remedy: "take the file out of the folder, and add the signature with `safe add`",
    });
  }
}

/** Where an owner stands. */
export interface OwnerState {
  readonly owner: string;
  /** Undefined where nothing of it is there. */
  readonly signature: OwnerSignature | undefined;
  /** Whether the signature was checked: by its key, or by the chain. Of the kinds that the chain alone tells it needs a node. */
  readonly isChecked: boolean;
  /** What lies in the folder for it, and is not taken by the chain. */
  readonly denied?: OwnerSignature;
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
  return eachOf(request.owners, async (owner) => {
    const signature = own.find((one) => one.owner === owner);
    const nested = request.nested[owner] === undefined ? undefined : signingOf(folder, owner);
    const within = nested === undefined ? [] : await signaturesOf(nested);
    const assembled =
      nested !== undefined && within.length >= nested.threshold
        ? byContract(owner, packSignatures(within.slice(0, nested.threshold)))
        : undefined;
    const given = [signature, assembled].filter((one) => one !== undefined);
    const { taken, denied } = await judged(provider, request, given);
    const found = taken ?? (await approvalOf(provider, request, owner));
    return {
      owner,
      signature: found,
      isChecked: found !== undefined && (provider !== undefined || isByKey(found)),
      ...(denied === undefined ? {} : { denied }),
      ...(nested === undefined
        ? {}
        : { nested: { signed: within.map((one) => one.owner), threshold: nested.threshold } }),
    };
  });
}

/** The first of an owner's signatures that counts, and the one before it that the chain does not take. */
async function judged(
  provider: Provider | undefined,
  request: SafeRequest,
  given: readonly OwnerSignature[],
): Promise<{ readonly taken?: OwnerSignature; readonly denied?: OwnerSignature }> {
  const [first, ...others] = given;
  if (first === undefined) return {};
  const isTaken = provider === undefined || isByKey(first) || (await holdsOnChain(provider, request, first));
  return isTaken ? { taken: first } : { ...(await judged(provider, request, others)), denied: first };
}

async function approvalOf(
  provider: Provider | undefined,
  request: SafeRequest,
  owner: string,
): Promise<OwnerSignature | undefined> {
  if (provider === undefined || !(await isApproved(provider, request, owner))) return undefined;
  return approvedHash(owner);
}
