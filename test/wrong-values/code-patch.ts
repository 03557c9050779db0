import { JsonRpcProvider } from "ethers";
import * as chain from "../../src/chain/index.js";
import * as code from "../../src/code/index.js";
import * as patch from "../../src/patch/index.js";
import { ADDRESS, BYTES, FIELD, HASH, members, type Row } from "./row.js";
import { AUDITORS, DEPLOYMENT, KEY, OPENING, PARTS, POLICY, TARGET } from "./samples.js";
import { hex, NO_ADDRESS, NO_BYTES, NO_COUNT, NO_ELEMENT, NO_HASH, noUint } from "./values.js";

const RELAY: chain.RelayOptions = {
  url: "https://relay.example",
  kind: "bundle",
  blocks: 25,
  provider: new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true }),
};
const MALFORMED_RELAY = "chain/malformed-relay";

/** What the functions of these rooms refuse. */
export const CODE_AND_PATCH_ROWS: readonly Row[] = [
  ["assertCodeSize", (value) => code.assertCodeSize(value), NO_BYTES, BYTES],
  ["assertExecutable", (value) => code.assertExecutable(value), NO_BYTES, BYTES],
  ["codeDigest", (value) => code.codeDigest(value), NO_BYTES, BYTES],
  ["codeChunks", (value) => code.codeChunks(value), NO_BYTES, BYTES],
  ["evaluateCodePolynomial: code", (value) => code.evaluateCodePolynomial(value, 1n), NO_BYTES, BYTES],
  ["evaluateCodePolynomial: point", (value) => code.evaluateCodePolynomial(KEY, value), NO_ELEMENT, FIELD],
  ["instructionsOf", (value) => [...code.instructionsOf(value)], NO_BYTES, BYTES],
  ["runnableInstructions", (value) => [...code.runnableInstructions(value)], NO_BYTES, BYTES],
  ["metadataOffset", (value) => code.metadataOffset(value), NO_BYTES, BYTES],
  ["bindPoint: commitment", (value) => code.bindPoint(value, hex(32)), NO_ELEMENT, FIELD],
  ["bindPoint: code hash", (value) => code.bindPoint(1n, value), NO_HASH, HASH],
  ["checkAddress", (value) => code.checkAddress(value, "it"), NO_ADDRESS, ADDRESS],
  ...members("create2Address", DEPLOYMENT, code.create2Address, ["deployer"], NO_ADDRESS, ADDRESS),
  ...members(
    "create2Address",
    DEPLOYMENT,
    code.create2Address,
    ["deploySalt"],
    NO_HASH,
    "code/invalid-deploy-salt",
  ),
  ...members("create2Address", DEPLOYMENT, code.create2Address, ["initCode"], NO_BYTES, BYTES),
  ["deployCode: init code", (initCode) => code.deployCode({ initCode, address: hex(20) }), NO_BYTES, BYTES],
  ["deployCode: address", (address) => code.deployCode({ initCode: KEY, address }), NO_ADDRESS, ADDRESS],
  [
    "deployCode: chain id",
    (chainId) => code.deployCode({ initCode: KEY, address: hex(20), chainId }),
    [-1n, 2n ** 53n, 1, Number.NaN, "", "1", true, {}, []],
    "code/out-of-range",
  ],

  ...members("relayTo", RELAY, chain.relayTo, ["url", "kind"], NO_HASH, MALFORMED_RELAY),
  ...members("relayTo", RELAY, chain.relayTo, ["blocks"], [0, 101, ...NO_COUNT], MALFORMED_RELAY),

  ["patchAccount: address", (value) => patch.patchAccount(value, 1n), NO_ADDRESS, ADDRESS],
  ["patchAccount: gas", (value) => patch.patchAccount(hex(20), value), noUint(64), "patch/migration-gas"],
  ["migrationDigest", (value) => patch.migrationDigest(value), NO_BYTES, BYTES],
  ...members("callDigest", OPENING, patch.callDigest, ["account", "executionDigest"], NO_ELEMENT, FIELD),
  ...members("patchCommitment", OPENING, patch.patchCommitment, ["codeDigest", "salt"], NO_ELEMENT, FIELD),
  ...members("shownOpening", OPENING, patch.shownOpening, ["layoutRoot", "salt"], NO_ELEMENT, FIELD),
  ...members("targetLeaf", TARGET, patch.targetLeaf, ["chainId"], noUint(256), "patch/malformed-target"),
  ...members(
    "targetLeaf",
    TARGET,
    patch.targetLeaf,
    ["nonce", "validUntil"],
    noUint(64),
    "patch/malformed-target",
  ),
  ...members(
    "targetLeaf",
    TARGET,
    patch.targetLeaf,
    ["timelock", "proxy"],
    NO_ADDRESS,
    "patch/malformed-target",
  ),
  ...members(
    "targetLeaf",
    TARGET,
    patch.targetLeaf,
    ["codehash", "group"],
    NO_HASH,
    "patch/malformed-target",
  ),
  ...members("targetToJson", TARGET, patch.targetToJson, ["nonce"], noUint(64), "patch/malformed-target"),
  [
    "TargetTree",
    (value) => new patch.TargetTree(value),
    [[], "", "1", {}, 1, null, undefined],
    "patch/no-target",
  ],
  [
    "TargetTree: target",
    (value) => new patch.TargetTree([value]),
    [{}, null, "", 1, []],
    "patch/malformed-target",
  ],
  ["groupOf: alone", (value) => patch.groupOf([value]), NO_ELEMENT, FIELD],
  ["groupOf", (value) => patch.groupOf([1n, value]), NO_ELEMENT, FIELD],
  ["statementId: commitment", (value) => patch.statementId(value, hex(32)), NO_ELEMENT, FIELD],
  ["statementId: leaf", (value) => patch.statementId(1n, value), NO_HASH, HASH],
  ...members(
    "largestMigrationGas",
    PARTS,
    patch.largestMigrationGas,
    ["initCode", "code", "migration"],
    NO_BYTES,
    BYTES,
  ),
  ...["assertPolicy", "policyToJson"].flatMap((name) => {
    const call = name === "assertPolicy" ? patch.assertPolicy : patch.policyToJson;
    return [
      ...members(
        name,
        POLICY,
        call,
        ["threshold"],
        [...NO_COUNT, 0, 1n, 2, undefined],
        "audit/threshold-out-of-range",
      ),
      ...members(
        name,
        POLICY,
        call,
        ["maxWaivers"],
        [...NO_COUNT, 1, 0n, undefined],
        "patch/too-many-waivers",
      ),
      ...members(name, POLICY, call, ["layoutRoot"], NO_ELEMENT, FIELD),
      ...members(name, POLICY, call, ["migrationCaller"], NO_ADDRESS, ADDRESS),
      ...members(
        name,
        POLICY,
        call,
        ["auditors"],
        [{ ...AUDITORS }, [], null, undefined],
        "patch/malformed-policy",
      ),
    ];
  }),
];
