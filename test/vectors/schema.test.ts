import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak256 } from "ethers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../src/field/index.js";
import {
  canonicalVectorSet,
  type Hex,
  mergeVectorSets,
  parseVectorSet,
  readVectorSet,
  VECTOR_LIMITS,
  type Vector,
  vectorSetToJson,
  writeVectorSet,
} from "../../src/vectors/index.js";
import { CALLER, PROXY_HASH, sampleSet, sampleVector } from "./sample.js";

const json = (): unknown => JSON.parse(JSON.stringify(vectorSetToJson(sampleSet())));

/** The object at a path such as `vectors.0.calls`, in parsed JSON. */
function at(file: unknown, path: string): Record<string, unknown> {
  return path
    .split(".")
    .filter((key) => key !== "")
    .reduce((value, key) => (value as Record<string, unknown>)[key], file) as Record<string, unknown>;
}

/** The sample file with the value at a path replaced. */
function altered(path: string, value: unknown): unknown {
  const file = json();
  const end = path.lastIndexOf(".");
  at(file, path.slice(0, Math.max(end, 0)))[path.slice(end + 1)] = value;
  return file;
}

const refuses = (value: unknown, code: string) =>
  expect(() => parseVectorSet(value)).toThrowError(expect.objectContaining({ code }));

describe("the vector file", () => {
  it("is read back as it was written", () => {
    expect(parseVectorSet(json())).toEqual(canonicalVectorSet(sampleSet()));
  });

  it("has 0x-hex strings for integers, as Ethereum's JSON-RPC", () => {
    expect(at(json(), "vectors.0.calls.0").value).toBe("0x9");
    expect(at(json(), "vectors.0.pointer").slot).toBe(`0x8${"0".repeat(62)}3`);
  });

  it("may write hex in any case", () => {
    const canonical = canonicalVectorSet(sampleSet());
    const coinbase = `0x${"CC".repeat(20)}`;
    expect(parseVectorSet(altered("vectors.0.calls.0.environment.coinbase", coinbase))).toEqual(canonical);
  });

  it("is brought into canonical order, without codes that nobody names", () => {
    const file = json();
    const accounts = at(file, "vectors.0").accounts as { storage: unknown[] }[];
    accounts.reverse()[0]!.storage.reverse();
    at(file, "codes")[keccak256("0xfe")] = "0xfe";
    expect(parseVectorSet(file)).toEqual(canonicalVectorSet(sampleSet()));
    expect(Object.keys(parseVectorSet(file).codes)).toEqual([PROXY_HASH]);
  });

  const call = at(json(), "vectors.0.calls.0");
  const malformations: [string, string, unknown][] = [
    ["another schema", "schema", "sealpatch.vectors/2"],
    ["an unknown field", "vectors.0.gas", "0x1"],
    ["an unknown hardfork", "vectors.0.hardfork", "london"],
    ["an unknown kind", "vectors.0.kind", "test"],
    ["no calls", "vectors.0.calls", []],
    ["a number for an integer", "vectors.0.calls.0.value", 9],
    ["leading zeros", "vectors.0.calls.0.value", "0x09"],
    ["257 bits", "vectors.0.calls.0.value", `0x1${"0".repeat(64)}`],
    ["a nonce of 65 bits", "vectors.0.accounts.0.nonce", `0x1${"0".repeat(16)}`],
    ["half a byte", "vectors.0.calls.0.data", "0x123"],
    ["a short address", "vectors.0.subject", "0x11"],
    ["a control character in a name", "vectors.0.name", "a\u001b[2J"],
    ["too large a step limit", "vectors.0.stepLimit", VECTOR_LIMITS.stepLimit + 1],
    ["a step limit of 0", "vectors.0.stepLimit", 0],
    ["too many calls", "vectors.0.calls", Array(VECTOR_LIMITS.calls + 1).fill(call)],
    ["too much calldata", "vectors.0.calls.0.data", `0x${"00".repeat(VECTOR_LIMITS.dataBytes + 1)}`],
    ["five topics", "vectors.0.expectation.calls.0.logs.0.topics", Array(5).fill("0x1")],
    [
      "a code digest outside the field",
      "vectors.0.expectation.accounts.0.codeDigest",
      `0x${FIELD_ORDER.toString(16)}`,
    ],
    ["a code under no hash", "codes.code", "0x00"],
    ["an empty code", `codes.${PROXY_HASH}`, "0x"],
  ];
  for (const [what, path, value] of malformations) {
    it(`is refused with ${what}`, () => refuses(altered(path, value), "vectors/malformed"));
  }

  it("is refused with more vectors than a tree holds, with the numbers", () => {
    const vector = at(json(), "vectors.0");
    const many = (count: number, kind: string) =>
      altered(
        "vectors",
        Array.from({ length: count }, (_, index) => ({ ...vector, kind, name: `v${index}` })),
      );
    for (const [kind, limit] of [
      ["regression", 128],
      ["incident", 16],
    ] as const) {
      expect(parseVectorSet(many(limit, kind)).vectors).toHaveLength(limit);
      expect(() => parseVectorSet(many(limit + 1, kind))).toThrowError(
        expect.objectContaining({ code: "vectors/too-many", details: { count: limit + 1, limit } }),
      );
    }
  });

  it("is refused where it is anything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        refuses(value, "vectors/malformed");
      }),
    );
  });
});

