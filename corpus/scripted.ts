import { AbiCoder, type Interface } from "ethers";
import type { SafetyCheck } from "../src/chain/index.js";
import type { Scenario, ScriptedCall } from "../src/drill/index.js";
import type { ExpectedCall, Hex } from "../src/vectors/index.js";

/** When a scripted call happens, and with how much ETH. */
export type CallOptions = Pick<ScriptedCall, "value" | "after">;

/** Scripted calls to contracts with one interface. */
export class ContractCalls {
  constructor(readonly abi: Interface) {}

  /** Calldata of a function. */
  encode(name: string, values: readonly unknown[] = []): Hex {
    return this.abi.encodeFunctionData(name, values) as Hex;
  }

  /** A call that must succeed and return nothing, unless `expect` says otherwise. */
  call(
    to: Hex,
    from: Hex,
    name: string,
    values: readonly unknown[] = [],
    expect: ExpectedCall = returns(),
    options: CallOptions = {},
  ): ScriptedCall {
    return { from, to, data: this.encode(name, values), expect, ...options };
  }

  /** A call that must succeed and return exactly `results`. */
  answer(
    to: Hex,
    from: Hex,
    name: string,
    values: readonly unknown[],
    results: readonly unknown[],
    options: CallOptions = {},
  ): ScriptedCall {
    const returnData = this.abi.encodeFunctionResult(name, results) as Hex;
    return this.call(to, from, name, values, { success: true, returnData }, options);
  }
}

/** Success with exactly these ABI-encoded return values; of a function without any, with no data. */
export function returns(types: readonly string[] = [], values: readonly unknown[] = []): ExpectedCall {
  return { success: true, returnData: AbiCoder.defaultAbiCoder().encode(types, values) as Hex };
}

/** Revert with exactly this `Error(string)`. */
export function revertsWith(reason: string): ExpectedCall {
  const data = AbiCoder.defaultAbiCoder().encode(["string"], [reason]);
  return { success: false, returnData: `0x08c379a0${data.slice(2)}` };
}

/** Revert without data: no such function, or no reason given. */
export const REVERTS_SILENTLY: ExpectedCall = { success: false, returnData: "0x" };

/** A baseline scenario: behaviour to keep. */
export function regression(name: string, calls: readonly ScriptedCall[]): Scenario {
  return { name, kind: "regression", calls };
}

/** A baseline scenario that only looks. */
export function invariant(name: string, calls: readonly ScriptedCall[]): Scenario {
  return { name, kind: "invariant", calls };
}

/** Safety check: the first word that a view returns is the same before and after the upgrade. */
export function unchanged(target: Hex, data: Hex): SafetyCheck {
  return { target, data, measure: "first-word", comparison: "equal-to-before" };
}
