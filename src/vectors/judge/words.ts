import { type EventFragment, Interface, type JsonFragment, type Result } from "ethers";
import { quoted } from "../../foreign-text.js";
import type { Hex, Vector } from "../format/index.js";
import { HEX_WORDS, type OutcomeWords } from "./difference.js";
import type { StorageNames } from "./storage-names.js";

/** What is known of the contracts under test. */
export interface ContractKnowledge {
  /** ABI of the code under test, or of several: custom errors, events, functions. */
  readonly abi: readonly JsonFragment[];
  readonly storage: StorageNames | undefined;
}

/**
 * Words from the contract's own names: errors, events and return values decoded by the ABI, slots of the subject by
 * their variables. What the ABI does not know stays hex.
 */
export function contractWords(vector: Vector, { abi, storage }: ContractKnowledge): OutcomeWords {
  const contract = new Interface(abi);
  const functionOf = (call: number) => {
    const { to, data } = vector.calls[call]!;
    return to === vector.subject ? contract.getFunction(data.slice(0, 10)) : null;
  };
  const account = (address: Hex) => (address === vector.subject ? "the subject" : address);
  return {
    call: (index) => {
      const name = functionOf(index)?.name;
      return name === undefined ? `call ${index}` : `call ${index} (${name})`;
    },
    returned: (data, call) =>
      decoded(() => list(contract.decodeFunctionResult(functionOf(call)!, data))) ??
      HEX_WORDS.returned(data, call),
    reverted: (data) =>
      decoded(() => {
        const error = contract.parseError(data)!;
        return error.name === "Error" ? quoted(error.args[0]) : `${error.name}${list(error.args)}`;
      }) ?? HEX_WORDS.reverted(data),
    log: (log) => {
      const topics = log.topics.map((topic) => `0x${topic.toString(16).padStart(64, "0")}`);
      const event = decoded(() => {
        const { name, fragment, args } = contract.parseLog({ topics, data: log.data })!;
        return `${name}${namedList(fragment, args)} of ${account(log.address)}`;
      });
      return event ?? HEX_WORDS.log(log);
    },
    account,
    slot: (address, slot) => {
      const name = address === vector.subject ? storage?.nameOf(slot) : undefined;
      return name ?? HEX_WORDS.slot(account(address) as Hex, slot);
    },
  };
}

/** What a decoder says; undefined where the data does not fit, since data of an unknown contract may be anything. */
function decoded(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

function list(values: Result): string {
  return `(${values.toArray().map(valueText).join(", ")})`;
}

function namedList({ inputs }: EventFragment, values: Result): string {
  return `(${inputs.map(({ name }, index) => `${name}: ${valueText(values[index])}`).join(", ")})`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "string" && !value.startsWith("0x")) return quoted(value);
  return String(value);
}
