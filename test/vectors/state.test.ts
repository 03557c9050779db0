import {
  Account,
  Address,
  bigIntToUnpaddedBytes,
  bytesToBigInt,
  hexToBytes,
  setLengthLeft,
} from "@ethereumjs/util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../src/vectors/index.js";
import { bytecode, EMPTY_ACCOUNT } from "../../src/vectors/run/account.js";
import { SequenceState } from "../../src/vectors/run/state.js";

const addresses = [1, 2].map((digit): Hex => `0x${`0${digit}`.repeat(20)}`);
const SLOTS = [0n, 1n, 2n];

/** The pre-state: the first account has code and storage, the second is empty. */
const source = {
  account: async (address: Hex) =>
    address === addresses[0] ? { balance: 5n, nonce: 1n, code: bytecode(Uint8Array.of(1)) } : EMPTY_ACCOUNT,
  slot: async (address: Hex, slot: bigint) => (address === addresses[0] ? slot * 10n : 0n),
};

/** The same state as a plain copy, taken anew at every checkpoint. */
type Model = Record<Hex, { balance: bigint; nonce: bigint; code: number; slots: bigint[] }>;
const initialModel = (): Model => ({
  [addresses[0]!]: { balance: 5n, nonce: 1n, code: 1, slots: [0n, 10n, 20n] },
  [addresses[1]!]: { balance: 0n, nonce: 0n, code: 0, slots: [0n, 0n, 0n] },
});

const address = fc.constantFrom(...addresses);
const slot = fc.nat(2);
const change = fc.oneof(
  fc.record({ do: fc.constant("store" as const), address, slot, value: fc.nat(300) }),
  fc.record({ do: fc.constant("load" as const), address, slot }),
  fc.record({ do: fc.constant("account" as const), address, balance: fc.nat(3), nonce: fc.nat(3) }),
  fc.record({ do: fc.constant("code" as const), address, byte: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom("clear" as const, "delete" as const), address }),
);
const boundary = fc.record({
  do: fc.constantFrom("checkpoint" as const, "commit" as const, "revert" as const),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
const action = fc.oneof({ arbitrary: change, weight: 3 }, boundary);

const addressOf = (hex: Hex) => new Address(hexToBytes(hex));
const keyOf = (position: bigint) => setLengthLeft(bigIntToUnpaddedBytes(position), 32);

describe("the state of a sequence", () => {
  it("does what a state does that is copied as a whole at every checkpoint", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(action, { maxLength: 40, size: "max" }),
        async (readAtFirst, actions) => {
          const state = new SequenceState(source);
          if (readAtFirst) await readAll(state);
          const stack = [initialModel()];
          for (const step of actions) {
            const model = stack.at(-1)!;
            if (step.do === "checkpoint") {
              await state.checkpoint();
              stack.push(structuredClone(model));
            } else if (step.do === "commit" || step.do === "revert") {
              if (stack.length === 1) continue;
              await state[step.do]();
              stack.pop();
              if (step.do === "commit") stack[stack.length - 1] = model;
            } else if ("address" in step) {
              await apply(state, model[step.address]!, step);
            }
          }
          const model = stack.at(-1)!;
          expect(await readAll(state)).toEqual(model);
          // What was cleared before it was read is not listed: a run reads the whole pre-state first.
          if (readAtFirst) expectChanges(state, model);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("gives the EVM values without leading zeros, and none for zero", async () => {
    const state = new SequenceState(source);
    expect(await state.getStorage(addressOf(addresses[0]!), keyOf(1n))).toEqual(Uint8Array.of(10));
    expect(await state.getStorage(addressOf(addresses[0]!), keyOf(0n))).toEqual(new Uint8Array(0));
  });

  it("remembers what it read from its source as it was there", async () => {
    const state = new SequenceState(source);
    await state.putStorage(addressOf(addresses[0]!), keyOf(2n), Uint8Array.of(9));
    expect(state.loaded.slots.get(addresses[0]!)).toEqual(new Map([[2n, 20n]]));
    expect(state.loaded.accounts.size).toBe(0);
  });
});

async function readAll(state: SequenceState): Promise<Model> {
  const all: Model = {};
  for (const hex of addresses) {
    const { code, ...account } = await state.account(hex);
    const slots = [];
    for (const position of SLOTS) slots.push(await state.slot(hex, position));
    all[hex] = { ...account, code: code.bytes[0] ?? 0, slots };
  }
  return all;
}

async function apply(state: SequenceState, model: Model[Hex], step: Change): Promise<void> {
  const target = addressOf(step.address);
  switch (step.do) {
    case "store":
      await state.putStorage(target, keyOf(BigInt(step.slot)), bigIntToUnpaddedBytes(BigInt(step.value)));
      model.slots[step.slot] = BigInt(step.value);
      break;
    case "load": {
      const value = bytesToBigInt(await state.getStorage(target, keyOf(BigInt(step.slot))));
      expect(value).toBe(model.slots[step.slot]);
      break;
    }
    case "account":
      await state.putAccount(target, new Account(BigInt(step.nonce), BigInt(step.balance)));
      model.balance = BigInt(step.balance);
      model.nonce = BigInt(step.nonce);
      break;
    case "code":
      await state.putCode(target, Uint8Array.of(step.byte));
      model.code = step.byte;
      break;
    case "delete":
      await state.deleteAccount(target);
      Object.assign(model, { balance: 0n, nonce: 0n, code: 0, slots: [0n, 0n, 0n] });
      break;
    case "clear":
      await state.clearStorage(target);
      model.slots = [0n, 0n, 0n];
      break;
  }
}

function expectChanges(state: SequenceState, model: Model): void {
  const before = initialModel();
  const changes = state.changes();
  const changed = addresses.filter((hex) => {
    const [old, now] = [before[hex]!, model[hex]!];
    return old.balance !== now.balance || old.nonce !== now.nonce || old.code !== now.code;
  });
  expect(changes.accounts.map((account) => account.address)).toEqual(changed);
  const slots = addresses.flatMap((hex) => {
    const { balance, nonce, code } = model[hex]!;
    if (balance === 0n && nonce === 0n && code === 0) return [];
    return SLOTS.filter(
      (position) => model[hex]!.slots[Number(position)] !== before[hex]!.slots[Number(position)],
    ).map((position) => ({ address: hex, slot: position, value: model[hex]!.slots[Number(position)]! }));
  });
  expect(changes.slots).toEqual(slots);
}
