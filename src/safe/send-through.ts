import { concat, getAddress, type Provider, type Signer } from "ethers";
import { nodeChainId, rebuiltError, type SendTransaction, sendWith } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { readOf, SAFE } from "./account.js";
import { plainCall, SAFE_TRANSACTION, safeDomain } from "./transaction.js";

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
    const nonce = await assertOwners(relay.provider!, safe, owners);
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
    const values = [...Object.values(fields), signatures];
    return sendWith(relay)({ to: safe, data: SAFE.encodeFunctionData("execTransaction", values) });
  };
  return (transaction) =>
    send(transaction).catch((error: unknown) => {
      throw rebuiltError(error, "sending through the Safe");
    });
}

/** Checks who signs, and gives the Safe's nonce. */
async function assertOwners(provider: Provider, safe: string, signers: readonly Signer[]): Promise<bigint> {
  const [owners, threshold, nonce] = await Promise.all([
    readOf<string[]>(provider, safe, "getOwners"),
    readOf<bigint>(provider, safe, "getThreshold"),
    readOf<bigint>(provider, safe, "nonce"),
  ]);
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
