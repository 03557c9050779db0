import { afterEach, describe, expect, it, vi } from "vitest";
import { membersOf } from "../../src/cli/seal/members.js";
import { bundleFileOf, targetFileOf } from "../../src/cli/seal/names.js";
import { printSealed } from "../../src/cli/seal/print.js";
import { readerOf } from "../../src/cli/seal/readers.js";
import { NO_GROUP } from "../../src/patch/index.js";

const LIBRARY = `src/L.sol:L=0x${"11".repeat(20)}`;

describe("what a command line says of its patches", () => {
  it("is one patch, whose options stand as they are", () => {
    const options = {
      ...{ out: "p.age", proxy: ["vault"], contract: "src/A.sol:A", incidents: ["i.json"] },
      ...{
        migration: ["0x01"],
        migrationGas: ["500000"],
        constructorArgs: ["0x02"],
        current: ["old.json:A"],
      },
      library: [LIBRARY, "src/M.sol:M=0x"],
    };
    expect(membersOf(options)).toEqual([
      {
        ...{ proxy: "vault", contract: "src/A.sol:A", incidents: "i.json", migration: "0x01" },
        ...{ migrationGas: "500000", constructorArgs: "0x02", current: "old.json:A" },
        libraries: [LIBRARY, "src/M.sol:M=0x"],
      },
    ]);
  });

  it("is several, each with what names it, in the order of the proxies", () => {
    const options = {
      ...{ out: "p.age", group: true, proxy: ["b=src/B.sol:B", "a=src/A.sol:A"] },
      ...{ incidents: ["a=a=1.json", "b=b.json"], library: [`b=${LIBRARY}`], migration: ["a=0x01"] },
      migrationGas: ["a=7"],
    };
    expect(membersOf(options)).toEqual([
      { proxy: "b", contract: "src/B.sol:B", incidents: "b.json", libraries: [LIBRARY] },
      {
        ...{ proxy: "a", contract: "src/A.sol:A", incidents: "a=1.json", migration: "0x01" },
        ...{ migrationGas: "7", libraries: [] },
      },
    ]);
  });

  it.each<[string, object]>([
    ["an option twice", { incidents: ["a=1", "a=2", "b=3"] }],
    ["an option without a name", { incidents: ["1", "b=3"] }],
    ["a patch without incidents", { incidents: ["a=1"] }],
    ["gas without a migration", { migrationGas: ["a=1"] }],
    ["a library for somebody else", { library: [`c=${LIBRARY}`] }],
    ["a contract for all", { contract: "src/A.sol:A" }],
    ["a proxy without its contract", { proxy: ["a", "b=B"] }],
  ])("is refused with %s", (_, change) => {
    const options = { out: "p.age", group: true, proxy: ["a=A", "b=B"], incidents: ["a=1", "b=2"] };
    expect(() => membersOf(options)).not.toThrow();
    expect(() => membersOf({ ...options, ...change })).toThrow(
      expect.objectContaining({ code: "cli/usage" }),
    );
  });

  it("names the files beside the bundle", () => {
    expect([targetFileOf("a/p.age"), bundleFileOf("a/p.age", "vault"), targetFileOf("p")]).toEqual([
      ...["a/p.target.json", "a/p.vault.age", "p.target.json"],
    ]);
  });

  it("T20: shows no identity that was given as a reader", async () => {
    for (const text of [`AGE-SECRET-KEY-1${"Q".repeat(58)}`, `/tmp/AGE-SECRET-KEY-1${"Q".repeat(58)}`]) {
      const error = await readerOf(text).catch((thrown: object) => thrown);
      expect(error).toMatchObject({ code: "patch/invalid-recipient" });
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("QQQ");
    }
  });
});

describe("what was sealed", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is told with the libraries that it is linked with, and its group", () => {
    let text = "";
    vi.spyOn(process.stdout, "write").mockImplementation((part) => {
      text += part;
      return true;
    });
    const library = { library: "src/L\u001b[2J.sol:L", address: `0x${"11".repeat(20)}` };
    const sealed = {
      lane: { name: "vault" },
      target: { group: `0x${"ab".repeat(32)}`, validUntil: 1_800_000_000n },
      review: {
        statement: { commitment: 7n },
        report: { baseline: [], incidents: [], waived: [] },
        patch: { warnings: [], artifact: { linkReferences: [library] } },
      },
      ...{ bundle: "p.age", readers: [{ label: null, recipient: "age1x" }] },
    } as unknown as Parameters<typeof printSealed>[0][number];
    printSealed([sealed], false);
    expect(text).toMatch(/linked with +src\/L \[2J\.sol:L at 0x1111/);
    expect(text).toMatch(/group +0xabab/);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    text = "";
    printSealed([{ ...sealed, target: { ...sealed.target, group: NO_GROUP } }], true);
    expect(JSON.parse(text).sealed).toMatchObject([
      { group: null, libraries: [`src/L\u001b[2J.sol:L at 0x${"11".repeat(20)}`] },
    ]);
  });
});
