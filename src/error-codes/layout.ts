import type { ErrorEntry } from "./entry.js";

/** Storage layouts. What a comparison finds has codes of its own (docs/layout.md). */
export const LAYOUT_ERRORS = {
  "layout/ambiguous-contract": {
    meaning: "Several contracts of the syntax trees have that name.",
    remedy: "Name the source file too.",
  },
  "layout/annotation-not-shown": {
    meaning:
      "The compiler left comments on structs out of the syntax trees, and the sources have storage locations, or may have.",
    remedy:
      "Compile with solc 0.8.20 or later, or give the build-info file with the compiler's version and the sources.",
  },
  "layout/crosses-region": {
    meaning: "A variable crosses a multiple of 2^40 slots, which the layout proof does not allow.",
    remedy: "Choose another base slot or namespace, or split the variable.",
  },
  "layout/equal-names": {
    meaning: "Two contracts of one name both declare a variable of one name, so nothing tells the two apart.",
    remedy: "Give one of the contracts another name.",
  },
  "layout/internal-function": {
    meaning: "A variable holds an internal function: a position in code that an upgrade changes.",
    remedy: "Store an enum or a number, and choose the function in code.",
  },
  "layout/invalid-file": {
    meaning: "The JSON is not of the form of a layout file of this package.",
    remedy: "Use the layout of the policy or the bundle unchanged.",
  },
  "layout/invalid-size": {
    meaning: "A variable has no bytes, or more than 2^40.",
    remedy: "Use a mapping or a dynamic array instead of so large an array.",
  },
  "layout/invalid-storage-layout": {
    meaning: "The compiler's storage layout does not have the expected form, or lacks a type or a variable.",
    remedy: "Compile again with solc, and use its output unchanged.",
  },
  "layout/invalid-syntax-tree": {
    meaning: "A syntax tree does not have the form of solc's compact format.",
    remedy: "Use the output of solc 0.5 or later unchanged.",
  },
  "layout/malformed-annotation": {
    meaning:
      "A comment speaks of a storage location, and not as one annotation with one argument on a struct.",
    remedy: "Write it as one line on the struct: `@custom:storage-location erc7201:<id>`.",
  },
  "layout/missing-storage-layout": {
    meaning: "The artifact holds no storage layout.",
    remedy: "Compile again with `storageLayout` among the outputs.",
  },
  "layout/missing-syntax-tree": {
    meaning: "No syntax tree declares the contract or a type that its layout uses.",
    remedy: "Compile again with syntax trees of all sources among the outputs.",
  },
  "layout/no-implementation": {
    meaning:
      "An interface, a library or a proxy without storage was given where the contract behind the proxy is meant.",
    remedy: "Give the contract that the proxy runs, its implementation.",
  },
  "layout/not-preserved": {
    meaning: "The new layout does not keep every variable of the old one.",
    remedy: "Keep every variable where it was; add new ones in gaps or at the end.",
  },
  "layout/overlap": {
    meaning: "Two variables of one layout share storage.",
    remedy: "Give each namespace an id of its own, and move a custom base slot away from the others.",
  },
  "layout/position-out-of-range": {
    meaning: "A variable's slot is not below 2^256, or its offset is not below 32.",
    remedy: "Use slot and offset as the compiler's storage layout gives them.",
  },
  "layout/syntax-tree-mismatch": {
    meaning: "The storage layout and the syntax trees come from different runs of the compiler.",
    remedy: "Take both from one build-info file or one run of solc.",
  },
  "layout/too-deep": {
    meaning: "A variable's type has more members than a layout takes, because structs behind mappings nest.",
    remedy: "Upgrade this contract on the slow path.",
  },
  "layout/too-many-changes": {
    meaning: "More variables change name or type than the circuit takes.",
    remedy: "Spread the changes over several upgrades, or build a larger circuit.",
  },
  "layout/too-many-entries": {
    meaning: "A layout has more entries than the circuit takes.",
    remedy: "Upgrade this contract on the slow path, or build a larger circuit.",
  },
  "layout/unknown-namespace-formula": {
    meaning: "A struct's storage location is not given by the formula of ERC-7201.",
    remedy: "Annotate the struct with its ERC-7201 id if that is where it lies.",
  },
  "layout/upgrades-core-failed": {
    meaning:
      "OpenZeppelin's upgrades-core stopped with an error, so it has not said that the upgrade is safe.",
    remedy:
      "Run OpenZeppelin's own validation, which says what it does not take, or upgrade on the slow path.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
