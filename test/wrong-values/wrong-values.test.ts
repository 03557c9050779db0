import { describe, expect, it } from "vitest";
import * as audit from "../../src/audit/index.js";
import * as ceremony from "../../src/ceremony/index.js";
import * as chain from "../../src/chain/index.js";
import * as codeDoor from "../../src/code/index.js";
import * as doctor from "../../src/doctor/index.js";
import * as field from "../../src/field/index.js";
import * as keystore from "../../src/keystore/index.js";
import * as lane from "../../src/lane/index.js";
import * as layout from "../../src/layout/index.js";
import * as patch from "../../src/patch/index.js";
import * as project from "../../src/project/index.js";
import * as proof from "../../src/proof/index.js";
import * as report from "../../src/report/index.js";
import * as safe from "../../src/safe/index.js";
import * as solc from "../../src/solc/index.js";
import * as state from "../../src/state/index.js";
import * as vectors from "../../src/vectors/index.js";
import * as verify from "../../src/verify/index.js";
import * as watch from "../../src/watch/index.js";
import { CODE_AND_PATCH_ROWS } from "./code-patch.js";
import { FIELD_AND_AUDIT_ROWS } from "./field-audit.js";
import { OTHERS } from "./others.js";
import { PROOF_AND_VECTOR_ROWS } from "./proof-vectors.js";
import { SAFE_ROWS } from "./safe.js";
import { ATTESTATION, BIND, POINT, PROOF, STATEMENT, TARGET } from "./samples.js";
import { hex, NO_ELEMENT } from "./values.js";

const ROWS = [...FIELD_AND_AUDIT_ROWS, ...CODE_AND_PATCH_ROWS, ...PROOF_AND_VECTOR_ROWS, ...SAFE_ROWS];

describe("a value that is none of its kind is refused, never turned into another", () => {
  it.each(ROWS)("%s", async (_, call, values, code) => {
    for (const value of values) {
      const refusal = await Promise.resolve()
        .then(() => call(value as never))
        .then(
          () => "accepted",
          (error: { code?: unknown }) => error.code ?? error,
        );
      expect({ value, refusal }).toEqual({ value, refusal: code });
    }
  });

  it("a private key is not shown by its refusal", () => {
    const wrong = new TextEncoder().encode("not to be shown, 31 bytes long.");
    try {
      audit.attest(wrong, STATEMENT);
    } catch (error) {
      expect(error).toMatchObject({ details: { bytes: 31 } });
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toMatch(
        /not to be shown|110,111|6e6f74/,
      );
      return;
    }
    throw new Error("it was signed with");
  });

  it("a signature or a proof with a value of another kind does not verify, and does not throw", async () => {
    for (const value of NO_ELEMENT) {
      const S = value as bigint;
      const other = { ...ATTESTATION.signature };
      expect(audit.verifyAttestation({ ...ATTESTATION, signature: { ...other, S } }, STATEMENT)).toBe(false);
      const points: unknown[] = [[value, POINT[1]], [POINT[0], value], value, [value], [...POINT, value]];
      for (const point of points as audit.Point[]) {
        expect(audit.verifyAttestation({ ...ATTESTATION, publicKey: point }, STATEMENT)).toBe(false);
        const signature = { ...other, R8: point };
        expect(audit.verifyAttestation({ ...ATTESTATION, signature }, STATEMENT)).toBe(false);
      }
    }
    for (const value of [1, 1n, -1n, "", "-1", "0x1", true, null, undefined, [], {}]) {
      const wrong = { ...PROOF, pi_a: [value, "2", "1"] } as proof.Groth16Proof;
      expect(await proof.verifyBind({ statement: BIND, proof: wrong })).toBe(false);
    }
  });

  it("what a set or a tree was made of cannot be changed afterwards", () => {
    const keys = [[...POINT] as audit.Point];
    const set = new audit.AuditorSet(keys);
    keys[0] = [1n, 1n];
    keys.push([1n, 1n]);
    expect(set.publicKeys).toEqual([POINT]);
    expect(() => (set.publicKeys as audit.Point[]).push([1n, 1n])).toThrow(TypeError);
    const targets = [{ ...TARGET }];
    const tree = new patch.TargetTree(targets);
    Object.assign(targets[0]!, { proxy: hex(20).replace("11", "22") });
    expect(tree.targets).toEqual([TARGET]);
    expect(() => Object.assign(tree.targets[0]!, { nonce: 9n })).toThrow(TypeError);
    expect(() => Object.assign(tree.leaves, [hex(32)])).toThrow(TypeError);
  });

  it("no function of a door is left out", () => {
    const doors = {
      audit,
      ceremony,
      chain,
      code: codeDoor,
      doctor,
      field,
      keystore,
      lane,
      state,
      layout,
      patch,
      project,
      proof,
      report,
      safe,
      solc,
      vectors,
      verify,
      watch,
    };
    const inTable = new Set(ROWS.map(([name]) => name.split(":")[0]!));
    const others = Object.values(OTHERS).flat();
    const functions = Object.values(doors).flatMap((door) =>
      Object.entries(door).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
    );
    expect(functions.filter((name) => !inTable.has(name) && !others.includes(name))).toEqual([]);
    expect(others.filter((name) => !functions.includes(name))).toEqual([]);
    expect(others.filter((name, index) => inTable.has(name) || others.indexOf(name) !== index)).toEqual([]);
  });
});
