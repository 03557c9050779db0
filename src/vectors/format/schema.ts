import type { z } from "zod";
import { MAX_CODE_BYTES } from "../../code/index.js";
import { FIELD_ORDER } from "../../field/index.js";
import { lazily } from "../../lazily.js";
import { HARDFORKS, type Hardfork } from "../../networks.js";
import { zod } from "../../zod.js";

/** 0x-prefixed lower-case hex. */
export type Hex = `0x${string}`;

/** Version of the vector file format; also the first element of every input digest. */
export const VECTOR_FORMAT = 1;

/** Which of the two sets of a patch: the registered one of baseline vectors, or the hidden one of incidents. */
export type SetKind = "baseline" | "incident";

/** Depths of the trees that commit to the sets: 2^depth vectors at most (docs/encodings.md). */
export const TREE_DEPTHS = { baseline: 7, incident: 4 } as const satisfies Record<SetKind, number>;

/**
 * Bounds of a vector set. They keep the work of reading and running a file from an unknown hand finite, and keep
 * every count far below what a later circuit would have to carry.
 */
export const VECTOR_LIMITS = {
  baselineVectors: 2 ** TREE_DEPTHS.baseline,
  calls: 64,
  accounts: 256,
  slotsPerAccount: 4096,
  codes: 512,
  codeBytes: MAX_CODE_BYTES,
  /** Calldata, return data and the data of one log. */
  dataBytes: 131_072,
  logsPerCall: 256,
  blockHashes: 256,
  stepLimit: 10_000_000,
  nameLength: 120,
  descriptionLength: 2000,
} as const;

/** Instructions that all calls of a vector may execute together, where the vector does not say otherwise. */
export const DEFAULT_STEP_LIMIT = 1_000_000;

function hexText(text: z.ZodString) {
  return zod.codec(text, zod.custom<Hex>(), {
    decode: (hex) => hex.toLowerCase() as Hex,
    encode: (hex) => hex,
  });
}

function fixedBytes(length: number) {
  return hexText(zod.string().regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`)));
}

function bytes(minimum: number, maximum: number) {
  return hexText(
    zod
      .string()
      .min(2 + 2 * minimum)
      .max(2 + 2 * maximum)
      .regex(/^0x[0-9a-fA-F]*$/)
      .refine((hex) => hex.length % 2 === 0, { message: "half a byte" }),
  );
}

/** Unsigned integer of at most `bits` bits as 0x-hex without leading zeros, the form of Ethereum's JSON-RPC. */
function quantity(bits: number) {
  const digits = Math.ceil(bits / 4);
  return zod.codec(
    zod.string().regex(new RegExp(`^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,${digits - 1}})$`)),
    zod.bigint(),
    {
      decode: (text) => BigInt(text),
      encode: (value) => `0x${value.toString(16)}`,
    },
  );
}

const address = lazily(() => fixedBytes(20));
const hash = lazily(() => fixedBytes(32));
const data = lazily(() => bytes(0, VECTOR_LIMITS.dataBytes));
const code = lazily(() => bytes(1, VECTOR_LIMITS.codeBytes));
const word = lazily(() => quantity(256));
const uint64 = lazily(() => quantity(64));

const slotSchema = lazily(() => zod.strictObject({ slot: word(), value: word() }));

const accountSchema = lazily(() =>
  zod.strictObject({
    address: address(),
    balance: word(),
    nonce: uint64(),
    /** keccak256 of the code, which stands in `codes`; null without code, and for the code under test. */
    codeHash: hash().nullable(),
    storage: zod.array(slotSchema()).max(VECTOR_LIMITS.slotsPerAccount),
  }),
);

const environmentSchema = lazily(() =>
  zod.strictObject({
    timestamp: uint64(),
    number: uint64(),
    chainId: uint64(),
    coinbase: address(),
    prevRandao: word(),
    baseFee: word(),
    blobBaseFee: word(),
    gasLimit: uint64(),
    gasPrice: word(),
    origin: address(),
    /** What BLOCKHASH answers; every other block answers 0. */
    blockHashes: zod
      .array(zod.strictObject({ number: uint64(), hash: word() }))
      .max(VECTOR_LIMITS.blockHashes),
  }),
);

const callSchema = lazily(() =>
  zod.strictObject({
    from: address(),
    /** null creates a contract: `data` is its init code. */
    to: address().nullable(),
    data: data(),
    value: word(),
    environment: environmentSchema(),
  }),
);

const logSchema = lazily(() =>
  zod.strictObject({ address: address(), topics: zod.array(word()).max(4), data: data() }),
);

const callOutcomeSchema = lazily(() =>
  zod.strictObject({
    success: zod.boolean(),
    returnData: data(),
    logs: zod.array(logSchema()).max(VECTOR_LIMITS.logsPerCall),
  }),
);

const changedAccountSchema = lazily(() =>
  zod.strictObject({
    address: address(),
    destroyed: zod.boolean(),
    balance: word(),
    nonce: uint64(),
    /** codeDigest D of the account's code (docs/encodings.md); 0 without code() and for the code() under test. */
    codeDigest: word().refine((digest) => digest < FIELD_ORDER, { message: "not a canonical field element" }),
  }),
);

const changedSlotSchema = lazily(() => zod.strictObject({ address: address(), slot: word(), value: word() }));

const expectationSchema = lazily(() =>
  zod.strictObject({
    calls: zod.array(callOutcomeSchema()).max(VECTOR_LIMITS.calls),
    accounts: zod.array(changedAccountSchema()).max(4 * VECTOR_LIMITS.accounts),
    slots: zod.array(changedSlotSchema()).max(VECTOR_LIMITS.slotsPerAccount),
  }),
);

const hardforkSchema = lazily(() => zod.enum(Object.keys(HARDFORKS) as [Hardfork, ...Hardfork[]]));

const vectorSchema = lazily(() =>
  zod.strictObject({
    name: zod.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${VECTOR_LIMITS.nameLength}}$`)),
    kind: zod.enum(["regression", "invariant", "incident"]),
    description: zod.string().max(VECTOR_LIMITS.descriptionLength).optional(),
    hardfork: hardforkSchema(),
    stepLimit: zod.int().min(1).max(VECTOR_LIMITS.stepLimit),
    subject: address(),
    pointer: zod.strictObject({ account: address(), slot: word() }).nullable(),
    accounts: zod.array(accountSchema()).max(VECTOR_LIMITS.accounts),
    calls: zod.array(callSchema()).min(1).max(VECTOR_LIMITS.calls),
    expectation: expectationSchema(),
  }),
);

