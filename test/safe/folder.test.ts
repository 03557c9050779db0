import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  assertFolderHolds,
  checkSafeFolder,
  foldersOnNonce,
  parseSafeRequest,
  readSafeFolder,
  safeRequestToJson,
  writeSafeFolder,
} from "../../src/safe/index.js";
import { linesThat, newPlace, writtenFolder } from "./folders.js";
import { calls, NESTED, OWNERS, SAFE_ADDRESS, sampleRequest, TIMELOCK } from "./samples.js";

const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(folder, name), "utf8")]),
  );
const NAMES = [
  "VALIDATION.md",
  "safe-tx.json",
  "transaction-builder.json",
  `typed-data-for-${NESTED}.json`,
  "typed-data.json",
];

describe("a folder for the owners of a Safe", () => {
  it("has the same bytes for the same transaction, and stays with its signatures", async () => {
    const one = await writtenFolder(sampleRequest());
    const other = await writtenFolder(sampleRequest());
    expect(Object.keys(filesIn(one.folder)).sort()).toEqual([...NAMES].sort());
    expect(filesIn(one.folder)).toEqual(filesIn(other.folder));
    writeFileSync(join(one.folder, "signatures", "x.txt"), "x");
    expect(await writeSafeFolder(one.folder, { request: sampleRequest(), schedule: undefined })).toBe(false);
    expect(readdirSync(join(one.folder, "signatures"))).toEqual(["x.txt"]);
    expect(readdirSync(dirname(one.folder))).toEqual([basename(one.folder)]);
  });

  it("is read as it was written", async () => {
    const request = sampleRequest();
    expect((await writtenFolder(request)).request).toEqual(request);
    expect(parseSafeRequest(JSON.stringify(safeRequestToJson(request)))).toEqual(request);
  });

  it("fails nowhere as it is made, and says what it could not look at", async () => {
    const folder = await writtenFolder(sampleRequest());
    const checked = await checkSafeFolder(folder);
    expect(checked.action?.name).toBe("halt");
    expect(await linesThat("fails", folder)).toEqual([]);
    expect(await linesThat("not checked", folder)).toEqual([
      "the call goes to the protocol's timelock",
      "the Safe is as the folder says",
      "the Safe computes the same hash",
      `owner ${NESTED}, a Safe, computes the same hash of its message`,
      "the nonce is not used",
      "the Safe holds GUARDIAN_ROLE",
    ]);
    expect(() => assertFolderHolds(checked)).not.toThrow();
  });

  it.each(NAMES)("fails in one line with a byte more, without it, or empty: %s", async (name) => {
    const line = `${name} is made of the transaction`;
    for (const change of [
      (path: string) => appendFileSync(path, "\n"),
      (path: string) => writeFileSync(path, readFileSync(path, "utf8").replace("0", "O")),
      (path: string) => truncateSync(path),
      (path: string) => rmSync(path),
    ]) {
      const folder = await writtenFolder(sampleRequest());
      change(join(folder.folder, name));
      const checked = await checkSafeFolder(folder);
      expect(checked.checks.filter(({ outcome }) => outcome === "fails").map((one) => one.name)).toEqual([
        line,
      ]);
      expect(() => assertFolderHolds(checked)).toThrow(
        expect.objectContaining({
          code: "safe/not-checked",
          details: expect.objectContaining({ check: line }),
        }),
      );
    }
  });

  it("fails, or is not read, with another value anywhere in its transaction", async () => {
    const { folder } = await writtenFolder(sampleRequest());
    const path = join(folder, "safe-tx.json");
    const whole = JSON.parse(readFileSync(path, "utf8"));
    const walk = (value: unknown, at: readonly string[]): string[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([name, member]) => walk(member, [...at, name]))
        : [[...at]];
    const places = walk(whole, []);
    expect(places.length).toBeGreaterThan(26);
    for (const place of places) {
      const changed = structuredClone(whole);
      const [name, ...above] = [...place].reverse();
      const holder = above.reverse().reduce((value, key) => value[key], changed);
      holder[name!] = another(holder[name!]);
      writeFileSync(path, `${JSON.stringify(changed, null, 2)}\n`);
      const read = await readSafeFolder(folder).catch((error) => {
        expect(error, place.join(".")).toMatchObject({ code: "safe/malformed-transaction" });
        return undefined;
      });
      // Who owns the Safe stands in no other file: the chain says it, and until it is asked the line is open.
      const said = /^(owners|nested\.\w+\.owners)\./.test(place.join(".")) ? "not checked" : "fails";
      if (read !== undefined)
        expect(await linesThat(said, read), place.join(".")).toContainEqual(
          said === "fails" ? expect.anything() : "the Safe is as the folder says",
        );
      holder[name!] = undefined;
      writeFileSync(path, JSON.stringify(changed));
      await expect(readSafeFolder(folder), place.join(".")).rejects.toMatchObject({
        code: "safe/malformed-transaction",
      });
    }
  });

  it("fails in its hashes where all of its other files agree with them", async () => {
    const request = sampleRequest();
    for (const name of ["domainHash", "messageHash", "safeTxHash"] as const) {
      const hashes = { ...request.hashes, [name]: `0x${"00".repeat(32)}` };
      const folder = await writtenFolder({ ...request, hashes });
      expect(await linesThat("fails", folder), name).toEqual(["the hashes are those of the ten fields"]);
    }
  });
});

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  const text = String(value);
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return "0x00000000000000000000000000000000000000AA";
  return text.replace(/.$/, (last) => (last === "1" ? "2" : "1"));
}

