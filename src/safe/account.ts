import { Contract, getAddress, Interface, type Provider } from "ethers";
import { asked, nodeChainId, rebuiltError } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { SafePlace, SafeTransaction } from "./transaction.js";

/** What is asked of a Safe, and sent to it. */
export const SAFE = new Interface([
  "function VERSION() view returns (string)",
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
  "function approvedHashes(address owner, bytes32 hash) view returns (uint256)",
  "function approveHash(bytes32 hashToApprove)",
  "function getTransactionHash(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) view returns (bytes32)",
  "function getMessageHash(bytes message) view returns (bytes32)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)",
]);

/** Releases of Safe whose transactions are hashed and signed as here. */
export const SAFE_VERSIONS = ["1.3.0", "1.4.1", "1.5.0"] as const;
export type SafeVersion = (typeof SAFE_VERSIONS)[number];

/** Owners that a Safe has at most. */
export const MAX_OWNERS = 100;

/** Who owns a Safe, and how many of them it asks for. */
export interface SafeOwners {
  readonly version: SafeVersion;
  /** Addresses. */
  readonly owners: readonly string[];
  readonly threshold: number;
}

/** A Safe as a node tells it. */
export interface SafeAccount extends SafePlace, SafeOwners {
  /** Of its next transaction. */
  readonly nonce: bigint;
  /** Owners that are Safes themselves, by their addresses. */
  readonly nested: Readonly<Record<string, SafeOwners>>;
}

/**
 * Reads a Safe, and those of its owners that are Safes.
 * @throws SealpatchError `chain/not-a-safe`, `safe/unsupported-version`, `safe/too-many-owners`, and as `asked` does.
 * @example
 * ```ts
 * const { owners, threshold, nonce } = await readSafe(timelock.provider, safe);
 * console.log(`${threshold} of ${owners.length}, next nonce ${nonce}`);
 * ```
 */
export async function readSafe(provider: Provider, safe: string): Promise<SafeAccount> {
  const [chainId, own, nonce] = await Promise.all([
    nodeChainId(provider),
    ownersOf(provider, safe),
    readOf<bigint>(provider, safe, "nonce"),
  ]);
  const found = await eachOf(own.owners, (owner) => nestedOwners(provider, owner));
  const nested = Object.fromEntries(
    found.flatMap((owners, index) => (owners === undefined ? [] : [[own.owners[index]!, owners]])),
  );
  return { chainId, safe: getAddress(safe), ...own, nonce, nested };
}

/** Owners that are asked about at once: nodes take no more from one client. */
const AT_ONCE = 8;

/** What is found for each of the owners of a Safe, in their order. */
export async function eachOf<T>(
  owners: readonly string[],
  find: (owner: string) => Promise<T>,
): Promise<T[]> {
  const found: T[] = [];
  for (let first = 0; first < owners.length; first += AT_ONCE)
    found.push(...(await Promise.all(owners.slice(first, first + AT_ONCE).map(find))));
  return found;
}

/** The owners of an owner; undefined where it is no Safe that is supported. */
async function nestedOwners(provider: Provider, owner: string): Promise<SafeOwners | undefined> {
  const code = await asked("reading an owner's code", () => provider.getCode(owner));
  if (code === "0x") return undefined;
  // An owner may be a contract of any other kind, which signs by its own rules (EIP-1271).
  return ownersOf(provider, owner).catch((error: SealpatchError) => {
    if (error.code === "chain/not-a-safe" || error.code === "safe/unsupported-version") return undefined;
    throw error;
  });
}

async function ownersOf(provider: Provider, safe: string): Promise<SafeOwners> {
  const [version, owners, threshold] = await readAnySafe(provider, safe);
  if (!isSupported(version)) {
    throw new SealpatchError("safe/unsupported-version", `the Safe at ${safe} is of another release`, {
      details: { safe, supported: SAFE_VERSIONS.join(", ") },
      why: `releases ${SAFE_VERSIONS.join(", ")} are supported: others may hash and check otherwise`,
      remedy: "upgrade the Safe, or sign with Safe's own programs",
    });
  }
  if (owners.length > MAX_OWNERS)
    throw new SealpatchError("safe/too-many-owners", `the Safe at ${safe} has ${owners.length} owners`, {
      details: { safe, owners: owners.length, supported: MAX_OWNERS },
      why: `each of them is looked at, and ${MAX_OWNERS} are supported`,
      remedy: "take owners out of the Safe, or sign with Safe's own programs",
    });
  return { version, owners: owners.map((owner) => getAddress(owner)), threshold: Number(threshold) };
}

function isSupported(version: string): version is SafeVersion {
  return (SAFE_VERSIONS as readonly string[]).includes(version);
}

async function readAnySafe(provider: Provider, safe: string): Promise<[string, string[], bigint]> {
  const read = <T>(name: string): Promise<T> => readOf<T>(provider, safe, name);
  const [version, owners, threshold] = await Promise.all([
    read<string>("VERSION"),
    read<string[]>("getOwners"),
    read<bigint>("getThreshold"),
  ]);
  return [version, [...owners], threshold];
}

/**
 * What a view of a Safe returns.
 * @throws SealpatchError `chain/not-a-safe`, and as `asked` does.
 */
export async function readOf<T>(
  provider: Provider,
  safe: string,
  name: string,
  ...values: readonly unknown[]
): Promise<T> {
  const view = new Contract(safe, SAFE, provider).getFunction(name);
  try {
    return await asked<T>("reading the Safe", () => view.staticCall(...values));
  } catch (error) {
    throw notASafe(safe, error);
  }
}

/** The error where what stands at an address does not answer as a Safe; others as they are. */
function notASafe(safe: string, error: unknown): SealpatchError {
  const rebuilt = rebuiltError(error, "reading the Safe");
  // A node that does not take a call says nothing of the account; one that has no such function reverts, or answers with nothing.
  const answered = rebuilt.code === "chain/reverted" || rebuilt.details.cause === "BAD_DATA";
  if (!answered) return rebuilt;
  return new SealpatchError("chain/not-a-safe", `there is no Safe at ${safe}`, {
    details: { safe },
    remedy: "check the address and the chain",
  });
}

/** The hash of a transaction as the Safe itself computes it. @throws SealpatchError as `readOf`. */
export function hashBySafe(provider: Provider, safe: string, transaction: SafeTransaction): Promise<string> {
  return readOf(provider, safe, "getTransactionHash", ...Object.values(transaction));
}

/** The hash of a message that a Safe's owners sign, as its fallback handler computes it. @throws SealpatchError as `readOf`. */
export function messageHashBySafe(provider: Provider, safe: string, message: string): Promise<string> {
  return readOf(provider, safe, "getMessageHash", message);
}
