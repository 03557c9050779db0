import { createRequire } from "node:module";
import { extractStorageLayout } from "@openzeppelin/upgrades-core/dist/storage/extract.js";
import { getStorageUpgradeErrors } from "@openzeppelin/upgrades-core/dist/storage/index.js";
import { makeNamespacedInput } from "@openzeppelin/upgrades-core/dist/utils/make-namespaced.js";
import type { SolcOutput } from "../solc.js";
import { ToolError } from "../tool-error.js";
import type { Expectation, TestedContract } from "./published.js";
import type { Sources } from "./sources.js";

type ContractDefinition = Parameters<typeof extractStorageLayout>[0];
type Dereferencer = Parameters<typeof extractStorageLayout>[2];
type UpgradesCoreLayout = ReturnType<typeof extractStorageLayout>;
type UpgradesCoreOutput = Parameters<typeof makeNamespacedInput>[1];

// Its own copy of the package, whichever that is: both must agree on the shape of syntax trees.
const upgradesCore = createRequire(
  createRequire(import.meta.url).resolve("@openzeppelin/upgrades-core/package.json"),
);
const { astDereferencer } = upgradesCore("solidity-ast/utils") as {
  astDereferencer: (output: SolcOutput) => Dereferencer;
};

/** What upgrades-core says, and the number of its errors where it could compare. */
export interface UpgradesCoreVerdict {
  readonly verdict: Expectation;
  readonly errors: number | undefined;
}

/** Compares two contracts with upgrades-core alone, with what its own test gives it: no code of this project has a part in it. */
export function askUpgradesCore(
  sources: Sources,
  old: TestedContract,
  next: TestedContract,
): UpgradesCoreVerdict {
  const [before, after] = [extract(sources, old), extract(sources, next)];
  try {
    const errors = getStorageUpgradeErrors(before, after).length;
    return { verdict: errors === 0 ? "safe" : "unsafe", errors };
  } catch {
    return { verdict: "unsupported", errors: undefined };
  }
}

function extract(sources: Sources, contract: TestedContract): UpgradesCoreLayout {
  const { source, name, layout, namespacedLayout } = contract;
  const output = sources.compile(source);
  const context = compilationContext(output, source, name);
  return extractStorageLayout(
    context.contractDef,
    () => "",
    context.deref,
    layout ? context.storageLayout : undefined,
    namespacedLayout ? namespacedContext(sources, source, name, output) : undefined,
  );
}

/** As upgrades-core's plugins do it: compile again, with a variable for each namespace, for the types of its members. */
function namespacedContext(sources: Sources, source: string, name: string, output: SolcOutput) {
  const input = makeNamespacedInput(
    { sources: { [source]: { content: sources.read(source) } } },
    output as unknown as UpgradesCoreOutput,
  );
  const text = input.sources[source]?.content ?? "";
  return compilationContext(sources.compileText(source, text), source, name);
}

function compilationContext(output: SolcOutput, source: string, name: string) {
  const unit = output.sources[source]?.ast as { nodes: readonly ContractDefinition[] } | undefined;
  const contractDef = unit?.nodes.find(
    (node) => node.nodeType === "ContractDefinition" && node.name === name,
  );
  if (contractDef === undefined) {
    throw new ToolError(
      `${source} declares no contract ${name}\ndeclare it: a published test of upgrades-core compares it`,
    );
  }
  const storageLayout = output.contracts[source]?.[name]?.storageLayout as UpgradesCoreLayout;
  return { contractDef, deref: astDereferencer(output), storageLayout };
}
