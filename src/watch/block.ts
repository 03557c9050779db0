import { asked, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { ChainBlock } from "./report.js";

/** A block by its number; null where the node has none of that number. @throws SealpatchError as `asked` does. */
export async function blockAt(
  { provider }: Pick<TimelockClient, "provider">,
  number: number | "latest",
): Promise<ChainBlock | null> {
  const block = await asked("reading a block", () => provider.getBlock(number));
  if (block === null) return null;
  return { number: block.number, hash: block.hash!, timestamp: BigInt(block.timestamp) };
}

/** The newest block was replaced while something was read, so many times over. */
export function movingHead(attempts: number): SealpatchError {
  return new SealpatchError("chain/moving-head", "the newest block was replaced while the lane was read", {
    details: { attempts },
    remedy: "run it again, or ask another node",
  });
}
