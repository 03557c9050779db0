import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalLayout, displayLabel, type LayoutEntry, layoutRoot } from "../../src/layout/index.js";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";
import { compileLayout, layoutSource } from "./compile.js";

const failure = (code: string, properties: object = {}) => expect.objectContaining({ code, ...properties });
const place = ({ slot, offset, size, label, type, gap }: LayoutEntry) => ({
  slot,
  offset,
  size,
  label,
  type,
  gap,
});
const typesOf = (source: string) =>
  Object.fromEntries(compileLayout(source).entries.map((entry) => [displayLabel(entry), entry.type]));

describe("canonicalLayout", () => {
  it("lists the state variables of a contract and its bases, packed as the compiler packs them", () => {
    const layout = compileLayout(`
      contract Base { uint256 private total; uint256[48] private __gap; }
      contract C is Base {
        uint256 constant K = 1;
        uint256 immutable I = 1;
        uint256 transient t;
        uint64 a; bool b; address c; bytes data; uint8[33] small; uint256[5] __gap_C; uint256[] __gap_dynamic; uint256[2] gap;
      }`);
    expect(layout.entries.map(place)).toEqual([
      { slot: 0n, offset: 0, size: 32, label: "total", type: "uint256", gap: false },
      { slot: 1n, offset: 0, size: 1536, label: "__gap", type: "uint256[48]", gap: true },
      { slot: 49n, offset: 0, size: 8, label: "a", type: "uint64", gap: false },
      { slot: 49n, offset: 8, size: 1, label: "b", type: "bool", gap: false },
      { slot: 49n, offset: 9, size: 20, label: "c", type: "address", gap: false },
      { slot: 50n, offset: 0, size: 32, label: "data", type: "bytes", gap: false },
      { slot: 51n, offset: 0, size: 64, label: "small", type: "uint8[33]", gap: false },
      { slot: 53n, offset: 0, size: 160, label: "__gap_C", type: "uint256[5]", gap: true },
      { slot: 58n, offset: 0, size: 32, label: "__gap_dynamic", type: "uint256[]", gap: false },
      { slot: 59n, offset: 0, size: 64, label: "gap", type: "uint256[2]", gap: false },
    ]);
  });

  it("follows a custom base slot", () => {
    const layout = compileLayout("contract C layout at 0x1234 { uint8 a; uint256 b; }");
    expect(layout.entries.map(({ slot }) => slot)).toEqual([0x1234n, 0x1235n]);
  });

  it("is empty for a contract without storage", () => {
    expect(compileLayout("contract C {}").entries).toEqual([]);
  });
});