describe("a vector that contradicts itself", () => {
  const contradicts = (change: (vector: Vector) => void, code: string) => {
    const vector = structuredClone(sampleVector());
    change(vector);
    expect(() => canonicalVectorSet(sampleSet([vector]))).toThrowError(expect.objectContaining({ code }));
  };
  const cases: [string, string, (vector: Vector) => void][] = [
    ["an account twice", "vectors/duplicate", (v) => v.accounts.push(v.accounts[0]!)],
    ["a slot twice", "vectors/duplicate", (v) => v.accounts[1]!.storage.push({ slot: 7n, value: 9n })],
    [
      "a block hash twice",
      "vectors/duplicate",
      (v) => v.calls[0]!.environment.blockHashes.push({ number: 10n, hash: 1n }),
    ],
    [
      "an expected account twice",
      "vectors/duplicate",
      (v) => v.expectation.accounts.push(v.expectation.accounts[0]!),
    ],
    ["an expected slot twice", "vectors/duplicate", (v) => v.expectation.slots.push(v.expectation.slots[0]!)],
    [
      "a value for the pointer slot",
      "vectors/contradiction",
      (v) => v.accounts[1]!.storage.push({ slot: v.pointer!.slot, value: 1n }),
    ],
    ["no subject", "vectors/contradiction", (v) => v.accounts.pop()],
    ["a proxy without code", "vectors/contradiction", (v) => (v.accounts[1]!.codeHash = null)],
    [
      "a pointer into an unknown account",
      "vectors/contradiction",
      (v) => (v.pointer!.account = `0x${"33".repeat(20)}`),
    ],
    ["code for a subject that is under test", "vectors/contradiction", (v) => (v.pointer = null)],
    ["a missing expectation", "vectors/contradiction", (v) => v.expectation.calls.pop()],
    ["logs of a failing call", "vectors/contradiction", (v) => (v.expectation.calls[0]!.success = false)],
    [
      "a destroyed account with a balance",
      "vectors/contradiction",
      (v) => (v.expectation.accounts[0]!.destroyed = true),
    ],
    [
      "two chain ids",
      "vectors/contradiction",
      (v) => {
        v.calls.push(structuredClone(v.calls[0]!));
        v.calls[1]!.environment.chainId = 1n;
        v.expectation.calls.push(v.expectation.calls[0]!);
      },
    ],
    [
      "a hash without code",
      "vectors/code-missing",
      (v) => (v.accounts[0]!.codeHash = `0x${"44".repeat(32)}`),
    ],
  ];
  for (const [what, code, change] of cases) {
    it(`is refused with ${what}`, () => contradicts(change, code));
  }

  it("is refused with a code that does not hash to its key", () => {
    const set = { ...sampleSet(), codes: { [PROXY_HASH]: "0x01" as Hex } };
    expect(() => canonicalVectorSet(set)).toThrowError(
      expect.objectContaining({ code: "vectors/code-mismatch" }),
    );
  });

  it("is refused in a set with another of its name", () => {
    expect(() => mergeVectorSets([sampleSet(), sampleSet()])).toThrowError(
      expect.objectContaining({ code: "vectors/duplicate" }),
    );
    const other = sampleSet([sampleVector({ name: "other" })]);
    expect(mergeVectorSets([sampleSet(), other]).vectors.map((vector) => vector.name)).toEqual([
      "sample",
      "other",
    ]);
  });
});