/** The file format: `decode` reads JSON into the types below, `encode` writes them back. */
export const vectorSetSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.vectors/1"),
    codes: zod
      .record(zod.string().regex(/^0x[0-9a-f]{64}$/), code())
      .refine((codes) => Object.keys(codes).length <= VECTOR_LIMITS.codes, { message: "too many codes" }),
    vectors: zod.array(vectorSchema()).max(VECTOR_LIMITS.baselineVectors),
  }),
);

/** Pre-state of one account. What a vector does not list is empty: balance 0, no code, storage 0. */
export type VectorAccount = z.output<ReturnType<typeof accountSchema>>;
/** Block and transaction context of one call. */
export type Environment = z.output<ReturnType<typeof environmentSchema>>;
/** One call: a transaction of its own, from `from`. */
export type VectorCall = z.output<ReturnType<typeof callSchema>>;
/** A log as the EVM emits it. */
export type VectorLog = z.output<ReturnType<typeof logSchema>>;
/** What one call did, as seen by its caller. */
export type CallOutcome = z.output<ReturnType<typeof callOutcomeSchema>>;
/** State of an account after the sequence, where balance, nonce or code differ from the pre-state. */
export type ChangedAccount = z.output<ReturnType<typeof changedAccountSchema>>;
/** Value of a slot after the sequence, where it differs from the pre-state. */
export type ChangedSlot = z.output<ReturnType<typeof changedSlotSchema>>;
/** What a sequence must do: every call in order, then the state that differs afterwards. */
export type Expectation = z.output<ReturnType<typeof expectationSchema>>;
/** What a sequence did, or that it hit the vector's step limit; that one never passes. */
export type Outcome = Expectation | "step-limit";
/** Where the address of the code under test is stored; null where the subject itself is the code under test. */
export type CodePointer = z.output<ReturnType<typeof vectorSchema>>["pointer"];
/** One test/audit vector (docs/vectors.md). */
export type Vector = z.output<ReturnType<typeof vectorSchema>>;
/** Vectors with the codes that their accounts name. */
export type VectorSet = z.output<ReturnType<typeof vectorSetSchema>>;
