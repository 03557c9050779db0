import { toBeHex } from "ethers";
import { describe, expect, it } from "vitest";
import {
  compareLayouts,
  diffLayouts,
  layoutRoot,
  layoutToJson,
  namespaceRoot,
  parseLayout,
  readContractLayout,
} from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";
import { compileLayout } from "./compile.js";
import { lostValues } from "./evm-truth.js";

const slotOf = (id: string) => toBeHex(namespaceRoot(id), 32);
const [VAULT, OTHER] = [slotOf("acme.vault"), slotOf("acme.vaultV2")];

/** A contract whose function reaches the namespace `acme.vault` by what the text says. */
const reaching = (code: string, compiler?: "0.8.37") => {
  const text = `
    library Slots { bytes32 internal constant VAULT = ${VAULT}; }
    function file() pure returns (bytes32) { return ${VAULT}; }
    contract Base {
      function location() internal pure virtual returns (bytes32) { return ${OTHER}; }
    }
    contract C is Base {
      /// @custom:storage-location erc7201:acme.vault
      struct S { uint256 total; uint256 cap; }
      function read() external view returns (uint256) { return store().total; }
      ${code}
    }`;
  const output = compileSolidity({
    code: false,
    sources: { "C.sol": text },
    ...(compiler === undefined ? {} : { compiler }),
  });
  return readContractLayout(output, "C.sol:C");
};
const store = (before: string, slot: string) =>
  `function store() private pure returns (S storage s) { ${before} assembly { s.slot := ${slot} } }`;
const codeSlots = (code: string, compiler?: "0.8.37") => [
  ...new Set(reaching(code, compiler).layout.entries.map(({ codeSlot }) => codeSlot)),
];

describe("the slot that the code itself gives a namespace", () => {
  const formula = 'keccak256(abi.encode(uint256(keccak256("acme.vault")) - 1)) & ~bytes32(uint256(0xff))';

  it.each([
    ["a constant", `bytes32 private constant AT = ${VAULT}; ${store("", "AT")}`],
    [
      "a constant of another",
      `bytes32 constant A = ${VAULT}; bytes32 constant B = A; ${store("bytes32 at = B;", "at")}`,
    ],
    ["the formula", `bytes32 private constant AT = ${formula}; ${store("bytes32 at = AT;", "at")}`],
    [
      "the formula in bytes",
      `bytes32 constant AT = keccak256(abi.encodePacked(uint256(keccak256(bytes("acme.vault"))) - 1)) & bytes32(~uint256(0xff)); ${store("bytes32 at = AT;", "at")}`,
    ],
    ["a literal", store("", VAULT)],
    [
      "a variable of the assembly",
      store("", `VAULT } assembly { let at := ${VAULT} s.slot := at`).replace("s.slot := VAULT", ""),
    ],
    ["arithmetic of the assembly", store("", `and(add(${VAULT}, 7), not(0xff))`)],
    ["a library's constant", store("bytes32 at = Slots.VAULT;", "at")],
    ["a function of the file", store("bytes32 at = file();", "at")],
    [
      "the override that runs",
      `function location() internal pure override returns (bytes32) { return ${VAULT}; } ${store("bytes32 at = location();", "at")}`,
    ],
  ])("is read from %s", (_, code) => {
    expect(codeSlots(code)).toEqual([namespaceRoot("acme.vault")]);
  });

  it("is read from the compiler's own erc7201", () => {
    expect(codeSlots(store('bytes32 at = bytes32(erc7201("acme.vault"));', "at"), "0.8.37")).toEqual([
      namespaceRoot("acme.vault"),
    ]);
  });

  it.each([
    ["an override that does not run", store("bytes32 at = location();", "at")],
    [
      "one of two functions",
      `${store("", VAULT)} function other() internal pure returns (S storage s) { assembly { s.slot := ${OTHER} } }`,
    ],
  ])("shows another than the annotation's in %s", (_, code) => {
    expect(codeSlots(code)).toEqual([namespaceRoot("acme.vaultV2")]);
  });

  it.each([
    [
      "a parameter",
      `function store() private pure returns (S storage) { return at(${VAULT}); } function at(bytes32 a) private pure returns (S storage s) { assembly { s.slot := a } }`,
    ],
    ["a variable that changes", store(`bytes32 at = ${VAULT}; at = ${OTHER};`, "at")],
    ["a variable that assembly changes", store(`bytes32 at = ${VAULT}; assembly { at := ${OTHER} }`, "at")],
    [
      "a variable that a tuple changes",
      store(`bytes32 at = ${VAULT}; (at, ) = (bytes32(${OTHER}), 1);`, "at"),
    ],
    [
      "a variable of the assembly that changes",
      store("", `0 let at := ${VAULT} at := ${OTHER} s.slot := at`).replace("s.slot := 0", ""),
    ],
    [
      "a state variable",
      `bytes32 at = ${VAULT}; function store() private view returns (S storage s) { bytes32 a = at; assembly { s.slot := a } }`,
    ],
    ["no assembly", "function store() private pure returns (S storage s) { s = store(); }"],
  ])("is not known from %s", (_, code) => {
    const { layout } = reaching(code);
    const members = layout.entries.filter(({ label }) => label.startsWith("erc7201:"));
    expect(members.map(({ codeSlot }) => codeSlot)).toEqual([undefined, undefined]);
  });
});

