import { id } from "ethers";
import { SealpatchError } from "../../errors.js";
import {
  BEACON_SLOT,
  type CodePointer,
  type Environment,
  type Hardfork,
  type Hex,
  IMPLEMENTATION_SLOT,
} from "../format/index.js";
import {
  type CodePlace,
  type CodeUnderTest,
  loadEvm,
  normalizeCode,
  type StateSource,
} from "../run/index.js";

const IMPLEMENTATION_GETTER = id("implementation()").slice(0, 10) as Hex;

/**
 * Finds where the address of the code behind a contract is stored: its ERC-1967 implementation slot; else, behind an
 * ERC-1967 beacon, the beacon's slot that its `implementation()` is answered from; else nowhere, the contract is itself
 * the code.
 * @throws SealpatchError `vectors/beacon-unclear`.
 */
export async function findPointer(
  state: StateSource,
  subject: Hex,
  surroundings: { environment: Environment; hardfork: Hardfork },
): Promise<CodePointer> {
  if ((await state.slot(subject, IMPLEMENTATION_SLOT)) !== 0n) {
    return { account: subject, slot: IMPLEMENTATION_SLOT };
  }
  const beacon = await state.slot(subject, BEACON_SLOT);
  if (beacon === 0n) return null;
  const account = toAddress(beacon);
  return { account, slot: await beaconSlot(state, account, subject, surroundings) };
}

/** The code that a pointer names in a state. */
export async function currentCode(
  state: StateSource,
  { subject, pointer }: CodePlace,
): Promise<CodeUnderTest> {
  const address = pointer === null ? subject : toAddress(await state.slot(pointer.account, pointer.slot));
  const { code } = await state.account(address);
  if (code.bytes.length > 0) return normalizeCode({ code: code.bytes, address });
  throw new SealpatchError("vectors/no-code-under-test", "there is no code under test behind the subject", {
    details: { subject, address },
    why:
      pointer === null
        ? "the subject has no code; it may not be a contract, or not exist on this chain at that block"
        : "the pointer slot names an account without code; it may not be an ERC-1967 proxy, or not exist on this chain",
    remedy:
      "check the subject, or name the slot that holds the implementation's address (for a beacon, the beacon's)",
  });
}

/** A beacon may keep the address anywhere: it is asked, and the slot is the one that holds its answer. */
async function beaconSlot(
  source: StateSource,
  beacon: Hex,
  from: Hex,
  { environment, hardfork }: { environment: Environment; hardfork: Hardfork },
): Promise<bigint> {
  const { SequenceMachine, SequenceState } = await loadEvm();
  const state = new SequenceState(source);
  const { chainId } = environment;
  const machine = new SequenceMachine(state, { hardfork, chainId, stepLimit: 100_000 });
  const call = { from, to: beacon, data: IMPLEMENTATION_GETTER, value: 0n, environment };
  const answer = await machine.transact(call, async () => 0n).catch(() => undefined);
  if (answer?.success === true && answer.returnData.length === 66) {
    const implementation = BigInt(answer.returnData);
    for (const [slot, value] of state.loaded.slots.get(beacon) ?? []) {
      if (value === implementation && value !== 0n) return slot;
    }
  }
  throw new SealpatchError(
    "vectors/beacon-unclear",
    "the beacon's slot for its implementation is not found",
    {
      details: { beacon },
      why: "its implementation() does not read exactly one slot that holds just an address",
      remedy: "give the account and slot that hold the implementation's address as the pointer",
    },
  );
}

function toAddress(word: bigint): Hex {
  return `0x${BigInt.asUintN(160, word).toString(16).padStart(40, "0")}`;
}
