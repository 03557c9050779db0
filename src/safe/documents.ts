import { keccak256, toUtf8Bytes } from "ethers";
import { nestedHashes, ownerMessage, type SafeRequest } from "./form.js";
import { SAFE_MESSAGE, SAFE_TRANSACTION, type SafePlace, safeDomain } from "./transaction.js";

/** The domain's members, as wallets want them listed. */
const DOMAIN = [
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

const asText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function typedData(place: SafePlace, types: object, message: object): string {
  const { chainId, verifyingContract } = safeDomain(place);
  const [primaryType] = Object.keys(types);
  // Numbers as strings: not every reader keeps all digits of the others.
  const domain = { chainId: chainId.toString(), verifyingContract };
  return asText({ types: { EIP712Domain: DOMAIN, ...types }, primaryType, domain, message });
}

/** What an owner signs, as `eth_signTypedData_v4` takes it (EIP-712). */
export function typedDataOf({ transaction, ...place }: SafeRequest): string {
  const message = Object.fromEntries(
    Object.entries(transaction).map(([name, value]) => [name, String(value)]),
  );
  return typedData(place, SAFE_TRANSACTION, { ...message, operation: transaction.operation });
}

/** What an owner of an owner signs. @throws SealpatchError `safe/not-a-nested-safe`. */
export function nestedTypedDataOf(request: SafeRequest, owner: string): string {
  nestedHashes(request, owner);
  return typedData({ chainId: request.chainId, safe: owner }, SAFE_MESSAGE, {
    message: ownerMessage(request),
  });
}

/**
 * The transaction as a batch of Safe's Transaction Builder (version 1.0), with the checksum that it compares.
 * @param name what it shows for the batch.
 */
export function transactionBuilderOf({ chainId, safe, transaction }: SafeRequest, name: string): string {
  const { to, value, data } = transaction;
  const batch = {
    version: "1.0",
    chainId: chainId.toString(),
    // No time of making: the same transaction has the same file.
    createdAt: 0,
    meta: {
      name,
      description: `Nonce ${transaction.nonce}; compare every hash with VALIDATION.md`,
      txBuilderVersion: "1.18.0",
      createdFromSafeAddress: safe,
      createdFromOwnerAddress: "",
    },
    transactions: [{ to, value: value.toString(), data, contractMethod: null, contractInputsValues: null }],
  };
  const meta = { ...batch.meta, checksum: builderChecksum(batch) };
  return asText({ ...batch, meta });
}

/**
 * The checksum of a batch: keccak256 of its JSON, each object written as the sorted list of its keys and then its values in that order,
 * each followed by a comma; the name does not count (Safe's Transaction Builder).
 * @param batch without its checksum.
 */
function builderChecksum(batch: { readonly meta: object }): string {
  return keccak256(toUtf8Bytes(serialized({ ...batch, meta: { ...batch.meta, name: null } })));
}

function serialized(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialized).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = JSON.stringify(members.map(([key]) => key));
  return `{${keys}${members.map(([, member]) => `${serialized(member)},`).join("")}}`;
}
