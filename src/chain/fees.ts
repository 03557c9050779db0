import type { Provider, TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { asked, newestBlock } from "./node.js";
import type { SignedTransaction } from "./send-options.js";

/** What a transaction offers for a unit of gas, in wei: by EIP-1559, or before it. */
export type Fees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint };

/** Most that a unit of gas may cost off local chains where nobody says otherwise: 300 gwei, in wei. */
export const MAX_FEE = 300n * 10n ** 9n;

/** What a transaction pays for a unit of gas at most, in wei. */
export function mostOf(fees: Fees): bigint {
  return "gasPrice" in fees ? fees.gasPrice : fees.maxFeePerGas;
}

/** The fees that a transaction was signed with; undefined where nobody wrote them down. */
export function feesOf({
  maxFeePerGas,
  maxPriorityFeePerGas,
  gasPrice,
}: SignedTransaction): Fees | undefined {
  if (maxFeePerGas !== undefined && maxPriorityFeePerGas !== undefined)
    return { maxFeePerGas, maxPriorityFeePerGas };
  return gasPrice === undefined ? undefined : { gasPrice };
}

/** The fees that somebody set in a request; undefined where nobody did. */
export function feesIn(request: TransactionRequest, cap: bigint | undefined): Fees | undefined {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = request;
  const fees: Fees | undefined =
    maxFeePerGas != null
      ? { maxFeePerGas: BigInt(maxFeePerGas), maxPriorityFeePerGas: BigInt(maxPriorityFeePerGas ?? 0) }
      : gasPrice != null
        ? { gasPrice: BigInt(gasPrice) }
        : undefined;
  return fees === undefined ? undefined : assertWithin(fees, cap);
}

/**
 * Fees of a new transaction: the tip that the node proposes on top of twice the base fee of its newest block, so that it stays good for at
 * least five full blocks (EIP-1559: an eighth more each); never above the cap. On chains without a base fee the node's gas price.
 * @param cap most that a unit of gas may cost, in wei; none on local chains.
 * @throws SealpatchError `chain/fee-above-cap` where base fee and tip, or the gas price, are above it; as `asked`.
 */
export async function feesNow(provider: Provider, cap: bigint | undefined): Promise<Fees> {
  const { baseFeePerGas: baseFee } = await newestBlock(provider);
  const { gasPrice, maxPriorityFeePerGas } = await asked("reading the fees", () => provider.getFeeData());
  if (baseFee === null) {
    return assertWithin({ gasPrice: gasPrice ?? 0n }, cap);
  }
  const tip = maxPriorityFeePerGas ?? 0n;
  const price = baseFee + tip;
  if (cap !== undefined && price > cap) throw aboveCap({ baseFee, tip, price, cap });
  const most = 2n * baseFee + tip;
  return {
    maxFeePerGas: cap !== undefined && most > cap ? cap : most,
    maxPriorityFeePerGas: tip,
  };
}

/** Thousandths by which nodes want the fees of a replacement raised: geth's 10 %, and what stricter ones ask for. */
export const BUMPS = [100n, 125n, 250n, 500n, 1000n] as const;

/**
 * Fees of a transaction that takes another one's place at its nonce. They may be above the cap.
 * @param old what that one offers.
 * @param now what a new one would offer.
 * @param bump thousandths by which it must offer more.
 */
export function replacementFees(old: Fees, now: Fees, bump: bigint): Fees {
  const raised = (fee: bigint) => (fee * (1000n + bump) + 999n) / 1000n + (fee === 0n ? 1n : 0n);
  const most = larger(raised(mostOf(old)), mostOf(now));
  if ("gasPrice" in now) return { gasPrice: most };
  // A transaction of before EIP-1559 offers its whole price as tip.
  const oldTip = "gasPrice" in old ? old.gasPrice : old.maxPriorityFeePerGas;
  return { maxFeePerGas: most, maxPriorityFeePerGas: larger(raised(oldTip), now.maxPriorityFeePerGas) };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The fees, where they are not above the cap. @throws SealpatchError `chain/fee-above-cap`. */
export function assertWithin(fees: Fees, cap: bigint | undefined): Fees {
  const price = mostOf(fees);
  if (cap !== undefined && price > cap) throw aboveCap({ baseFee: null, tip: null, price, cap });
  return fees;
}

function aboveCap(values: {
  readonly baseFee: bigint | null;
  readonly tip: bigint | null;
  readonly price: bigint;
  readonly cap: bigint;
}): SealpatchError {
  const { price, cap } = values;
  return new SealpatchError("chain/fee-above-cap", "gas costs more at present than may be paid", {
    details: values,
    why: `a unit of gas costs ${shownGwei(price)}, and ${shownGwei(cap)} at most may be paid; nothing was signed`,
    remedy: "wait until gas is cheaper, or allow a higher fee",
  });
}

/** An amount of wei in gwei, for people. */
export function shownGwei(wei: bigint): string {
  const [whole, part] = [wei / 10n ** 9n, wei % 10n ** 9n];
  const digits = part.toString().padStart(9, "0").replace(/0+$/, "");
  return `${whole}${digits === "" ? "" : `.${digits}`} gwei`;
}
