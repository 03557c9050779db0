import { Contract, concat, getAddress, Interface, type Signer } from "ethers";
import { asked, nodeChainId, rebuiltError, type SendTransaction, sendWith } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { plainCall, SAFE_TRANSACTION, safeDomain } from "./transaction.js";

const SAFE = new Interface([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)",
]);

/** Who sends as a Safe. */
export interface SafeSenders {
  /** Address of the Safe. */
  readonly safe: string;
  /** Owners that sign; at least as many as the Safe's threshold. */
  readonly owners: readonly Signer[];
  /** The account that sends and pays; it need not be an owner. */
  readonly relay: Signer;
}

/**
 * Sends as a Safe: owners sign, and any account brings the transaction to the chain. A call that reverts reverts the
 * whole transaction, with its own reason where the Safe passes it on (1.5.0 and later).
 * @returns a sender that throws SealpatchError `chain/not-a-safe`, `chain/not-an-owner` or `chain/too-few-owners`.
 * @example
 * ```ts
 * const council = timelock.through(sendThroughSafe({ safe, owners, relay }));
 * ```
 */
export function sendThroughSafe({ safe, owners, relay }: SafeSenders): SendTransaction {
  const send: SendTransaction = async ({ to, data, value }) => {
    const contract = new Contract(safe, SAFE, relay);
    const nonce = await assertOwners(contract, safe, owners);
    const transaction = {
      ...plainCall({ to: String(to), data: (data ?? "0x").toLowerCase(), nonce }),
      value: BigInt(value ?? 0n),
    };
    const domain = safeDomain({ chainId: await nodeChainId(relay.provider!), safe });
    const signed = new Map<bigint, string>();
    for (const owner of owners) {
      const signature = await owner.signTypedData(domain, SAFE_TRANSACTION, transaction);
      signed.set(BigInt(await owner.getAddress()), signature);
    }
    // The Safe wants them in the order of the owners' addresses.
    const signatures = concat(
      [...signed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, signature]) => signature),
    );
    const { nonce: _, ...fields } = transaction;
    return sendWith(relay)(
      await contract.getFunction("execTransaction").populateTransaction(...Object.values(fields), signatures),
    );
  };
  return (transaction) =>
    send(transaction).catch((error: unknown) => {
      throw rebuiltError(error, "sending through the Safe");
    });
}

/** Checks who signs, and gives the Safe's nonce. */
async function assertOwners(contract: Contract, safe: string, signers: readonly Signer[]): Promise<bigint> {
  const read = <T>(name: string): Promise<T> =>
    asked<T>("reading the Safe", () => contract.getFunction(name).staticCall());
  const [owners, threshold, nonce] = await Promise.all([
    read<string[]>("getOwners"),
    read<bigint>("getThreshold"),
    read<bigint>("nonce"),
  ]).catch((error: unknown) => {
    const rebuilt = rebuiltError(error, "reading the Safe");
    // A node that does not take a call says nothing of the account; one that has no such function reverts, or answers with nothing.
    const answered = rebuilt.code === "chain/reverted" || rebuilt.details.cause === "BAD_DATA";
    if (!answered) throw rebuilt;
    throw new SealpatchError("chain/not-a-safe", `there is no Safe at ${safe}`, {
      details: { safe },
      remedy: "check the address and the chain",
    });
  });
  const addresses = new Set(await Promise.all(signers.map((signer) => signer.getAddress())));
  const stranger = [...addresses].find((address) => !owners.map(getAddress).includes(getAddress(address)));
  if (stranger !== undefined) {
    throw new SealpatchError("chain/not-an-owner", `${stranger} is not an owner of the Safe`, {
      details: { safe, signer: stranger },
      remedy: "sign with owners only",
    });
  }
  if (BigInt(addresses.size) < threshold) {
    throw new SealpatchError("chain/too-few-owners", `the Safe needs ${threshold} owners to sign`, {
      details: { safe, threshold, signers: addresses.size },
      remedy: "collect more signatures",
    });
  }
  return nonce;
}
