import type { Block } from "ethers";
import { asked, newestBlock, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { ChainBlock } from "./report.js";

/** A block by its number; null where the node has none of that number. @throws SealpatchError as `asked` does. */
export async function blockAt(
  { provider }: Pick<TimelockClient, "provider">,
  number: number,
): Promise<ChainBlock | null> {
  const block = await asked("reading a block", () => provider.getBlock(number));
  return block === null ? null : chainBlock(block);
}

/** The newest block. @throws SealpatchError as `newestBlock`. */
export async function headOf({ provider }: Pick<TimelockClient, "provider">): Promise<ChainBlock> {
  return chainBlock(await newestBlock(provider));
}

function chainBlock({ number, hash, timestamp }: Block): ChainBlock {
  return { number, hash: hash!, timestamp: BigInt(timestamp) };
}

/** The newest block was replaced while something was read, so many times over. */
export function movingHead(attempts: number): SealpatchError {
  return new SealpatchError("chain/moving-head", "the newest block was replaced while the lane was read", {
    details: { attempts },
    remedy: "run it again, or ask another node",
  });
}
