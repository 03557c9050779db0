import { ZeroAddress } from "ethers";
import * as safe from "../../src/safe/index.js";
import { members, type Row } from "./row.js";
import { hex, NO_ADDRESS, noUint } from "./values.js";

const PLACE = { chainId: 1n, safe: hex(20) };
const TRANSACTION = safe.plainCall({ to: hex(20), data: "0x12", nonce: 7n });
const CALL = "safe/malformed-transaction";
const NO_CALLDATA = ["", "12", "0x1", "0xZZ", "0xAB", 0, 1n, null, undefined, {}, []];
const NO_OPERATION = [-1, 2, 1.5, Number.NaN, 0n, "0", "", true, null, undefined, {}, []];

/** What the functions of the Safe room refuse. */
export const SAFE_ROWS: readonly Row[] = [
  ...members("safeDomain", PLACE, safe.safeDomain, ["chainId"], noUint(256), CALL),
  ...members("safeDomain", PLACE, safe.safeDomain, ["safe"], NO_ADDRESS, CALL),
  ...members(
    "safeHashes",
    TRANSACTION,
    (whole) => safe.safeHashes(PLACE, whole),
    ["value", "safeTxGas", "baseGas", "gasPrice", "nonce"],
    noUint(256),
    CALL,
  ),
  ...members(
    "safeHashes",
    TRANSACTION,
    (whole) => safe.safeHashes(PLACE, whole),
    ["to", "gasToken", "refundReceiver"],
    NO_ADDRESS,
    CALL,
  ),
  ["safeHashes: data", (data) => safe.safeHashes(PLACE, { ...TRANSACTION, data }), NO_CALLDATA, CALL],
  [
    "safeHashes: operation",
    (operation) => safe.safeHashes(PLACE, { ...TRANSACTION, operation }),
    NO_OPERATION,
    CALL,
  ],
  ["plainCall: to", (to) => safe.plainCall({ to, data: "0x", nonce: 0n }), NO_ADDRESS, CALL],
  ["plainCall: nonce", (nonce) => safe.plainCall({ to: ZeroAddress, data: "0x", nonce }), noUint(256), CALL],
];
