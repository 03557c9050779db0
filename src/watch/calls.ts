import { type Interface, type Provider, toBeHex } from "ethers";
import { asked, decodedWholly } from "../chain/index.js";
import { SealpatchError } from "../errors.js";

/** A view of a contract whose result has a fixed length. */
export interface ViewCall {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Where a contract is asked: at the end of one block. */
export interface AskedContract {
  readonly provider: Provider;
  readonly address: string;
  readonly interface: Interface;
  readonly block: number;
}

/** What one request may hold: below the bounds of init code (EIP-3860) and of deployed code (EIP-170), as which a node takes both. */
const MAX_INPUT = 48_000;
const MAX_OUTPUT = 24_000;
/** Memory for the calldata of a call; results come after it. */
const SCRATCH = 0x80;
const WORD = 32;
/** Bytes of code that a call takes beside its calldata. */
const CODE_OF_CALL = 33;

interface EncodedCall extends ViewCall {
  readonly calldata: string;
  /** Bytes that it returns. */
  readonly returns: number;
}

/**
 * What many views return at the end of one block, in few requests: the calls are a program that is run as the init code of a contract
 * which is never made, and returns their results. Every node with `eth_call` can do that.
 * @returns one result a call, in their order, decoded.
 * @throws SealpatchError `chain/no-contract` where a call does not return as much as its ABI says; as `asked` does.
 */
export async function readAll(contract: AskedContract, calls: readonly ViewCall[]): Promise<unknown[][]> {
  const results: unknown[][] = [];
  for (const chunk of chunked(calls.map((call) => encoded(contract.interface, call)))) {
    const call = { data: programOf(contract.address, chunk), blockTag: contract.block };
    const answer = await asked("reading the lane", () => contract.provider.call(call));
    results.push(...decoded(contract, chunk, answer));
  }
  return results;
}

function encoded(abi: Interface, call: ViewCall): EncodedCall {
  const fragment = abi.getFunction(call.name)!;
  const words = fragment.outputs.reduce((sum, { components }) => sum + (components?.length ?? 1), 0);
  const calldata = abi.encodeFunctionData(fragment, call.values).slice(2);
  if (calldata.length / 2 > SCRATCH) throw new Error(`${call.name} has too long a calldata`);
  return { ...call, calldata, returns: words * WORD };
}

/** Calls in groups, each of which fits into one request. */
function chunked(calls: readonly EncodedCall[]): EncodedCall[][] {
  const chunks: EncodedCall[][] = [];
  let [input, output] = [Number.POSITIVE_INFINITY, 0];
  for (const call of calls) {
    input += CODE_OF_CALL + call.calldata.length / 2;
    output += WORD + call.returns;
    if (input > MAX_INPUT || output > MAX_OUTPUT) {
      chunks.push([]);
      [input, output] = [CODE_OF_CALL + call.calldata.length / 2, WORD + call.returns];
    }
    chunks.at(-1)!.push(call);
  }
  return chunks;
}

const push = (value: number): string => `62${toBeHex(value, 3).slice(2)}`; // PUSH3

/** The program: each result after a word that says how many bytes were returned, 0 where the call failed. */
function programOf(address: string, calls: readonly EncodedCall[]): string {
  const lengthOf = (code: string) => code.length / 2;
  const assemble = (dataAt: number): string => {
    let [input, output] = [dataAt, SCRATCH];
    let code = `73${address.slice(2).toLowerCase()}`; // PUSH20
    for (const { calldata, returns } of calls) {
      const size = push(lengthOf(calldata));
      code += `${size}${push(input)}5f39`; // CODECOPY to 0
      // STATICCALL, all gas, the address from the bottom of the stack; then the size of what it returned, times its success.
      code += `${push(returns)}${push(output + WORD)}${size}5f845afa3d02${push(output)}52`;
      input += lengthOf(calldata);
      output += WORD + returns;
    }
    return `${code}${push(output - SCRATCH)}${push(SCRATCH)}f3`; // RETURN
  };
  // Every push has one length, so that the code is as long wherever its data is.
  const code = assemble(lengthOf(assemble(0)));
  return `0x${code}${calls.map(({ calldata }) => calldata).join("")}`;
}

function decoded(
  { interface: abi, address }: AskedContract,
  calls: readonly EncodedCall[],
  answer: string,
): unknown[][] {
  let at = 2;
  const take = (bytes: number): string => {
    at += 2 * bytes;
    return answer.slice(at - 2 * bytes, at);
  };
  return calls.map(({ name, returns }) => {
    const size = take(WORD);
    const data = take(returns);
    if (BigInt(`0x${size || 0}`) !== BigInt(returns) || data.length !== 2 * returns)
      throw noContract(address, name);
    return decodedWholly(abi.decodeFunctionResult(name, `0x${data}`), name).toArray();
  });
}

function noContract(address: string, view: string): SealpatchError {
  return new SealpatchError("chain/no-contract", "there is no timelock of this package at the address", {
    details: { address, view },
    why: `${view} does not return what it should`,
    remedy: "check the address of the timelock and the chain",
  });
}
