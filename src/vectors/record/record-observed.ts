import { getBytes } from "ethers";
import { SealpatchError } from "../../errors.js";
import {
  BEACON_SLOT,
  codeDigestOf,
  type Environment,
  type Expectation,
  type Hex,
  IMPLEMENTATION_SLOT,
  type Outcome,
  type Vector,
} from "../format/index.js";
import { explainDifference } from "../judge/index.js";
import {
  type AccountState,
  bytecode,
  EMPTY_ACCOUNT,
  isEmptyAccount,
  NO_CODE,
  type StateSource,
} from "../run/index.js";

/** Balance, nonce and code of an account; of code beyond EIP-170's limit only the size is known. */
export interface ObservedAccount {
  readonly account: Hex;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly codeSize: bigint;
  readonly code: Hex;
}

/** A call of a Foundry test, with what Foundry's state diff says about it. */
export interface ObservedCall {
  readonly label: string;
  readonly subject: Hex;
  readonly target: Hex;
  readonly data: Hex;
  readonly value: bigint;
  readonly success: boolean;
  readonly returnData: Hex;
  readonly environment: Omit<Environment, "blockHashes">;
  readonly implementationSlot: bigint;
  readonly beaconSlot: bigint;
  /** Before the call. */
  readonly sender: ObservedAccount;
  /** After the call. */
  readonly accounts: readonly ObservedAccount[];
  /** In the order in which they happened. */
  readonly accesses: readonly {
    readonly kind: number;
    readonly account: Hex;
    readonly oldBalance: bigint;
    readonly oldNonce: bigint;
    /** What a creation left; empty where it failed. */
    readonly deployedCode: Hex;
    readonly storageAccesses: readonly {
      readonly account: Hex;
      readonly slot: bigint;
      readonly isWrite: boolean;
      readonly previousValue: bigint;
      readonly newValue: bigint;
      readonly reverted: boolean;
    }[];
  }[];
}

/** Foundry's `AccountAccessKind`, as far as it matters here. */
const KIND = { call: 0, staticCall: 3, create: 4, selfDestruct: 5 } as const;

/** The highest address that any hardfork has a precompile at. */
const LAST_PRECOMPILE = 0x1ffn;

/**
 * The state that a call found. An access that enters an account's own context says its balance and nonce at that moment,
 * the first one those before the call; of accounts that are only looked at, or lend their code, nothing changes, so
 * that what stands after the call stood before it. What the call did not touch is not known, and reading it an error.
 * @throws SealpatchError `vectors/state-not-recorded`, also from the state's own answers.
 */
export function observedState(call: ObservedCall): StateSource {
  if (call.accesses.some(({ kind }) => kind === KIND.selfDestruct)) {
    throw notRecorded("the call destroys a contract, whose state Foundry does not show");
  }
  const accounts = new Map(call.accounts.map((after) => [after.account, accountBefore(call, after)]));
  const slots = new Map<string, bigint>();
  slots.set(key(call.subject, IMPLEMENTATION_SLOT), call.implementationSlot);
  slots.set(key(call.subject, BEACON_SLOT), call.beaconSlot);
  for (const { account, slot, previousValue } of call.accesses.flatMap((access) => access.storageAccesses)) {
    const place = key(account, slot);
    if (!slots.has(place)) slots.set(place, previousValue);
  }
  return {
    account: async (address) => {
      const account = accounts.get(address);
      if (account === "too large")
        throw notRecorded("it touches a contract beyond the size limit of EIP-170");
      if (account !== undefined) return account;
      if (BigInt(address) <= LAST_PRECOMPILE) return EMPTY_ACCOUNT;
      throw notRecorded(`it does not come to the account ${address}`);
    },
    slot: async (address, slot) => {
      const value = slots.get(key(address, slot));
      if (value !== undefined) return value;
      throw notRecorded(`it does not come to a slot of ${address} that is asked for`);
    },
  };
}

/**
 * Compares what the current code did here with what it did in the test: success, return data, changed slots, balances,
 * nonces and codes. Logs follow from the same run over the same state; the nonce of the sender grows here only.
 * @throws SealpatchError `vectors/differs-from-test`.
 */