describe("a namespace that the code has elsewhere than its annotation", () => {
  const contract = (slot: string) => `contract C {
    /// @custom:storage-location erc7201:acme.vault
    struct S { uint256 total; }
    bytes32 private constant AT = ${slot};
    function store() private pure returns (S storage s) { assembly { s.slot := AT } }
  }`;
  const [right, wrong] = [contract(VAULT), contract(OTHER)];
  const read = (source: string) =>
    readContractLayout(compileSolidity({ code: false, sources: { "C.sol": source } }), "C.sol:C");

  it("loses its state, and is a finding on whichever side it is", async () => {
    expect(await lostValues(right, wrong)).toHaveLength(1);
    const { verdict, findings } = diffLayouts(read(right), read(wrong));
    expect(verdict).toBe("broken");
    expect(findings).toMatchObject([
      {
        code: "layout/namespace-elsewhere",
        label: "erc7201:acme.vault",
        message: `erc7201:acme.vault is at slot ${VAULT} by its annotation, and the new code has it at slot ${OTHER}`,
      },
    ]);
    expect(diffLayouts(read(wrong), read(right)).verdict).toBe("broken");
    expect(diffLayouts(read(right), read(right))).toMatchObject({ verdict: "preserved", findings: [] });
  });

  it("is a finding in a review too, where the old layout is a file", () => {
    const file = (source: string) => parseLayout(JSON.stringify(layoutToJson(compileLayout(source))));
    expect(compareLayouts(file(right), compileLayout(wrong)).preserved).toBe(false);
    expect(compareLayouts(file(wrong), compileLayout(right)).preserved).toBe(false);
    expect(layoutRoot(file(wrong))).toBe(layoutRoot(compileLayout(right)));
  });

  it("is said to be unconfirmed where the code does not tell", () => {
    const silent =
      "contract C {\n/// @custom:storage-location erc7201:acme.vault\nstruct S { uint256 total; } }";
    const { verdict, findings } = diffLayouts(read(right), read(silent));
    expect(verdict).toBe("preserved");
    expect(findings).toMatchObject([
      {
        code: "layout/namespace-unconfirmed",
        message: expect.stringContaining("the new code tells the slot"),
      },
    ]);
  });
});

describe("structs of other contracts", () => {
  const contract = (code: string) => `
    contract Other {
      /// @custom:storage-location erc7201:acme.vault
      struct S { uint256 total; }
      function get() external pure returns (S memory s) {}
    }
    interface Store {
      /// @custom:storage-location erc7201:acme.store
      struct T { uint256 total; }
    }
    contract C { ${code} }`;
  const labels = (code: string) => compileLayout(contract(code)).entries.map(({ label }) => label);

  it("do not count where they are no more than a type", () => {
    expect(
      labels(
        "function f(Other o) external pure returns (uint256) { Other.S memory s = o.get(); return s.total; }",
      ),
    ).toEqual([]);
    expect(
      labels("function f(Store.T calldata t) external pure returns (uint256) { return t.total; }"),
    ).toEqual([]);
    expect(labels("event Seen(Other.S s);")).toEqual([]);
  });

  it("count where the code sets a pointer to one, which then lies in its own storage", () => {
    const code = `function f() external view returns (uint256) { Other.S storage s; assembly { s.slot := ${VAULT} } return s.total; }`;
    expect(labels(code)).toEqual(["erc7201:acme.vault.total"]);
  });
});
