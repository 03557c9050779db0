import { formatEther } from "ethers";
import { asked, connectTo } from "../chain/index.js";
import { MAX_CODE_BYTES } from "../code/index.js";
import { batchGas } from "../patch/index.js";
import { type Lines, type Seen, seenIn } from "./finding.js";
import { HEAD, type ReachedNode } from "./node.js";

/** Gas of scheduling and disclosing at most (docs/protocol.md section 9). */
const SCHEDULE_GAS = 400_000n;
const DISCLOSE_GAS = 150_000n;
/** Name of the line that a balance waits for. */
const PRICE = "price of gas";

/** Gas of executing a patch of the largest code that there is, without a migration. */
function largestExecution(): bigint {
  const code = new Uint8Array(MAX_CODE_BYTES).fill(1);
  return batchGas([{ parts: { initCode: code, code, migration: new Uint8Array() }, migrationGas: 0n }]);
}

/**
 * Makes the lines of gas: whether a block holds an execution, what an incident costs at the present price, and whether an account can
 * pay for it.
 */
export async function gasLines(
  lines: Lines,
  { provider, head }: Pick<ReachedNode, "provider" | "head">,
  account: string | undefined,
): Promise<void> {
  const execute = largestExecution();
  await lines.add("gas limit of blocks", [HEAD], () => limitSeen(head!.gasLimit, execute));
  let price = 0n;
  await lines.add(PRICE, [HEAD], async () => {
    const { maxFeePerGas, gasPrice } = await asked("reading the price of gas", () => provider.getFeeData());
    const found = maxFeePerGas ?? gasPrice;
    if (found === null) return { unknown: "the node names none", remedy: "ask another node" };
    price = found;
    const costs = { schedule: SCHEDULE_GAS, execute, disclose: DISCLOSE_GAS };
    const shown = Object.entries(costs).map(([what, gas]) => `${what} ${ether(gas * price)} ETH`);
    return `at most ${shown.join(", ")}, for the largest code`;
  });
  if (account === undefined) return;
  await lines.add(`balance of ${account}`, [PRICE], async () => {
    const balance = await asked("reading the balance", () => provider.getBalance(account));
    const needed = (SCHEDULE_GAS + execute + DISCLOSE_GAS) * price;
    const has = `${ether(balance)} ETH`;
    if (balance >= needed) return `${has}, and an incident takes at most ${ether(needed)}`;
    return {
      fails: `${has}, and an incident takes up to ${ether(needed)}`,
      remedy: `send ${ether(needed - balance)} ETH or more to ${account}`,
    };
  });
}

function limitSeen(limit: bigint, execute: bigint): Seen {
  const shown = `${count(limit)}, and an execution takes at most ${count(execute)}`;
  if (limit >= execute) return shown;
  return {
    fails: shown,
    remedy: "deploy implementations of patches beforehand, in transactions of their own",
  };
}

/** Makes the line of a private relay: whether it answers and serves the chain. */
export async function relayLine(lines: Lines, url: string, chainId: bigint): Promise<void> {
  await lines.add("relay", [], async () => {
    try {
      (await connectTo(url, chainId)).destroy();
      return `it answers, and serves the chain ${chainId}`;
    } catch (error) {
      const seen = seenIn(error);
      const fails = "unknown" in seen ? "it does not answer as a node does" : seen.fails;
      return { ...seen, fails, remedy: "check the relay's URL, and whether it serves this chain" };
    }
  });
}

const count = (value: bigint): string => value.toLocaleString("en-US");

/** Wei in ether, rounded up to six places. */
const ether = (wei: bigint): string => formatEther(((wei + 10n ** 12n - 1n) / 10n ** 12n) * 10n ** 12n);
