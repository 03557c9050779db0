import type { Provider } from "ethers";
import { SealpatchError } from "../errors.js";
import { rebuiltError } from "./errors.js";

/** Seconds that a node may take for one answer. */
const ANSWER_SECONDS = 120;

/**
 * What a node answers, within a time, and no error in its own words. Everything that this package asks a node goes through here.
 * @param action what is asked, in words, for the error.
 * @param seconds how long it may take.
 * @throws SealpatchError `chain/unreachable`, `chain/unsupported-method`, `chain/reverted`, `chain/rejected`.
 */
export async function asked<T>(
  action: string,
  question: () => Promise<T>,
  seconds: number = ANSWER_SECONDS,
): Promise<T> {
  const late = () =>
    new SealpatchError("chain/unreachable", `${action}: the node does not answer`, {
      details: { cause: "TIMEOUT", host: null },
      why: `there was no answer within ${seconds} seconds`,
      remedy: "check the RPC URL and the node",
    });
  try {
    return await within(seconds, question(), late);
  } catch (error) {
    throw rebuiltError(error, action);
  }
}

/** Waits for something for so many seconds at most. @param late makes the error where it takes longer. */
export async function within<T>(seconds: number, work: Promise<T>, late: () => SealpatchError): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The chain id that the node itself gives. A provider made with a network that it does not ask for answers with that network, wherever
 * its node is.
 * @throws SealpatchError as `asked` does.
 */
export function chainIdOf(provider: Provider): Promise<bigint> {
  return asked("reading the chain id", async () => {
    const { chainId } = await provider.getNetwork();
    const { send } = provider as { send?: (method: string, parameters: unknown[]) => Promise<string> };
    return send === undefined ? chainId : BigInt(await send.call(provider, "eth_chainId", []));
  });
}
