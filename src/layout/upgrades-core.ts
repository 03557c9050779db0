import { createRequire } from "node:module";
import type { StorageLayout } from "@openzeppelin/upgrades-core/dist/storage/layout.js";
import type { LayoutCompatibilityReport } from "@openzeppelin/upgrades-core/dist/storage/report.js";
import type { ContractDefinition } from "solidity-ast";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { ContractCode } from "./contract-code.js";
import type { LayoutSource } from "./layout.js";
import { findNamespaces } from "./namespaces.js";
import { lookUpType, type StorageTypes } from "./storage-layout.js";
import { SyntaxTree } from "./syntax-tree.js";

type Solidity = typeof import("solidity-ast/utils.js");

// Loaded by those who compare layouts.
const require = createRequire(import.meta.url);
const part = <T>(path: string): T => require(`@openzeppelin/upgrades-core/dist/${path}.js`) as T;
const upgradesCore = lazily(() => ({
  ...part<typeof import("@openzeppelin/upgrades-core/dist/storage/extract.js")>("storage/extract"),
  ...part<typeof import("@openzeppelin/upgrades-core/dist/storage/index.js")>("storage/index"),
  ...part<typeof import("@openzeppelin/upgrades-core/dist/storage/report.js")>("storage/report"),
  ...part<typeof import("@openzeppelin/upgrades-core/dist/validate/overrides.js")>("validate/overrides"),
  ...(require("solidity-ast/utils.js") as Solidity),
}));

/** A contract's storage as OpenZeppelin's upgrades-core sees it. */
export type UpgradesCoreLayout = StorageLayout;

/** What upgrades-core holds against an upgrade. */
export interface UpgradesCoreFinding {
  readonly slot: bigint;
  readonly offset: number;
  readonly label: string;
  readonly message: string;
  /** What it says itself, where it does. */
  readonly remedy: string;
}

/** The verdict of upgrades-core; `unsupported` where it stops at a struct that holds itself, which it does not follow. */
export interface UpgradesCoreReport {
  readonly verdict: "safe" | "unsafe" | "unsupported";
  readonly findings: readonly UpgradesCoreFinding[];
}

/** What upgrades-core says of a struct that holds itself, in 1.46.0. Any other error is one that nobody has looked at. */
const RECURSIVE = "Recursive types are not supported";

/** upgrades-core writes paths of sources into its messages; the comparison does not need them. */
const noSourceLines = () => "";

/**
 * Reads a contract with upgrades-core's own extraction. It leaves the places of namespace members open where it cannot
 * compile the contract once more; they are filled in from the syntax tree.
 * @throws SealpatchError `layout/upgrades-core-failed` where it stops with an error: a judge that is silent does not agree.
 */
export function upgradesCoreLayout(source: LayoutSource): UpgradesCoreLayout {
  const code = new ContractCode(new SyntaxTree(source.asts ?? []), source.contractName, source.sourceName);
  try {
    const { astDereferencer, extractStorageLayout, findAll } = upgradesCore();
    const sources = Object.fromEntries(
      (source.asts ?? []).map((ast) => [(ast as { absolutePath: string }).absolutePath, { ast }]),
    ) as Parameters<Solidity["astDereferencer"]>[0]["sources"];
    const definition = Object.values(sources)
      .flatMap(({ ast }) => [...findAll("ContractDefinition", ast)])
      .find(({ id }) => id === code.contracts()[0]!.id) as ContractDefinition;
    const layout = extractStorageLayout(
      definition,
      noSourceLines,
      astDereferencer({ sources }),
      structuredClone(source.storageLayout ?? { storage: [], types: null }) as StorageLayout,
    );
    for (const { location, members, types } of findNamespaces(code)) {
      for (const item of layout.namespaces?.[location] ?? []) {
        const member = members.find(({ label }) => label === item.label);
        const type = layout.types[item.type];
        if (member === undefined || type === undefined) continue;
        Object.assign(item, { slot: member.slot, offset: member.offset });
        type.numberOfBytes ??= lookUpType(types, member.type).numberOfBytes;
      }
      fillSizes(layout, types);
    }
    return layout;
  } catch (error) {
    throw error instanceof SealpatchError ? error : upgradesCoreFailed(source.contractName);
  }
}

/** Sizes of user-defined types, which both sides know by the id of the declaration: t_enum(Color)23. */
function fillSizes(layout: StorageLayout, types: StorageTypes): void {
  const declared = (id: string) => /^t_(enum|userDefinedValueType|struct)\(.*\)(\d+)(_storage)?$/.exec(id);
  const sizes = new Map(
    Object.entries(types).flatMap(([id, { numberOfBytes }]) => {
      const [, kind, declaration] = declared(id) ?? [];
      return kind === undefined ? [] : [[`${kind} ${declaration}`, numberOfBytes] as const];
    }),
  );
  for (const [id, type] of Object.entries(layout.types)) {
    const [, kind, declaration] = declared(id) ?? [];
    const size = sizes.get(`${kind} ${declaration}`);
    if (size !== undefined) type.numberOfBytes ??= size;
  }
}

/**
 * upgrades-core's comparison with its defaults: nothing unsafe is allowed.
 * @throws SealpatchError `layout/upgrades-core-failed` where it stops with an error, save at structs that hold themselves.
 */
export function compareWithUpgradesCore(
  old: UpgradesCoreLayout,
  next: UpgradesCoreLayout,
): UpgradesCoreReport {
  try {
    const { getStorageUpgradeReport, withValidationDefaults } = upgradesCore();
    const { pass, ops } = getStorageUpgradeReport(old, next, withValidationDefaults({}));
    return { verdict: pass ? "safe" : "unsafe", findings: ops.map(explain) };
  } catch (error) {
    if (error instanceof Error && error.message.split("\n")[0] === RECURSIVE)
      return { verdict: "unsupported", findings: [] };
    throw upgradesCoreFailed("the new contract");
  }
}

type Operation = LayoutCompatibilityReport["ops"][number];

function explain(operation: Operation): UpgradesCoreFinding {
  const fields = operation as {
    original?: { label?: string; slot?: string; offset?: number };
    updated?: { label?: string; slot?: string; offset?: number };
    namespace?: string;
  };
  const { label, slot, offset } = { ...fields.updated, ...fields.original };
  const text = new (upgradesCore().LayoutCompatibilityReport)([operation]).explain(false);
  // Its texts start with the place in the source, which is left empty, and go on over several lines; hints begin with >.
  const hints = [...text.matchAll(/^\s*> (.*)$/gm)].map(([, hint = ""]) => hint);
  const message = text
    .replace(/^\s*> .*$/gm, "")
    .replace(/\s+/g, " ")
    .replace(/^ ?: /, "")
    .trim();
  return {
    slot: BigInt(slot ?? 0),
    offset: offset ?? 0,
    label: label ?? fields.namespace ?? "",
    message: `upgrades-core: ${message}`,
    remedy: hints[0] ?? "keep the declaration as it was, and declare what is new behind the last variable",
  };
}

/** No cause: the text of a library is not shown. */
function upgradesCoreFailed(contract: string): SealpatchError {
  return new SealpatchError(
    "layout/upgrades-core-failed",
    `OpenZeppelin's upgrades-core does not read the storage of ${contract}`,
    {
      details: { contract },
      why: "it stopped with an error of its own, so it has not said that the upgrade is safe",
      remedy:
        "run OpenZeppelin's own validation on the contract, which says what it does not take, and change that; or upgrade " +
        "through the slow path",
    },
  );
}