export async function assertAsInTest(
  here: Outcome,
  call: ObservedCall,
  context: { label: string; kind: Vector["kind"]; ownCode: Hex },
): Promise<void> {
  const difference =
    here === "step-limit"
      ? "it hits the step limit here"
      : explainDifference(await inTest(here, call, context.ownCode), here);
  if (difference === null) return;
  const incident = context.kind === "incident";
  throw new SealpatchError(
    "vectors/differs-from-test",
    `${incident ? "a call of the incident" : context.label} behaves differently here than in the test`,
    {
      why: incident
        ? "the outcomes differ; those of an incident are not shown"
        : `in the test against here: ${difference}`,
      remedy:
        "a call that depends on gas, on transient storage of an earlier call, or on cheat codes such as mockCall cannot become a vector",
    },
  );
}

async function inTest(here: Expectation, call: ObservedCall, ownCode: Hex): Promise<Expectation> {
  const state = observedState(call);
  const accounts: Expectation["accounts"] = [];
  for (const after of call.accounts) {
    const address = after.account;
    // The account of the code under test is a new one here, and counts as that.
    if (address === ownCode && address !== call.subject) continue;
    const before = accountBefore(call, after);
    if (before === "too large") continue;
    const nonce = after.nonce + (address === call.sender.account ? 1n : 0n);
    // Of a sender that is too large only that nobody looked at its code is known.
    const code = after.codeSize > 0n && after.code === "0x" ? NO_CODE : bytecode(getBytes(after.code));
    const { balance } = after;
    if (balance === before.balance && nonce === before.nonce && code.hash === before.code.hash) continue;
    accounts.push({
      address,
      destroyed: isEmptyAccount({ balance, nonce, code }),
      balance,
      nonce,
      codeDigest: code.bytes.length === 0 || address === ownCode ? 0n : codeDigestOf(code.bytes),
    });
  }
  const last = new Map<string, { address: Hex; slot: bigint; value: bigint }>();
  for (const access of call.accesses.flatMap(({ storageAccesses }) => storageAccesses)) {
    if (!access.isWrite || access.reverted) continue;
    const { account: address, slot, newValue: value } = access;
    last.set(key(address, slot), { address, slot, value });
  }
  const slots: Expectation["slots"] = [];
  for (const change of last.values()) {
    if ((await state.slot(change.address, change.slot)) !== change.value) slots.push(change);
  }
  const { success, returnData } = call;
  return { calls: [{ success, returnData, logs: here.calls[0]!.logs }], accounts, slots };
}

function accountBefore(call: ObservedCall, after: ObservedAccount): AccountState | "too large" {
  const own = call.accesses.filter(({ account }) => account === after.account);
  const isSender = after.account === call.sender.account;
  const { balance, nonce, code, codeSize } = isSender ? call.sender : after;
  if (codeSize > 0n && code === "0x") {
    // A test contract that nobody looks at is a sender like any other.
    return isSender && own.length === 0 ? { balance, nonce, code: NO_CODE } : "too large";
  }
  if (isSender) return { balance, nonce, code: bytecode(getBytes(code)) };
  const creations = own.filter(({ kind }) => kind === KIND.create);
  if (creations.some(({ deployedCode }) => deployedCode !== "0x")) {
    const { oldBalance } = own.find(({ kind }) => isEntry(kind) || kind === KIND.create)!;
    return { balance: oldBalance, nonce: 0n, code: NO_CODE };
  }
  // A creation that failed, for example where a contract stands already, has changed nothing. One that succeeds without
  // code looks the same, except for its nonce.
  if (creations.length > 0 && codeSize === 0n && nonce > 0n) {
    throw notRecorded("the call creates a contract without code, or fails to create one");
  }
  const entered = own.find(({ kind }) => isEntry(kind));
  return {
    balance: entered?.oldBalance ?? balance,
    nonce: entered?.oldNonce ?? nonce,
    code: bytecode(getBytes(code)),
  };
}

/** Whether an access runs an account's code in its own context. */
function isEntry(kind: number): boolean {
  return kind === KIND.call || kind === KIND.staticCall;
}

function key(address: Hex, slot: bigint): string {
  return `${address} ${slot}`;
}

/** What the test does not show of a call. */
export function notRecorded(why: string): SealpatchError {
  return new SealpatchError(
    "vectors/state-not-recorded",
    "the call needs state that the test did not record",
    {
      why,
      remedy: "record such a call from a chain, for example from anvil",
    },
  );
}
