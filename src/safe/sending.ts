import type { Provider } from "ethers";
import type { ContractCall } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { readSafe, SAFE, type SafeAccount } from "./account.js";
import { ownerStates } from "./collect.js";
import type { SafeFolder } from "./folder.js";
import type { SafeRequest } from "./form.js";
import { type NonceUse, nonceUse } from "./nonce.js";
import { packSignatures } from "./signature.js";

/** What became of a transaction of a Safe. */
export interface SafeProgress {
  /** The Safe's next nonce. */
  readonly nonce: bigint;
  /** The transaction that used this one's nonce; undefined where none did, or the node does not tell. */
  readonly use: NonceUse | undefined;
}

/** Where a transaction of a Safe stands on the chain. @throws SealpatchError `chain/other-chain`, and as `readSafe`. */
export async function safeProgress(provider: Provider, { request }: SafeFolder): Promise<SafeProgress> {
  const { nonce } = await safeOf(provider, request);
  const isUsed = nonce > request.transaction.nonce;
  return { nonce, use: isUsed ? await nonceUse(provider, request) : undefined };
}

/** The Safe of a request. One of the same address may stand on any chain. @throws SealpatchError `chain/other-chain`, and as `readSafe`. */
async function safeOf(provider: Provider, { safe, chainId }: SafeRequest): Promise<SafeAccount> {
  const account = await readSafe(provider, safe);
  if (account.chainId === chainId) return account;
  throw new SealpatchError("chain/other-chain", "the folder is for another chain than the node's", {
    details: { expected: chainId, actual: account.chainId },
    remedy: "name a node of the folder's chain",
  });
}

/**
 * The call by which any account executes a transaction of a Safe, with as many signatures as the Safe asks for.
 * @throws SealpatchError `chain/other-chain`, `safe/other-owners`, `safe/nonce-used`, `safe/not-next`, `safe/too-few-signatures`, and as `ownerStates`.
 * @example
 * ```ts
 * const { target, data } = await executionCall(timelock.provider, await readSafeFolder("safe-halt-7"));
 * await sendWith(executor)({ to: target, data });
 * ```
 */
export async function executionCall(provider: Provider, folder: SafeFolder): Promise<ContractCall> {
  const { request } = folder;
  const { transaction, safe } = request;
  const now = await safeOf(provider, request);
  const { nonce, ...fields } = transaction;
  if (now.nonce > nonce) {
    const use = await nonceUse(provider, request);
    throw nonceUsed(nonce, { nonce: now.nonce, use });
  }
  if (now.nonce < nonce) {
    throw new SealpatchError("safe/not-next", `the Safe is at nonce ${now.nonce}, and this has ${nonce}`, {
      details: { nonce, next: now.nonce },
      remedy: "send the transactions before it first",
    });
  }
  const key = (owners: readonly string[]) => [...owners].sort().join();
  if (
    key(now.owners) !== key(request.owners) ||
    now.threshold !== request.threshold ||
    now.version !== request.version
  ) {
    throw new SealpatchError("safe/other-owners", "the Safe is not as the folder says any more", {
      details: { safe, threshold: now.threshold, owners: now.owners.join(", "), version: now.version },
      why: "release, owners or threshold changed since the folder was written",
      remedy: "write the folder again; signatures of those who are still owners stay valid",
    });
  }
  const states = await ownerStates(folder, provider);
  const signatures = states.flatMap(({ signature }) => signature ?? []);
  if (signatures.length < request.threshold) {
    const missing = states.filter(({ signature }) => signature === undefined).map(({ owner }) => owner);
    throw new SealpatchError(
      "safe/too-few-signatures",
      `${signatures.length} owners signed, and the Safe asks for ${request.threshold}`,
      {
        details: { signed: signatures.length, threshold: request.threshold, missing: missing.join(", ") },
        why: `missing are signatures of ${missing.join(", ")}`,
        remedy: "collect more signatures",
      },
    );
  }
  const packed = packSignatures(signatures.slice(0, request.threshold));
  return {
    target: safe,
    data: SAFE.encodeFunctionData("execTransaction", [...Object.values(fields), packed]),
  };
}

/** Why a nonce that is used is not to be sent with. @param nonce of the transaction that was to be sent. */
export function nonceUsed(nonce: bigint, { nonce: next, use }: SafeProgress): SealpatchError {
  const [why, remedy] = said(use);
  return new SealpatchError("safe/nonce-used", `the Safe has used the nonce ${nonce}`, {
    details: { nonce, next, transaction: use?.transaction ?? null, isOwn: use?.isOwn ?? null },
    why,
    remedy,
  });
}

/** By which transaction, and what is left to be done. */
function said(use: NonceUse | undefined): [why: string, remedy: string] {
  if (use === undefined) {
    return [
      "the node does not tell by which transaction: it may have been this one",
      "ask a node that has all logs of the Safe, before anything is signed anew",
    ];
  }
  if (!use.isOwn)
    return [
      `another transaction used it: ${use.transaction}; the signatures are void`,
      "let the owners sign a new folder",
    ];
  return use.hasFailed
    ? [
        `this transaction was tried by ${use.transaction}, and its call failed`,
        "let the owners sign a new folder",
      ]
    : [`this transaction was executed, by ${use.transaction}`, "nothing is left to be sent"];
}