describe("a transaction that is not of its form", () => {
  const json = safeRequestToJson(sampleRequest());
  const { transaction } = json;
  it.each([
    ["no JSON", "{"],
    ["a member more", { ...json, note: "sign this" }],
    ["a field more", { ...json, transaction: { ...transaction, extra: "0" } }],
    ["a number for a text", { ...json, chainId: 1 }],
    ["a nonce of 2^256", { ...json, transaction: { ...transaction, nonce: (2n ** 256n).toString() } }],
    ["a nonce with a zero before it", { ...json, transaction: { ...transaction, nonce: "07" } }],
    ["a negative value", { ...json, transaction: { ...transaction, value: "-1" } }],
    ["operation 2", { ...json, transaction: { ...transaction, operation: 2 } }],
    ["half a byte of data", { ...json, transaction: { ...transaction, data: "0x1" } }],
    ["data in capitals", { ...json, transaction: { ...transaction, data: "0xAB" } }],
    ["an address with a false checksum", { ...json, safe: SAFE_ADDRESS.toLowerCase().replace("afe", "aFe") }],
    ["a release that is not known", { ...json, version: "1.2.0" }],
    ["no owner", { ...json, owners: [] }],
    ["an owner twice", { ...json, owners: [...json.owners, OWNERS[0]] }],
    ["a threshold of 0", { ...json, threshold: 0 }],
    ["a threshold above its owners", { ...json, threshold: json.owners.length + 1 }],
    ["a nested Safe that is no owner", { ...json, nested: { [TIMELOCK]: json.nested[NESTED] } }],
    [
      "a nested Safe that asks for too many",
      { ...json, nested: { [NESTED]: { ...json.nested[NESTED], threshold: 9 } } },
    ],
    ["a key twice", JSON.stringify(json).replace('"safe":', '"threshold":1,"safe":')],
  ])("is refused: %s", (_, file) => {
    expect(() => parseSafeRequest(file)).toThrow(
      expect.objectContaining({ code: "safe/malformed-transaction" }),
    );
  });
});

describe("a place where a folder cannot be written", () => {
  const parts = { request: sampleRequest(), schedule: undefined };

  it.each([
    [
      "another transaction's folder",
      (path: string) => writeSafeFolder(path, { ...parts, request: sampleRequest({ nonce: 8n }) }),
    ],
    ["an empty folder", (path: string) => mkdirSync(path)],
    ["a file", (path: string) => writeFileSync(path, "")],
    ["a link to nothing", (path: string) => symlinkSync("nowhere", path)],
    [
      "a folder that was written in part",
      async (path: string) => {
        await writeSafeFolder(path, parts);
        rmSync(join(path, "VALIDATION.md"));
      },
    ],
  ])("is %s", async (_, make) => {
    const path = join(newPlace(), "folder");
    await make(path);
    const before = readdirSync(dirname(path), { recursive: true });
    await expect(writeSafeFolder(path, parts)).rejects.toMatchObject({
      code: "safe/other-folder",
      details: { folder: path },
    });
    expect(readdirSync(dirname(path), { recursive: true })).toEqual(before);
  });

  it("is below a file", async () => {
    const place = newPlace();
    writeFileSync(join(place, "file"), "");
    await expect(writeSafeFolder(join(place, "file", "folder"), parts)).rejects.toMatchObject({
      code: "safe/unwritable-folder",
    });
  });
});