describe("T20: messages about incident vectors", () => {
  const secret = "feedfacefeedface";
  const contents = (error: unknown) => JSON.stringify([(error as Error).message, error]);
  const caught = (action: () => unknown): unknown => {
    try {
      action();
    } catch (error) {
      return error;
    }
    throw new Error("nothing was refused");
  };

  it("name an index and nothing of what is inside, for every fault of the file", () => {
    const incident = sampleVector({ kind: "incident", name: secret });
    incident.calls[0]!.data = `0x${secret}`;
    const good = JSON.stringify(vectorSetToJson(sampleSet([incident])));
    const faults = [
      good.replace(`"0x${secret}"`, `"0x${secret}f"`),
      good.replace(`"name":"${secret}"`, `"name":"${secret}\\n"`),
      good.replace('"kind"', `"${secret}":1,"kind"`),
      good.replace(PROXY_HASH, `0x${secret}`),
      good.replace('"0x00"', `"${secret}"`),
    ];
    for (const fault of faults) {
      expect(fault).not.toBe(good);
      expect(contents(caught(() => parseVectorSet(JSON.parse(fault))))).not.toContain(secret);
    }
    incident.accounts.push(incident.accounts[0]!);
    const text = contents(caught(() => canonicalVectorSet(sampleSet([sampleVector(), incident]))));
    expect(text).toContain("incident vector 1");
    expect(text).not.toContain(secret);
    expect(text).not.toContain(CALLER.slice(2));
  });
});

describe("vector files on disk", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sealpatch-vectors-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are written whole or not at all, and read back", async () => {
    const path = join(folder, "baseline.json");
    await writeVectorSet(path, sampleSet());
    expect(await readVectorSet(path)).toEqual(canonicalVectorSet(sampleSet()));
    await expect(writeVectorSet(join(folder, "no", "such", "folder.json"), sampleSet())).rejects.toThrow();
    const broken = sampleSet([sampleVector({ name: "" })]);
    await expect(writeVectorSet(path, broken)).rejects.toMatchObject({ code: "vectors/malformed" });
    expect(await readVectorSet(path)).toEqual(canonicalVectorSet(sampleSet()));
    expect(await readdir(folder)).toEqual(["baseline.json"]);
  });

  it("T20: are for their owner only where they hold incidents", async () => {
    const path = join(folder, "incidents.json");
    await writeVectorSet(path, sampleSet([sampleVector({ kind: "incident" })]));
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it("are refused where there is none, and where it is no JSON, without quoting it", async () => {
    await expect(readVectorSet(join(folder, "none.json"))).rejects.toMatchObject({
      code: "vectors/unreadable",
    });
    const path = join(folder, "text.json");
    await writeFile(path, "feedface is secret");
    const error = await readVectorSet(path).catch((reason) => JSON.stringify([reason.message, reason]));
    expect(error).toContain("not JSON");
    expect(error).not.toContain("feedface");
    expect(await readFile(path, "utf8")).toContain("feedface");
  });
});
