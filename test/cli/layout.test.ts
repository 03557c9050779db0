import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealpatch } from "./sealpatch.js";

const OLD = `pragma solidity ^0.8.20;
import "./Types.sol";
import "lib/Base.sol";
contract Vault is Base { State state; mapping(address => Account) accounts; uint256[4] __gap; }`;
const NEW = OLD.replace("uint256[4] __gap", "uint256 fee; uint256[3] __gap");
const BAD = OLD.replace("State state;", "uint256 fee; State state;");
const LONG = `contract Long { struct Position { uint256 a; uint256 b; uint256 averageEntryPriceOfThePosition; }
  mapping(address => mapping(address => Position)) positionsOfAnOwnerByTheMarketThatTheyAreIn;
  Position thePositionOfTheContractItself;
  /// @custom:storage-location erc7201:example.protocol.storage.LongAndWinding
  struct Space { uint256 a; uint256 b; mapping(bytes32 => Position) positionsOfEverybodyElse; } }`;
let count = 0;
const FILES: Record<string, string> = {
  "Types.sol": "enum State { Idle, Open } struct Account { uint128 shares; State state; }",
  "node_modules/lib/Base.sol": "contract Base { address owner; }",
  "Old.sol": OLD,
  "New.sol": NEW,
  "Bad.sol": BAD,
  "Wide.sol": `contract Wide { ${"uint256 v;".repeat(65).replaceAll(/v/g, () => `v${++count}`)} }`,
  "Long.sol": LONG,
  "Longer.sol": LONG.replace("uint256 a; uint256 b;", "uint256 b; uint256 a;"),
  "Proxy.sol": "contract Proxy { fallback() external { address(1).delegatecall(msg.data); } }",
  "Two.sol": "contract A {} contract B {}",
  "Ancient.sol": "pragma solidity ^0.5.0; contract Vault { address owner; }",
  "Recent.sol": "pragma solidity ^0.8.20; contract Vault { address owner; uint256 fee; }",
  "Own.sol": 'import"pkg/P.sol";import {D as Mine} from "dep/D.sol"; contract Own is P, Mine {}',
  "node_modules/pkg/P.sol": 'import "dep/D.sol"; contract P is D {}',
  "node_modules/pkg/node_modules/dep/D.sol": "contract D { uint256 nested; }",
  "node_modules/dep/D.sol": "contract D { uint256 outer; }",
  "Lost.sol": 'import "./Nowhere.sol"; contract Vault {}',
  "Wrong.sol": "contract Vault { uint256 }",
  "junk.json": "[1, 2]",
};