describe("a folder that cannot be read", () => {
  const unreadable = { code: "safe/unreadable-folder" };

  it.each([
    ["there is none", (folder: string) => rmSync(folder, { recursive: true })],
    ["it has no transaction", (folder: string) => rmSync(join(folder, "safe-tx.json"))],
    ["its transaction is a folder", (folder: string) => put(folder, (path) => mkdirSync(path))],
    [
      "its transaction is a link to what never ends",
      (folder: string) => put(folder, (path) => symlinkSync("/dev/zero", path)),
    ],
    [
      "its transaction is a link to a file",
      (folder: string) => put(folder, (path) => symlinkSync("VALIDATION.md", path)),
    ],
    [
      "its transaction has no end",
      (folder: string) => truncateSync(join(folder, "safe-tx.json"), 2 ** 24 + 1),
    ],
    ["its schedule is a link", (folder: string) => symlinkSync("/dev/zero", join(folder, "schedule.json"))],
  ])("is refused: %s", async (_, change) => {
    const { folder } = await writtenFolder(sampleRequest());
    change(folder);
    await expect(readSafeFolder(folder)).rejects.toMatchObject(unreadable);
  });

  it("is a line that fails where another file of it is a link", async () => {
    const folder = await writtenFolder(sampleRequest());
    const path = join(folder.folder, "VALIDATION.md");
    renameSync(path, join(folder.folder, "..", "other"));
    symlinkSync("../other", path);
    expect(await linesThat("fails", folder)).toEqual(["VALIDATION.md is made of the transaction"]);
  });
});

function put(folder: string, make: (path: string) => void): void {
  const path = join(folder, "safe-tx.json");
  rmSync(path);
  make(path);
}

describe("two folders on one nonce", () => {
  it("are warned of, in each of them", async () => {
    const place = newPlace();
    const one = await writtenFolder(sampleRequest(), undefined, join(place, "one"));
    expect(await foldersOnNonce(one)).toEqual([]);
    const data = calls("another reason").halt;
    const two = await writtenFolder(sampleRequest({ data }), undefined, join(place, "two"));
    expect(await foldersOnNonce(one)).toEqual([two.folder]);
    expect(await foldersOnNonce(two)).toEqual([one.folder]);
    expect((await checkSafeFolder(one)).sameNonce).toEqual([two.folder]);
    expect(await linesThat("fails", one)).toEqual([]);
  });

  it("are found where the other says of itself that it has the same hash", async () => {
    const place = newPlace();
    const one = await writtenFolder(sampleRequest(), undefined, join(place, "one"));
    const other = { ...sampleRequest({ data: calls("another reason").halt }), hashes: one.request.hashes };
    const two = await writtenFolder(other, undefined, join(place, "two"));
    expect(await foldersOnNonce(one)).toEqual([two.folder]);
  });

  it("are none where chain, Safe or nonce are others, or the transaction is the same", async () => {
    const place = newPlace();
    const one = await writtenFolder(sampleRequest(), undefined, join(place, "one"));
    const others = [
      sampleRequest(),
      sampleRequest({ nonce: 8n }),
      sampleRequest({}, { chainId: 1n }),
      sampleRequest({}, { safe: TIMELOCK }),
    ];
    for (const [index, request] of others.entries())
      await writtenFolder(request, undefined, join(place, `other-${index}`));
    mkdirSync(join(place, "empty"));
    writeFileSync(join(place, "file"), "");
    expect(await foldersOnNonce(one)).toEqual([]);
  });
});
