import { Contract, type Provider } from "ethers";
import { asked } from "../chain/index.js";
import type { SealpatchError } from "../errors.js";
import { readOf } from "./account.js";
import { ownerMessage, type SafeRequest } from "./form.js";
import type { OwnerSignature } from "./signature.js";
import { safeHashes } from "./transaction.js";

/** Whether a key made a signature, so that no chain has to be asked. */
export const isByKey = ({ kind }: OwnerSignature): boolean => kind === "typed data" || kind === "eth_sign";

/** What the chain says of an agreement that no key made. @throws SealpatchError as `readOf`. */
export function holdsOnChain(
  provider: Provider,
  request: SafeRequest,
  { kind, owner, data }: OwnerSignature,
): Promise<boolean> {
  return kind === "approved hash"
    ? isApproved(provider, request, owner)
    : isOwn(provider, request, owner, data);
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
