import { evaluateCodePolynomial } from "../../src/code/index.js";
import { chunkBytes, FIELD_ORDER } from "../../src/field/index.js";
import { patchCommitment } from "../../src/patch/index.js";
import { bindCase, SMALL_CHUNKS } from "../../tools/circuits/bind-case.js";
import type { FalseStatement } from "./lies.js";

const CODE = Uint8Array.from({ length: 500 }, (_, i) => (i * 37 + 11) % 256);

type Signals = Record<string, bigint> & { chunks: bigint[] };

function lie(name: string, refusedBy: string, change: (signals: Signals) => void): FalseStatement {
  return {
    name,
    refusedBy,
    input: () => {
      const signals = structuredClone(bindCase(CODE).input) as Signals;
      change(signals);
      return signals;
    },
  };
}

/** Puts other code into the witness and the value of its polynomial, all but the commitment. */
function otherCode(change: (code: Uint8Array) => Uint8Array): (signals: Signals) => void {
  return (signals) => {
    const code = change(CODE.slice());
    signals.length = BigInt(code.length);
    signals.chunks = [...chunkBytes(code), ...Array<bigint>(SMALL_CHUNKS).fill(0n)].slice(0, SMALL_CHUNKS);
    signals.value = evaluateCodePolynomial(code, signals.point!);
  };
}

const with1 = (code: Uint8Array, index: number): Uint8Array => {
  code[index]! ^= 1;
  return code;
};

export const FALSE_BIND_STATEMENTS: readonly FalseStatement[] = [
  lie(
    "first byte of the code changed",
    "Bind",
    otherCode((code) => with1(code, 0)),
  ),
  lie(
    "middle byte of the code changed",
    "Bind",
    otherCode((code) => with1(code, 250)),
  ),
  lie(
    "last byte of the code changed",
    "Bind",
    otherCode((code) => with1(code, 499)),
  ),
  lie(
    "zero byte appended to the code",
    "Bind",
    otherCode((code) => Uint8Array.from([...code, 0])),
  ),
  lie(
    "last byte of the code dropped",
    "Bind",
    otherCode((code) => code.subarray(0, 499)),
  ),
  lie(
    "first byte of the code dropped",
    "Bind",
    otherCode((code) => code.subarray(1)),
  ),
  lie("length changed", "Bind", (s) => {
    s.length! += 1n;
  }),
  lie("length of p - 1", "Bind", (s) => {
    s.length = FIELD_ORDER - 1n;
  }),
  lie("padding chunk that is not 0", "Bind", (s) => {
    s.chunks[SMALL_CHUNKS - 1] = 1n;
  }),
  lie("two chunks swapped", "Bind", (s) => {
    [s.chunks[0], s.chunks[1]] = [s.chunks[1]!, s.chunks[0]!];
  }),
  lie("value of other code", "Bind", (s) => {
    s.value! += 1n;
  }),
  lie("value at another point", "Bind", (s) => {
    s.value = evaluateCodePolynomial(CODE, s.point! + 1n);
  }),
  lie("point changed", "Bind", (s) => {
    s.point! += 1n;
  }),
  lie("point of 0, where only the length counts", "Bind", (s) => {
    s.point = 0n;
  }),
  lie("layout root that is not inside C", "Bind", (s) => {
    s.layoutRoot! += 1n;
  }),
  lie("account that is not inside C", "Bind", (s) => {
    s.account! += 1n;
  }),
  lie("gas of the migration that is not inside C", "Bind", (s) => {
    s.account! += 1n << 160n;
  }),
  lie("migration that is not inside C", "Bind", (s) => {
    s.migrationDigest! += 1n;
  }),
  lie("account and migration swapped", "Bind", (s) => {
    [s.account, s.migrationDigest] = [s.migrationDigest!, s.account!];
  }),
  lie("layout root and account swapped", "Bind", (s) => {
    [s.layoutRoot, s.account] = [s.account!, s.layoutRoot!];
  }),
  lie("execution digest that is not inside C", "Bind", (s) => {
    s.executionDigest! += 1n;
  }),
  lie("execution digest left out", "Bind", (s) => {
    s.executionDigest = 0n;
  }),
  lie("code digest that is not that of the code", "Bind", (s) => {
    s.codeDigest! += 1n;
  }),
  lie("code digest and commitment of other code", "Bind", (s) => {
    const { opening } = bindCase(CODE);
    s.codeDigest! += 1n;
    s.commitment = patchCommitment({ ...opening, codeDigest: s.codeDigest! });
  }),
  lie("incident root that is not inside C", "Bind", (s) => {
    s.incidentRoot! += 1n;
  }),
  lie("salt that is not inside C", "Bind", (s) => {
    s.salt! += 1n;
  }),
  lie("commitment to another patch", "Bind", (s) => {
    s.commitment! += 1n;
  }),
];
