import { FIELD_ORDER as R } from "../../src/field/index.js";

// What callers without types can give, and JavaScript would turn into something else without a word: "" and [] into 0,
// hex into its characters, undefined into nothing that is compared.

export const NO_ELEMENT: readonly unknown[] = [
  ...[0, 1, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, true, null, undefined, {}, [], [1n]],
  ...["", "1", "0x1", "-1", -1n, R, R + 1n, 2n ** 256n],
];
export const bytesOf = (length: number, fill = 7) => new Uint8Array(length).fill(fill);
export const hex = (length: number) => `0x${"11".repeat(length)}`;
export const NO_BYTES: readonly unknown[] = [
  ...[null, undefined, 0, 32, Number.NaN, 1n, true, {}, [], [1, 2], [300], "", "0x", "0x12", "12", hex(32)],
  ...[new Uint16Array(32), new ArrayBuffer(32), new DataView(new ArrayBuffer(32)), { length: 32 }],
];
export const NO_HASH: readonly unknown[] = [
  ...[
    "",
    "0x",
    hex(31),
    hex(33),
    hex(32).slice(2),
    `${hex(31)}1`,
    `${hex(31)}zz`,
    1,
    1n,
    null,
    undefined,
    {},
    [],
  ],
];
export const NO_ADDRESS: readonly unknown[] = [
  ...["", "0x", hex(19), hex(21), hex(32), "name.eth", 1, 1n, null, undefined, {}, []],
  // One letter in the other case: the checksum (EIP-55) is wrong.
  "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
];
export const NO_KEY: readonly unknown[] = [
  ...NO_BYTES,
  ...[0, 1, 31, 33, 64].map((length) => bytesOf(length)),
  // Wiped, or never read.
  bytesOf(32, 0),
];
/** What is no unsigned integer of some bits. */
export const noUint = (bits: number): readonly unknown[] => [
  ...[-1n, 2n ** BigInt(bits), 1, -1, 1.5, Number.NaN, "", "1", "0x1", true, null, undefined, {}, []],
];
export const NO_COUNT: readonly unknown[] = [
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "1",
  "",
  true,
  null,
  {},
  [],
];
