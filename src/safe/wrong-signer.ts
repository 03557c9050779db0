import { SealpatchError } from "../errors.js";
import type { SafeFolder } from "./folder.js";
import { isByKey } from "./on-chain.js";
import { type OwnerSignature, readSignature } from "./signature.js";
import { signingOf } from "./signing.js";

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
export function otherSigner(
  folder: SafeFolder,
  signature: OwnerSignature,
  text: string,
  nested: string | undefined,
): SealpatchError {
  const { request } = folder;
  const { transaction } = request;
  const { nonce } = transaction;
  const { owner: recovered, kind } = signature;
  if (isByKey(signature)) {
    const signs = (chainId: bigint, other: bigint): string | undefined => {
      const changed = { ...request, chainId, transaction: { ...transaction, nonce: other } };
      const { hash, owners } = signingOf({ ...folder, request: changed }, nested);
      const { owner } = readSignature(text, hash);
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
