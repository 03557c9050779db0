import { AbiCoder, id, keccak256, toBeHex } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalLayout, compareLayouts, namespaceRoot } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });
const labels = (source: string) => compileLayout(source).entries.map(({ label }) => label);

describe("namespaceRoot", () => {
  it("matches the example of ERC-7201 and the slot that OpenZeppelin's Initializable states", () => {
    expect(namespaceRoot("example.main")).toBe(
      0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500n,
    );
    expect(namespaceRoot("openzeppelin.storage.Initializable")).toBe(
      0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00n,
    );
  });

  it("hashes all 32 bytes, leading zeros too", () => {
    const name = Array.from({ length: 2000 }, (_, index) => `n${index}`).find((text) =>
      id(text).startsWith("0x00"),
    )!;
    const encoded = AbiCoder.defaultAbiCoder().encode(["uint256"], [BigInt(id(name)) - 1n]);
    expect(namespaceRoot(name)).toBe((BigInt(keccak256(encoded)) >> 8n) << 8n);
  });

  it("always ends in a zero byte", () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (name) => namespaceRoot(name) % 256n === 0n));
  });
});

/** An upgradeable contract as OpenZeppelin 5 writes them. */
const vault = (members: string, more = "") => `
  abstract contract Ownable {
    /// @custom:storage-location erc7201:example.Ownable
    struct OwnableStorage { address owner; }
  }
  contract C is Ownable {
    /**
     * @notice What the vault holds.
     * @custom:storage-location erc7201:example.Vault
     */
    struct VaultStorage { ${members} }
    bytes32 private constant LOCATION = ${toBeHex(namespaceRoot("example.Vault"), 32)};
    function store() private pure returns (VaultStorage storage $) { assembly { $.slot := LOCATION } }
    function total() external view returns (uint256) { return store().total; }
    ${more}
  }`;
const members =
  "uint256 total; uint64 since; bool open; mapping(address => uint256) shares; uint256[5] __gap;";

describe("ERC-7201 namespaces", () => {
  it("give one entry a member, below the root, of the contract and of its bases", () => {
    const { entries } = compileLayout(vault(members));
    const root = namespaceRoot("example.Vault");
    const inVault = entries.filter(({ label }) => label.startsWith("erc7201:example.Vault."));
    expect(
      inVault.map(({ slot, offset, size, label, gap }) => [slot - root, offset, size, label, gap]),
    ).toEqual([
      [0n, 0, 32, "erc7201:example.Vault.total", false],
      [1n, 0, 8, "erc7201:example.Vault.since", false],
      [1n, 8, 1, "erc7201:example.Vault.open", false],
      [2n, 0, 32, "erc7201:example.Vault.shares", false],
      [3n, 0, 160, "erc7201:example.Vault.__gap", true],
    ]);
    expect(entries).toHaveLength(6);
    expect(entries.find(({ label }) => label === "erc7201:example.Ownable.owner")).toMatchObject({
      slot: namespaceRoot("example.Ownable"),
      type: "address",
    });
  });

  it("are compared like state variables", () => {
    const old = compileLayout(vault(members));
    const compare = (changed: string) =>
      compareLayouts(old, compileLayout(vault(changed))).findings.map(({ code, label }) => [code, label]);
    expect(compare(members.replace("uint256[5] __gap", "address keeper; uint256[4] __gap"))).toEqual([]);
    expect(compare(`${members} uint256 more;`)).toEqual([]);
    expect(compare(members.replace("uint64 since", "uint128 since"))).toEqual([
      ["layout/resized", "erc7201:example.Vault.since"],
      ["layout/moved", "erc7201:example.Vault.open"],
      ["layout/inserted-in-used-space", "erc7201:example.Vault.since"],
    ]);
  });

  it("count where libraries and files hold the struct that the contract's code refers to", () => {
    const outside = (using: string) => `
      /// @custom:storage-location erc7201:example.File
      struct FileStorage { uint256 a; }
      library Store {
        /// @custom:storage-location erc7201:example.Library
        struct LibraryStorage { uint256 a; }
        function get() internal pure returns (LibraryStorage storage $) { assembly { $.slot := 0 } }
        function file() internal pure returns (FileStorage storage $) { assembly { $.slot := 0 } }
      }
      library Indirect { function read() internal view returns (uint256) { return Store.get().a; } }
      contract Other {
        /// @custom:storage-location erc7201:example.Other
        struct OtherStorage { uint256 a; }
        function get() external view returns (uint256) { return Store.get().a; }
      }
      contract C { function f() external view returns (uint256) { return ${using}; } }`;
    expect(labels(outside("0"))).toEqual([]);
    expect(labels(outside("Store.get().a"))).toEqual(["erc7201:example.Library.a"]);
    expect(labels(outside("Indirect.read()"))).toEqual(["erc7201:example.Library.a"]);
    expect(labels(outside("Store.file().a"))).toEqual(["erc7201:example.File.a"]);
    // What another contract's code refers to lies in that contract's storage.
    expect(labels(outside("Other(address(1)).get()"))).toEqual([]);
  });

  it("of OpenZeppelin's Initializable are found through the imports", () => {
    const output = compileSolidity({
      code: false,
      sources: {
        "C.sol":
          'import "@openzeppelin/contracts/proxy/utils/Initializable.sol"; contract C is Initializable { uint256 x; }',
      },
    });
    const root = namespaceRoot("openzeppelin.storage.Initializable");
    expect(canonicalLayout(layoutSource(output, "C")).entries.slice(1)).toMatchObject([
      { slot: root, offset: 0, size: 8, label: "erc7201:openzeppelin.storage.Initializable._initialized" },
      { slot: root, offset: 8, size: 1, label: "erc7201:openzeppelin.storage.Initializable._initializing" },
    ]);
  });

  it("hold recursive structs", () => {
    const { entries } = compileLayout(vault("Node root; uint256 total;", "struct Node { Node[2][] next; }"));
    expect(entries.find(({ label }) => label.endsWith(".root"))!.type).toBe(
      "struct{struct^1[2][] next @0:0}",
    );
  });

  it("of one id collide, and are refused", () => {
    expect(() => compileLayout(vault(members).replace("example.Ownable", "example.Vault"))).toThrow(
      failure("layout/overlap", { message: expect.stringContaining("erc7201:example.Vault.owner") }),
    );
  });

  it("of an unknown formula are refused", () => {
    for (const location of ["erc9999:example.Vault", "erc7201:"]) {
      expect(() => compileLayout(vault(members).replace("erc7201:example.Vault", location))).toThrow(
        failure("layout/unknown-namespace-formula", {
          details: { struct: "C.VaultStorage", location },
        }),
      );
    }
  });
});
