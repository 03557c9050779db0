import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { contractNames, parseArtifact } from "../code/index.js";
import { FORGE_BUILD, FOUNDRY_LINES, HARDHAT_BUILD, HARDHAT_LINE } from "../compiler-settings.js";
import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { contractLayout } from "../layout/index.js";
import { changedSource } from "./changed-source.js";
import { buildInfoSchema } from "./contract-source.js";
import type { ProjectFacts, Tool } from "./detect.js";

/** What a compiler's output lacks, with what to do about it. */
export interface OutputFault {
  readonly lacks: "compiler output" | "storage layouts" | "syntax trees" | "an up-to-date build";
  /** Contracts that lack it, `src/Vault.sol:Vault`; none where there is no output at all. */
  readonly contracts: readonly string[];
  /** The tool's configuration, where in it, and the lines that it needs there; none where it needs no line. */
  readonly file?: string;
  readonly section?: string;
  readonly lines?: string;
  /** The command that compiles the whole project again. */
  readonly command: string;
}

/** What was found of a project's own contracts. */
export interface CompilerOutput {
  /** Contracts whose layout can be read, `src/Vault.sol:Vault`, in alphabetical order: candidates for a proxy's implementation. */
  readonly implementations: readonly string[];
  readonly faults: readonly OutputFault[];
}

const LACKS = {
  "layout/missing-storage-layout": "storage layouts",
  "layout/missing-syntax-tree": "syntax trees",
} as const;

/**
 * Tries what policies need of the compiler's output, the layout of each contract of the project, from its newest build-info
 * file that has the contract.
 * @param folder the project's.
 * @throws SealpatchError where compiler output is there and cannot be read as such.
 */
export async function inspectOutput(folder: string, facts: ProjectFacts): Promise<CompilerOutput> {
  await prepareHashing();
  const seen = new Map<string, "readable" | "of no use" | OutputFault["lacks"]>();
  const upToDate = new Set<string>();
  for (const file of await newestFirst(join(folder, facts.artifacts, "build-info"))) {
    const json: unknown = JSON.parse(await readFile(file, "utf8").catch(() => "null"));
    const isUpToDate = await isAsInProject(json, folder);
    for (const contract of ownContracts(json, facts.sources)) {
      if (isUpToDate) upToDate.add(contract);
      // Old files also hold contracts whose source is gone.
      const source = join(folder, contract.slice(0, contract.lastIndexOf(":")));
      if (!seen.has(contract) && existsSync(source)) seen.set(contract, verdictOn(json, contract));
    }
  }
  const all = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const having = (verdict: string) => all.filter(([, of]) => of === verdict).map(([contract]) => contract);
  const implementations = having("readable");
  const outdated = implementations.filter((contract) => !upToDate.has(contract));
  const lacking = [
    ...Object.values(LACKS).map((lacks) => faultIn(facts.tool, lacks, having(lacks))),
    faultIn(facts.tool, "an up-to-date build", outdated),
  ].filter(({ contracts }) => contracts.length > 0);
  const faults = all.length === 0 ? [faultIn(facts.tool, "compiler output", [])] : lacking;
  return { implementations, faults };
}

/** Whether patches can be sealed from a build-info file: it has its input, of which nothing was changed since. */
async function isAsInProject(json: unknown, folder: string): Promise<boolean> {
  const info = buildInfoSchema().safeParse(json);
  return info.success && (await changedSource(info.data.input.sources, folder)) === undefined;
}

async function newestFirst(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
  const times = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
  return times.toSorted((a, b) => b.time - a.time).map(({ file }) => file);
}

/** Contracts of the project's own sources in a build-info file; none where it is without the compiler's output. */
function ownContracts(json: unknown, sources: string): string[] {
  try {
    return contractNames(json).filter((name) => name.startsWith(`${sources}/`));
  } catch (error) {
    if (error instanceof SealpatchError && error.code === "code/unknown-artifact-format") return [];
    throw error;
  }
}

function verdictOn(json: unknown, contract: string) {
  try {
    contractLayout(parseArtifact(json, contract));
    return "readable";
  } catch (error) {
    // An interface, a library, or what no layout can describe: nothing that a proxy of the lane runs.
    if (!(error instanceof SealpatchError) || !error.code.startsWith("layout/")) throw error;
    return Object.entries(LACKS).find(([code]) => code === error.code)?.[1] ?? "of no use";
  }
}

function faultIn(tool: Tool, lacks: OutputFault["lacks"], contracts: readonly string[]): OutputFault {
  if (lacks === "an up-to-date build")
    return { lacks, contracts, command: tool === "foundry" ? FORGE_BUILD : HARDHAT_BUILD };
  if (tool === "foundry") {
    const section = "the profile";
    return { lacks, contracts, file: "foundry.toml", section, lines: FOUNDRY_LINES, command: FORGE_BUILD };
  }
  // Hardhat asks for syntax trees itself: where they are missing, part of the project was compiled by something else.
  const lines =
    lacks === "syntax trees"
      ? {}
      : { file: "hardhat.config", section: "the compiler's settings", lines: HARDHAT_LINE };
  return { lacks, contracts, ...lines, command: HARDHAT_BUILD };
}
