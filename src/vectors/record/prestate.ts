import { getBytes } from "ethers";
import type { z } from "zod";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import type { Hex } from "../format/index.js";
import { type AccountState, bytecode, EMPTY_ACCOUNT, type StateSource } from "../run/index.js";
import { address, bytes, hash, quantity } from "./rpc.js";

// The result of the prestate tracer as Geth documents it (https://geth.ethereum.org/docs/developers/evm-tracing/built-in-tracers,
// "Prestate tracer") and as Reth, Erigon and anvil give it: nonce is a JSON number and left out at 0, code is left out
// where there is none, storage where no slot was touched. Newer nodes add fields such as codeHash.

const nonce = lazily(() => zod.union([zod.int().min(0).transform(BigInt), quantity()]));
/** Slots of some nodes come without leading zeros. */
const storage = lazily(() => zod.record(quantityKey(), quantity()));

const accountSchema = lazily(() =>
  zod.object({
    balance: quantity(),
    nonce: nonce().optional(),
    code: bytes().optional(),
    storage: storage().optional(),
  }),
);

const changesSchema = lazily(() => accountSchema().partial());

/** `debug_traceTransaction` and `debug_traceCall` with the prestate tracer: the state before, by address. */
export const prestateSchema = lazily(() => zod.record(address(), accountSchema()));

/** The same with `diffMode`: what was changed, before and after. */
export const prestateDiffSchema = lazily(() =>
  zod.object({
    pre: zod.record(address(), changesSchema()),
    post: zod.record(address(), changesSchema()),
  }),
);

/** `debug_traceBlockByHash` with `diffMode`: one entry per transaction, in order. */
export const blockDiffsSchema = lazily(() =>
  zod.array(zod.object({ txHash: hash().optional(), result: prestateDiffSchema() })),
);

export type Prestate = z.output<ReturnType<typeof prestateSchema>>;
export type PrestateDiff = z.output<ReturnType<typeof prestateDiffSchema>>;

/** Arguments that ask for the prestate tracer. Geth stops a trace after 5 seconds unless told otherwise. */
export const PRESTATE_TRACER = { tracer: "prestateTracer", timeout: "100s" } as const;
export const PRESTATE_DIFF_TRACER = { ...PRESTATE_TRACER, tracerConfig: { diffMode: true } } as const;

/** Changes to one account; what is undefined stays as it was. */
export interface AccountChange {
  /** Nothing of the account before is left: what is not set here is empty. */
  readonly destroyed: boolean;
  readonly balance: bigint | undefined;
  readonly nonce: bigint | undefined;
  readonly code: Hex | undefined;
  readonly slots: ReadonlyMap<bigint, bigint>;
}

/**
 * The changes that a diff describes. An account that is in `pre` only was destroyed; a slot that is in `pre` only was
 * set to zero.
 */
export function changesOf({ pre, post }: PrestateDiff): Map<Hex, AccountChange> {
  const changes = new Map<Hex, AccountChange>();
  for (const address of Object.keys(pre) as Hex[]) {
    if (post[address] === undefined) changes.set(address, DESTROYED);
  }
  for (const [address, after] of Object.entries(post) as [Hex, PrestateDiff["post"][Hex]][]) {
    const slots = new Map<bigint, bigint>();
    for (const slot of Object.keys(pre[address]?.storage ?? {})) slots.set(BigInt(slot), 0n);
    for (const [slot, value] of Object.entries(after.storage ?? {})) slots.set(BigInt(slot), value);
    const { balance, nonce, code } = after;
    changes.set(address, { destroyed: false, balance, nonce, code, slots });
  }
  return changes;
}

const DESTROYED: AccountChange = {
  destroyed: true,
  balance: undefined,
  nonce: undefined,
  code: undefined,
  slots: new Map(),
};

/** A state with changes on top, in the order in which they happened. */
export function withChanges(
  base: StateSource,
  changes: readonly ReadonlyMap<Hex, AccountChange>[],
): StateSource {
  return {
    account: async (address) => {
      let account: AccountState | undefined;
      for (const change of changesTo(changes, address)) {
        const before = change.destroyed ? EMPTY_ACCOUNT : (account ?? (await base.account(address)));
        account = {
          balance: change.balance ?? before.balance,
          nonce: change.nonce ?? before.nonce,
          code: change.code === undefined ? before.code : bytecode(getBytes(change.code)),
        };
      }
      return account ?? base.account(address);
    },
    slot: async (address, slot) => {
      let value: bigint | undefined;
      for (const change of changesTo(changes, address)) {
        value = change.slots.get(slot) ?? (change.destroyed ? 0n : value);
      }
      return value ?? base.slot(address, slot);
    },
  };
}

/**
 * A traced pre-state, where it knows an account or a slot, and what is behind it elsewhere. A tracer lists no account
 * that is empty, so that a missing one may have been touched or not.
 */
export function withPrestate(prestate: Prestate, behind: StateSource): StateSource {
  const slots = new Map(
    Object.entries(prestate).map(([address, { storage = {} }]) => [
      address,
      new Map(Object.entries(storage).map(([slot, value]) => [BigInt(slot), value])),
    ]),
  );
  return {
    account: async (address) => {
      const known = prestate[address];
      if (known === undefined) return behind.account(address);
      const { balance, nonce = 0n, code = "0x" } = known;
      return { balance, nonce, code: bytecode(getBytes(code)) };
    },
    slot: async (address, slot) => slots.get(address)?.get(slot) ?? behind.slot(address, slot),
  };
}

function* changesTo(changes: readonly ReadonlyMap<Hex, AccountChange>[], address: Hex) {
  for (const step of changes) {
    const change = step.get(address);
    if (change !== undefined) yield change;
  }
}

function quantityKey() {
  return zod.string().regex(/^0x[0-9a-fA-F]{1,64}$/);
}