describe("canonical type strings", () => {
  it("name elementary types, contracts and external functions", () => {
    expect(
      typesOf(`
        interface IToken {}
        enum Color { Red }
        contract C {
          int24 i; bytes5 b; string s; address a; address payable p; IToken token; C self;
          function(uint256, Color) view external returns (IToken, bool) f; function() external payable g;
        }`),
    ).toEqual({
      i: "int24",
      b: "bytes5",
      s: "string",
      a: "address",
      p: "address payable",
      token: "address",
      self: "address",
      f: "function (uint256,enum Color) view external returns (contract IToken,bool)",
      g: "function () payable external",
    });
  });

  it("spell out enum members, underlying types, mappings and arrays", () => {
    expect(
      typesOf(`
        type Price is uint128;
        enum Color { Red, Green }
        library L { enum Kind { None } type Key is bytes32; }
        uint256 constant N = 3;
        contract C {
          Color c; L.Kind k; Price p; L.Key key; Color[2**2 + N] many; bytes5[][4][] deep;
          mapping(address owner => mapping(Color => Price[2]) x) m; mapping(string => uint256) names;
        }`),
    ).toEqual({
      c: "enum(1)",
      "c.Red": "enum member",
      "c.Green": "enum member",
      k: "enum(1)",
      "k.None": "enum member",
      p: "type is uint128",
      key: "type is bytes32",
      many: "enum(1)[7]",
      "many[].Red": "enum member",
      "many[].Green": "enum member",
      deep: "bytes5[][4][]",
      m: "mapping(address => mapping(enum(1) => type is uint128[2]))",
      "m[][key].Red": "enum member",
      "m[][key].Green": "enum member",
      names: "mapping(string => uint256)",
    });
  });

  it("spell out struct members with their places, and end recursion by counting the structs around", () => {
    expect(
      typesOf(`
        struct Inner { address who; bool ok; uint256 amount; }
        struct Tree { uint8 a; mapping(uint256 => Tree) branches; Branch[2][] rest; }
        struct Branch { Tree[] trees; Branch[] branches; }
        contract C { Inner inner; Tree tree; }`),
    ).toEqual({
      inner: "struct{address who @0:0; bool ok @0:20; uint256 amount @1:0}",
      tree:
        "struct{uint8 a @0:0; mapping(uint256 => struct^1) branches @1:0; " +
        "struct{struct^2[] trees @0:0; struct^1[] branches @1:0}[2][] rest @2:0}",
    });
  });

  it("tell two structs of one name apart by what they hold", () => {
    const entries = (member: string) =>
      canonicalLayout(
        layoutSource(
          compileSolidity({
            code: false,
            sources: {
              "A.sol": `struct S { uint256 x; }`,
              "B.sol": `struct S { ${member}; }`,
              "C.sol": `import {S as A} from "A.sol"; import {S as B} from "B.sol"; contract C { A a; B[] b; }`,
            },
          }),
          "C",
          "C.sol",
        ),
      ).entries;
    expect(entries("uint256 x")[1]!.type).toBe("struct{uint256 x @0:0}[]");
    expect(entries("uint256 y")[1]!.type).toBe("struct{uint256 y @0:0}[]");
  });

  it("leave open what may grow: members behind mappings, of enums, and of structs with gaps", () => {
    expect(
      typesOf(`
        enum State { Pending, Done }
        struct Vote { address voter; State state; mapping(address => Vote) next; }
        struct Padded { uint256 a; uint256[3] __gap; uint128 b; }
        contract C { mapping(uint256 => mapping(address => Vote)) votes; Padded[2] padded; }`),
    ).toEqual({
      votes: "mapping(uint256 => mapping(address => struct))",
      "votes[][].voter": "address",
      "votes[][].state": "enum(1)",
      "votes[][].state.Pending": "enum member",
      "votes[][].state.Done": "enum member",
      "votes[][].next": "mapping(address => struct^1)",
      padded: "struct(160)[2]",
      "padded[].a": "uint256",
      "padded[].__gap": "uint256[3]",
      "padded[].b": "uint128",
    });
  });

  it("stop where structs behind mappings nest into too many entries", () => {
    const structs = Array.from({ length: 9 }, (_, level) => {
      const others = Array.from({ length: 9 }, (_, other) => other).filter((other) => other !== level);
      return `struct S${level} { ${others.map((other) => `mapping(uint256 => S${other}) m${other};`).join(" ")} }`;
    });
    expect(() => compileLayout(`${structs.join("\n")} contract C { mapping(uint256 => S0) m; }`)).toThrow(
      failure("layout/too-deep"),
    );
  });

  it("change with anything that changes how bytes are read", () => {
    const root = (source: string) => layoutRoot(compileLayout(source));
    const base = (parts: Partial<Record<"members" | "order" | "type" | "value", string>>) => `
      type Price is ${parts.type ?? "uint128"};
      enum Color { ${parts.members ?? "Red, Green"} }
      struct S { ${parts.order ?? "uint128 a; uint128 b;"} }
      contract C { Price p; Color c; S s; mapping(uint256 => ${parts.value ?? "Color"}) m; }`;
    const roots = [
      {},
      { members: "Green, Red" },
      { members: "Red, Green, Blue" },
      { order: "uint128 b; uint128 a;" },
      { order: "uint256 a; uint256 b;" },
      { type: "int128" },
      { value: "Price" },
    ].map((parts) => root(base(parts)));
    expect(new Set(roots).size).toBe(roots.length);
  });

  it("hold no compiler ids: declarations that do not matter leave the root as it is", () => {
    const contract = `
      enum Color { Red, Green } struct S { Color c; IToken t; } interface IToken {} type Price is uint8;
      contract C { S s; mapping(Price => S[2]) m; }`;
    const shifted = compileLayout(
      `enum Other { X } struct Unused { Other o; } contract Z { Unused u; } ${contract}`,
    );
    expect(layoutRoot(shifted)).toBe(layoutRoot(compileLayout(contract)));
  });
});