let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sealpatch-cli-"));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("sealpatch layout", () => {
  it("shows a layout with what is inside of its variables, within 100 columns", async () => {
    const { code, stdout } = await sealpatch("layout", "show", path("Old.sol"));
    expect(code).toBe(0);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/accounts\[\]\.state\.Open +enum member/);
    expect(stdout).toMatch(/layoutRoot 0x[0-9a-f]{64}/);
    const json = JSON.parse((await sealpatch("layout", "show", path("Old.sol"), "--json")).stdout);
    expect(json).toMatchObject({ contract: "Vault", upgradesCore: "supported" });
    expect(json.entries.map(({ label }: { label: string }) => label)).toContain("owner");
  });

  it("says that a layout is preserved, and exits with 0", async () => {
    const { code, stdout } = await sealpatch("layout", "diff", path("Old.sol"), path("New.sol"));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/circuit +provable[\s\S]*: preserved\n$/)]);
  });

  it("says what breaks a layout, for people and for machines, and exits with 1", async () => {
    const { code, stdout } = await sealpatch("layout", "diff", path("Old.sol"), path("Bad.sol"));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/moved[\s\S]*accounts[\s\S]*: broken\n$/)]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    const json = await sealpatch("layout", "diff", path("Old.sol"), path("Bad.sol"), "--json");
    expect([json.code, json.stderr]).toEqual([1, ""]);
    const diff = JSON.parse(json.stdout);
    expect(diff).toMatchObject({
      verdict: "broken",
      verdicts: { upgradesCore: "unsafe", canonical: "broken", circuit: "refused" },
    });
    expect(diff.findings).toContainEqual({
      code: "layout/moved",
      slot: "1",
      offset: 0,
      label: "accounts",
      old: expect.objectContaining({ slot: "0x1", label: "accounts" }),
      new: expect.objectContaining({ slot: "0x3", label: "accounts" }),
      message: "accounts moved from slot 1 to slot 3",
      remedy: "declare it where it was; what is new goes behind the last variable or into a gap",
    });
    expect(stdout).toMatch(/upgrades-core \(layout\) +unsafe/);
    expect(stdout).toContain("to do: declare it where it was;");
  });

  it("exits with 2 where it could not judge, and where a preserved layout has no room in the circuit", async () => {
    const diff = (old: string, next: string, ...rest: string[]) =>
      sealpatch("layout", "diff", path(old), path(next), ...rest);
    const proxy = await diff("Proxy.sol", "New.sol");
    expect([proxy.code, proxy.stdout, proxy.stderr]).toEqual([
      2,
      "",
      expect.stringContaining("is this the proxy?"),
    ]);
    for (const [old, next] of [
      ["Old.sol", "Gone.sol"],
      ["Old.sol", "Wrong.sol"],
      ["junk.json", "New.sol"],
    ]) {
      expect((await diff(old!, next!)).code).toBe(2);
      expect((await diff(old!, next!, "--json")).code).toBe(2);
    }
    const wide = await diff("Wide.sol", "Wide.sol");
    expect([wide.code, wide.stdout]).toEqual([2, expect.stringMatching(/: preserved, does not fit\n$/)]);
    expect(wide.stdout).toMatch(/65 entries, more than the\s+64[\s\S]+to do: [\s\S]*slow path/);
  });

  it.each([60, 80, 100])(
    "prints tables of at most %i columns on such a terminal, with nothing left out",
    async (width) => {
      const onTerminal = async (...args: string[]) => {
        const { isTTY, columns, hasColors } = process.stdout;
        Object.assign(process.stdout, { isTTY: true, columns: width, hasColors: () => false });
        const { stdout } = await sealpatch("layout", ...args);
        Object.assign(process.stdout, { isTTY, columns, hasColors });
        const rows = stdout.split("\n").filter((line) => !line.startsWith("layoutRoot"));
        for (const line of rows) expect(line.length).toBeLessThanOrEqual(width);
        expect(stdout).not.toMatch(/\w\.\.\w/);
        return stdout.replaceAll(/\s+/g, "");
      };
      const shown = await onTerminal("show", path("Long.sol"));
      expect(shown).toContain("averageEntryPriceOfThePosition@2:0}");
      const diff = await onTerminal("diff", path("Long.sol"), path("Longer.sol"));
      expect(diff).toContain("thePositionOfTheContractItself(slot1):itsmemberamovedfromslot0toslot1,");
      expect(diff).toContain(
        "positionsOfAnOwnerByTheMarketThatTheyAreIn[][].amovedfromslot0ofitsstructtoslot1ofitsstruct",
      );
    },
  );

  it("compiles with another compiler where it is told to", async () => {
    const { code, stdout } = await sealpatch(
      ...["layout", "diff", path("Ancient.sol"), path("Ancient.sol"), "--solc", "solc-0.5.13"],
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining(": preserved")]);
  });

  it("compiles each side with a compiler of its own", async () => {
    const diff = ["layout", "diff", path("Ancient.sol:Vault"), path("Recent.sol:Vault")];
    const { code, stdout } = await sealpatch(...diff, "--old-solc", "solc-0.5.13");
    expect([code, stdout]).toEqual([0, expect.stringContaining(": preserved")]);
    const turned = await sealpatch(...diff, "--solc", "solc-0.5.13", "--new-solc", "solc");
    expect([turned.code, turned.stdout]).toEqual([code, stdout]);
    const wrong = await sealpatch(...diff, "--old-solc", "solc-0.5.13", "--new-solc", "solc-0.5.13");
    expect(wrong.stderr).toContain("the sources require another compiler than solc 0.5.13");
  });

  it("names the compiler that ran where the sources require another", async () => {
    const { stderr } = await sealpatch("layout", "show", path("Recent.sol"), "--solc", "solc-0.7.6");
    expect(stderr).toContain("another compiler than solc 0.7.6");
  });

  it("reads two releases of one package, each where it is imported", async () => {
    const { code, stdout } = await sealpatch("layout", "show", path("Own.sol:Own"), "--json");
    const labels = JSON.parse(stdout).entries.map(({ label }: { label: string }) => label);
    expect([code, labels]).toEqual([0, ["nested", "outer"]]);
  });

  it.each([
    ["a file that is not there", ["Gone.sol"], "there is no such file"],
    ["a file with two contracts", ["Two.sol"], "it declares A, B"],
    ["a contract that the file lacks", ["Two.sol:C"], "it declares A, B"],
    ["sources for another compiler", ["Ancient.sol"], "different compiler version"],
    ["a compiler that is not there", ["Ancient.sol", "--solc", "solc-0.0.1"], "no npm package"],
    ["an import that is not there", ["Lost.sol"], "imports are resolved"],
    ["sources that do not compile", ["Wrong.sol"], "ParserError"],
    ["a file that no compiler wrote", ["junk.json"], ""],
  ])("refuses %s in three parts", async (_, [file, ...rest], why) => {
    const { code, stdout, stderr } = await sealpatch("layout", "show", path(file!), ...rest);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: .+\n/);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(why);
    expect(stderr).toMatch(/\n {2}to do: .+\n( {9}.+\n)*$/);
  });
});
