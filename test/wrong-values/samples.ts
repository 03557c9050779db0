import * as audit from "../../src/audit/index.js";
import * as patch from "../../src/patch/index.js";
import type * as proof from "../../src/proof/index.js";
import { sampleSet, sampleVector } from "../vectors/sample.js";
import { bytesOf, hex } from "./values.js";

export const KEY = bytesOf(32);
export const STATEMENT = { commitment: 1n, targetsRoot: 2n, vectorRoot: 3n, reportDigest: 4n };
export const ATTESTATION = audit.attest(KEY, STATEMENT);
export const AUDITORS = new audit.AuditorSet([ATTESTATION.publicKey]);
export const POINT = ATTESTATION.publicKey;
export const TARGET: patch.Target = {
  chainId: 1n,
  timelock: hex(20),
  proxy: hex(20),
  codehash: hex(32),
  nonce: 1n,
  validUntil: 2n,
  group: patch.NO_GROUP,
};
export const OPENING: patch.PatchOpening = {
  codeDigest: 1n,
  layoutRoot: 2n,
  incidentRoot: 3n,
  account: 4n,
  migrationDigest: 5n,
  executionDigest: 0n,
  salt: 6n,
};
export const POLICY: patch.PatchPolicy = {
  auditors: AUDITORS,
  threshold: 1,
  baseline: sampleSet([sampleVector()]),
  maxWaivers: 0,
  layoutRoot: 1n,
  migrationCaller: hex(20),
};
export const PROOF: proof.Groth16Proof = {
  pi_a: ["1", "2", "1"],
  pi_b: [
    ["1", "2"],
    ["3", "4"],
    ["1", "0"],
  ],
  pi_c: ["1", "2", "1"],
  protocol: "groth16",
  curve: "bn128",
};
export const ATTEST = { ...STATEMENT, auditorRoot: 1n, threshold: 1n, maxWaivers: 0n, layoutRoot: 1n };
export const BIND = {
  commitment: 1n,
  point: 1n,
  value: 1n,
  layoutRoot: 1n,
  account: 1n,
  migrationDigest: 1n,
  codeDigest: 1n,
};
export const PARTS = { initCode: KEY, code: KEY, migration: KEY };
export const COVERAGE = {
  branches: { reached: 1, total: 2, missing: [] },
  opcodes: { reached: 1, total: 2 },
  functions: undefined,
};
export const DEPLOYMENT = { deployer: hex(20), deploySalt: hex(32), initCode: KEY };

export function digests(value: unknown) {
  return { inputDigest: value as bigint, expectationDigest: 1n, runsDigest: 0n };
}
