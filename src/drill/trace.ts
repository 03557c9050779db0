import { getBytes, type JsonRpcApiProvider } from "ethers";
import { hold } from "./steps.js";

/** A call in a transaction's trace. */
export interface Frame {
  readonly type: string;
  readonly to?: string;
  readonly input: string;
  readonly gasUsed: string;
  readonly calls?: readonly Frame[];
}

/** The calls of a mined transaction, the outermost first. */
export function traceTransaction(provider: JsonRpcApiProvider, hash: string): Promise<Frame> {
  return provider.send("debug_traceTransaction", [hash, { tracer: "callTracer" }]);
}

/** The first call of a trace that goes to `address`. */
export function callTo(trace: Frame, address: string): Frame {
  const find = (frame: Frame): Frame | undefined =>
    frame.to?.toLowerCase() === address.toLowerCase()
      ? frame
      : (frame.calls ?? []).map(find).find((found) => found !== undefined);
  const frame = find(trace);
  hold(frame !== undefined, `the transaction does not call ${address}`);
  return frame;
}

/**
 * Gas of the call to `address` in a transaction, as if it were the whole transaction: without the Safe around it.
 * anvil counts a transaction's own cost into the outermost call and not into inner ones, and no refund into those.
 */
export async function gasOfCall(
  provider: JsonRpcApiProvider,
  hash: string,
  address: string,
): Promise<number> {
  const trace = await traceTransaction(provider, hash);
  const frame = callTo(trace, address);
  return Number(frame.gasUsed) + (frame === trace ? 0 : intrinsicGas(frame.input));
}

/** What a transaction costs before it runs: 21,000, and 16 gas a calldata byte, 4 where it is 0 (EIP-2028). */
export function intrinsicGas(calldata: string): number {
  return getBytes(calldata).reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 21_000);
}
