import { getBytes } from "ethers";
import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import {
  type ChangedAccount,
  type ChangedSlot,
  codeDigestOf,
  type Expectation,
  type Hex,
  type Outcome,
  type Vector,
} from "../format/index.js";
import { explainDifference } from "../judge/index.js";
import { isEmptyAccount, type StateSource } from "../run/index.js";
import type { AccountChange } from "./prestate.js";
import { address, bytes, hash, quantity } from "./rpc.js";

/** What recording needs of a receipt. */
export const receiptSchema = lazily(() =>
  zod.object({
    status: quantity(),
    blockHash: hash(),
    transactionIndex: quantity(),
    effectiveGasPrice: quantity(),
    logs: zod.array(zod.object({ address: address(), topics: zod.array(quantity()).max(4), data: bytes() })),
  }),
);

/** Outermost frame of the call tracer; without output where nothing is returned. */
export const callTraceSchema = lazily(() =>
  zod.object({ type: zod.string(), output: bytes().default("0x") }),
);

/** What a transaction did on the chain; the last two where the node traces. */
export interface ChainOutcome {
  readonly receipt: z.output<ReturnType<typeof receiptSchema>>;
  readonly returnData?: Hex;
  readonly changes?: ReadonlyMap<Hex, AccountChange>;
}

/**
 * Compares what the current code did here with what it did on the chain: success and logs by the receipt; where the
 * node traces also return data, changed slots, nonces, codes and balances.
 * @param pre state before the transaction.
 * @throws SealpatchError `vectors/differs-from-chain`.
 */
export async function assertAsOnChain(
  here: Outcome,
  chain: ChainOutcome,
  pre: StateSource,
  context: { vector: Vector; ownCode: Hex; feesMove: readonly Hex[] },
): Promise<void> {
  const difference =
    here === "step-limit"
      ? "it hits the step limit here"
      : explainDifference(
          comparable(await asExpectation(here, chain, pre, context), context.feesMove),
          comparable(here, context.feesMove),
        );
  if (difference === null) return;
  throw new SealpatchError(
    "vectors/differs-from-chain",
    "the transaction behaves differently here than on the chain",
    {
      why:
        context.vector.kind === "incident"
          ? "the outcomes differ; those of an incident are not shown"
          : `on the chain against here: ${difference}`,
      remedy:
        "check the hardfork; a transaction that ran out of gas, or depends on its gas, its fee or a chain's own precompiles, cannot become a vector",
    },
  );
}

/** The chain's outcome in the form of a vector's; what is not known of it is taken from the outcome here. */
async function asExpectation(
  here: Expectation,
  { receipt, returnData, changes }: ChainOutcome,
  pre: StateSource,
  { vector, ownCode }: { vector: Vector; ownCode: Hex },
): Promise<Expectation> {
  // What a creation returns is its account's code.
  const silent = vector.calls[0]!.to === null && receipt.status === 1n;
  const call = {
    success: receipt.status === 1n,
    returnData: silent ? "0x" : (returnData ?? here.calls[0]!.returnData),
    logs: receipt.logs,
  } as const;
  if (changes === undefined) return { ...here, calls: [call] };

  const accounts: ChangedAccount[] = [];
  const slots: ChangedSlot[] = [];
  for (const [address, change] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = await pre.account(address);
    const after = change.destroyed
      ? { balance: 0n, nonce: 0n, code: "0x" as Hex }
      : {
          balance: change.balance ?? before.balance,
          nonce: change.nonce ?? before.nonce,
          code: change.code,
        };
    const codeChanged = after.code !== undefined;
    const known = here.accounts.some((account) => account.address === address);
    // Fees of chains with several recipients change balances that the transaction itself does not touch.
    const isChange =
      codeChanged || after.nonce !== before.nonce || (known && after.balance !== before.balance);
    const code = after.code === undefined ? before.code.bytes : getBytes(after.code);
    const destroyed = isEmptyAccount({ ...after, code: { ...before.code, bytes: code } });
    if (isChange) {
      accounts.push({
        address,
        destroyed,
        balance: after.balance,
        nonce: after.nonce,
        codeDigest: code.length === 0 || address === ownCode ? 0n : codeDigestOf(code),
      });
    }
    if (destroyed) continue;
    for (const [slot, value] of [...change.slots].sort(([a], [b]) => (a < b ? -1 : 1))) {
      slots.push({ address, slot, value });
    }
  }
  return { calls: [call], accounts, slots };
}

/** Without the balances that fees move. */
function comparable(outcome: Expectation, feesMove: readonly Hex[]): Expectation {
  const accounts = outcome.accounts.map((account) =>
    feesMove.includes(account.address) ? { ...account, balance: 0n } : account,
  );
  return { ...outcome, accounts };
}