describe("what cannot be told is refused", () => {
  const enums = () =>
    compileSolidity({ code: false, sources: { "C.sol": "enum E { A } contract C { E e; }" } });
  const plain = () => compileSolidity({ code: false, sources: { "C.sol": "contract C { uint256 x; }" } });

  it("no storage layout: the error names the compiler setting", () => {
    const remedy = expect.stringContaining("storageLayout");
    expect(() => canonicalLayout({ contractName: "C" })).toThrow(
      failure("layout/missing-storage-layout", { remedy }),
    );
  });

  it("a layout that is not solc's", () => {
    for (const storageLayout of [
      {},
      { storage: [{}], types: {} },
      { storage: [{ label: "a", slot: "0", offset: 0, type: "t_uint256" }], types: {} },
    ]) {
      const source = { contractName: "C", storageLayout };
      expect(() => canonicalLayout(source, { assumeNoNamespaces: true })).toThrow(
        failure("layout/invalid-storage-layout"),
      );
    }
  });

  it("no syntax tree: namespaces would be missed, unless the caller vouches that there are none", () => {
    const { asts: _, ...source } = layoutSource(plain(), "C");
    expect(() => canonicalLayout(source)).toThrow(
      failure("layout/missing-syntax-tree", { remedy: expect.stringContaining("--build-info") }),
    );
    const [known] = canonicalLayout(layoutSource(plain(), "C")).entries;
    const { contract, ...untold } = known!;
    expect(contract).toBe("C");
    expect(canonicalLayout(source, { assumeNoNamespaces: true }).entries).toEqual([untold]);
  });

  it("enums and user-defined value types without the tree that declares them", () => {
    const { asts: _, ...source } = layoutSource(enums(), "C");
    expect(() => canonicalLayout(source, { assumeNoNamespaces: true })).toThrow(
      failure("layout/missing-syntax-tree", { details: { missing: expect.stringContaining("enum E") } }),
    );
  });

  it("syntax trees that lack a base or a declaration", () => {
    const output = compileSolidity({
      code: false,
      sources: {
        "Base.sol": "enum E { A } contract Base { function f() public {} }",
        "C.sol": 'import "Base.sol"; contract C is Base { E e; }',
        "D.sol": 'import "Base.sol"; contract D { function g(Base b) public { b.f(); } }',
      },
    });
    for (const name of ["C", "D"]) {
      const source = layoutSource(output, name, `${name}.sol`);
      expect(() => canonicalLayout({ ...source, asts: [output.sources[`${name}.sol`]!.ast] })).toThrow(
        failure("layout/missing-syntax-tree"),
      );
      expect(canonicalLayout(source).entries).toHaveLength(name === "C" ? 2 : 0);
    }
  });

  it("syntax trees of another compiler run", () => {
    const other = compileSolidity({ code: false, sources: { "C.sol": "enum F { A } contract C { F f; }" } });
    const source = { ...layoutSource(enums(), "C"), asts: layoutSource(other, "C").asts };
    expect(() => canonicalLayout(source)).toThrow(failure("layout/syntax-tree-mismatch"));
  });

  it("something that is no syntax tree", () => {
    const source = { ...layoutSource(plain(), "C"), asts: [{ nodeType: "Block" }] };
    expect(() => canonicalLayout(source)).toThrow(failure("layout/invalid-syntax-tree"));
  });

  it("a contract name that several sources have", () => {
    const output = compileSolidity({
      code: false,
      sources: { "A.sol": "contract C {}", "B.sol": "contract C {}" },
    });
    const { sourceName: _, ...source } = layoutSource(output, "C", "A.sol");
    expect(() => canonicalLayout(source)).toThrow(failure("layout/ambiguous-contract"));
  });

  it("internal functions in storage, which an upgrade would point elsewhere", () => {
    expect(() => compileLayout("contract C { function() internal f; }")).toThrow(
      failure("layout/internal-function"),
    );
  });

  it("variables larger than the circuit takes", () => {
    expect(compileLayout(`contract C { uint256[${2 ** 35}] a; }`).entries[0]!.size).toBe(2 ** 40);
    expect(() => compileLayout(`contract C { uint256[${2 ** 35 + 1}] a; }`)).toThrow(
      failure("layout/invalid-size"),
    );
  });
});

