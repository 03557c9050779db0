import { basename, join, resolve } from "node:path";
import { PROXY_KINDS } from "../../chain/index.js";
import { quoted } from "../../foreign-text.js";
import { nearestName } from "../../nearest-name.js";
import {
  CONFIGURATION_FILE,
  detectProject,
  inspectOutput,
  type OutputFault,
  TOOLS,
} from "../../project/index.js";
import { label } from "../../schemas.js";
import { print, printJson, wrap } from "../../terminal/index.js";
import { usageError } from "../options.js";
import { writeOutput } from "../output-file.js";
import { configurationText } from "./template.js";

interface InitOptions {
  readonly json?: boolean;
  readonly contract?: readonly string[];
  readonly kind: string;
  readonly chainId: number;
  readonly tool?: string;
  readonly project: string;
}

/** `init`. */
export async function init({ json, contract, chainId, project, ...options }: InitOptions): Promise<void> {
  const kind = oneOf("--kind", options.kind, PROXY_KINDS);
  const tool = options.tool === undefined ? undefined : oneOf("--tool", options.tool, TOOLS);
  const facts = detectProject(project, tool);
  const { implementations, faults } = await inspectOutput(project, facts);
  const contracts = contract ?? [implementations[0] ?? `${facts.sources}/Vault.sol:Vault`];
  for (const name of contract ?? []) assertKnown(name, implementations);
  const file = join(project, CONFIGURATION_FILE);
  await writeOutput(
    file,
    configurationText({ protocol: folderName(project), facts, chainId, kind, contracts }),
    false,
  );
  if (json) {
    printJson({ file, tool: facts.tool, contracts, implementations, lacks: faults });
    return;
  }
  print(`${file}: for a project of ${facts.tool}, with ${contracts.join(", ")}`);
  if (contract === undefined && implementations.length > 1) {
    print(
      wrap(`The project also has ${implementations.slice(1).join(", ")}: write the one that is live.`, "  "),
    );
  }
  for (const fault of faults) print("", ...describeFault(fault));
}

/** What the project's folder is called, where that can be a protocol's name. */
function folderName(folder: string): string | undefined {
  return label().safeParse(basename(resolve(folder))).data;
}

function oneOf<T extends string>(option: string, written: string, names: readonly T[]): T {
  const found = names.find((name) => name === written);
  if (found !== undefined) return found;
  throw usageError(`${option} takes no ${quoted(written.slice(0, 40))}`, `choose of: ${names.join(", ")}`);
}

function assertKnown(name: string, implementations: readonly string[]): void {
  if (implementations.length === 0 || implementations.includes(name)) return;
  const nearest = nearestName(name, implementations);
  throw usageError(
    `the compiler's output has no implementation ${name}`,
    nearest === undefined ? `it has ${implementations.join(", ")}` : `write ${nearest}, if that is meant`,
  );
}

function describeFault({ lacks, contracts, file, section, lines, command }: OutputFault): string[] {
  const what =
    contracts.length === 0
      ? "There is no compiler output with build-info that can be read."
      : `The compiler's output lacks ${lacks} of ${contracts.join(", ")}.`;
  const asked =
    file === undefined
      ? []
      : [`  in ${file}, in ${section}:`, ...lines!.split("\n").map((line) => `    ${line}`)];
  return [wrap(what), ...asked, "  compile the whole project again:", `    ${command}`];
}