describe("struct members placed from the syntax tree", () => {
  const scalar = fc.constantFrom(
    ...["bool", "address", "address payable", "uint8", "uint128", "uint", "int24", "bytes1", "bytes20"],
    ...["bytes32", "Color", "Price", "IToken", "function() external", "string", "bytes"],
    ...["Small", "Large", "mapping(Price => Large)"],
  );
  const suffix = fc.constantFrom("", "", "", "[]", "[1]", "[2]", "[7]", "[33]", "[3][2]", "[][2]");
  const member = fc
    .tuple(scalar, suffix)
    .filter(([type, array]) => array === "" || !type.startsWith("mapping") || array !== "[]")
    .map(([type, array]) => type + array);

  it("lie where the compiler puts them, with the types that it gives them", () => {
    const contracts = fc.array(fc.array(member, { minLength: 1, maxLength: 8 }), {
      minLength: 15,
      maxLength: 15,
    });
    fc.assert(
      fc.property(contracts, (structs) => {
        const output = compileSolidity({
          code: false,
          sources: { "C.sol": structs.map(contractWithStruct).join("\n") },
        });
        structs.forEach((_, index) => {
          expectSameLayout(output, `C${index}`);
        });
      }),
      // Values that fill a slot to its last byte, which chance seldom makes.
      {
        numRuns: 6,
        examples: [
          [
            [
              ["uint128", "uint128", "bool", "uint96", "address"],
              ["uint128[4]", "Price", "function() external", "bool"],
            ],
          ],
        ],
      },
    );
  });

  function contractWithStruct(members: string[], index: number): string {
    const shared =
      index > 0
        ? ""
        : `enum Color { Red, Green } type Price is uint64; interface IToken {}
           struct Small { uint8 a; } struct Large { uint128 a; uint256 b; Color c; Small[3] d; }`;
    return `${shared}
      contract C${index} {
        /// @custom:storage-location erc7201:example.${index}
        struct S { ${members.map((type, position) => `${type} m${position};`).join(" ")} }
        S s;
      }`;
  }

  /** The struct stands in the layout twice: as a variable, placed by solc, and as a namespace, placed here. */
  function expectSameLayout(output: SolcOutput, contractName: string): void {
    const { entries } = canonicalLayout(layoutSource(output, contractName));
    const variable = entries.find(({ label }) => label === "s")!;
    const members = entries.filter((entry) => entry !== variable && entry.inside === undefined);
    const root = members[0]!.slot;
    const rendered = members.map(
      ({ type, label, slot, offset }) => `${type} ${label.split(".").at(-1)} @${slot - root}:${offset}`,
    );
    expect(`struct{${rendered.join("; ")}}`).toBe(variable.type);
    const { storage, types } = output.contracts["C.sol"]![contractName]!.storageLayout;
    const row = types![storage[0]!.type] as unknown as { members: { type: string }[] };
    expect(members.map(({ size }) => size)).toEqual(
      row.members.map(({ type }) => Number(types![type]!.numberOfBytes)),
    );
  }
});
