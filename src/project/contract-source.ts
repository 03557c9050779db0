import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArtifact, readArtifact, readDeployed } from "../code/index.js";
import { FORGE_BUILD, HARDHAT_BUILD } from "../compiler-settings.js";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import { lazily } from "../lazily.js";
import type { ContractSource } from "../patch/index.js";
import { findUpwards, standardInputSchema } from "../solc/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import { zod } from "../zod.js";
import { changedSource } from "./changed-source.js";
import type { Project } from "./read.js";

/** A build-info file with the compiler's input, of Foundry or Hardhat. */
export const buildInfoSchema = lazily(() =>
  zod.looseObject({
    input: standardInputSchema(),
    solcLongVersion: zod.string().optional(),
    solcVersion: zod.string().optional(),
  }),
);

/** What a build-info file says of how it was compiled. */
interface BuildInfo {
  readonly file: string;
  readonly json: unknown;
  readonly input: ContractSource["compiler"]["input"];
  readonly version: string;
}

/**
 * The source of a contract as it stands in the project, with the compiler and the settings of the newest build-info file that was made of it.
 * @param contract fully qualified, `src/Vault.sol:Vault`.
 * @throws SealpatchError `config/no-source`; `code/stale-build-info` where the files of the project are not what was compiled.
 * @example
 * ```ts
 * const source = await sourceInProject(await readProject("sealpatch.toml"), "src/Vault.sol:Vault");
 * console.log(source.compiler.version);
 * ```
 */
export async function sourceInProject(project: Project, contract: string): Promise<ContractSource> {
  const found = (await buildInfos(ownBuilds(project))).filter((info) => has(info, contract));
  if (found.length === 0) throw noSource(project, contract, "no build-info file has it");
  const changed: string[] = [];
  for (const info of found) {
    const source = await changedSource(info.input.sources, project.folder);
    if (source === undefined) return sourceOf(info, contract);
    changed.push(source);
  }
  throw new SealpatchError(
    "code/stale-build-info",
    `${contract} was not compiled as it stands in the project`,
    {
      details: { contract, files: found.length, source: changed[0]! },
      why: `${quoted(changed[0]!)}, which was compiled with it, was changed since`,
      remedy: `compile the whole project again: \`${buildCommand(project)}\``,
    },
  );
}

/**
 * The source of a contract that a file names: a build-info file, or an artifact whose build-info file lies in the output that it belongs to, or in
 * the project's.
 * @param contract `Vault` or `src/Vault.sol:Vault`; needed where the file has several.
 * @throws SealpatchError `config/no-source`, and as `readArtifact`.
 */
export async function sourceInFile(
  project: Project,
  file: string,
  contract?: string,
): Promise<ContractSource> {
  const { sourceName, contractName, template } = await readArtifact(file, contract);
  const name = `${sourceName}:${contractName}`;
  const own = await readBuildInfo(file);
  if (own !== undefined && has(own, name)) return sourceOf(own, name);
  for (const place of [findUpwards(dirname(resolve(file)), "build-info"), ownBuilds(project)]) {
    const found = (await buildInfos(place)).find((info) => {
      const creation = compiledBy(info, name)?.template.creation;
      return creation !== undefined && Buffer.compare(creation, template.creation) === 0;
    });
    if (found !== undefined) return sourceOf(found, name);
  }
  throw noSource(project, name, "no build-info file has the code of that artifact");
}

/**
 * The source that the live code was compiled from, among all that the project was ever compiled from and still has build-info of.
 * @param contract fully qualified.
 * @throws SealpatchError `config/no-source`.
 */
export async function sourceOfLive(
  project: Project,
  contract: string,
  live: Pick<CodeUnderTest, "code" | "address">,
): Promise<ContractSource> {
  const found = (await buildInfos(ownBuilds(project))).find((info) => {
    const artifact = compiledBy(info, contract);
    return artifact !== undefined && readDeployed(artifact, live.code, live.address) !== undefined;
  });
  if (found !== undefined) return sourceOf(found, contract);
  throw noSource(
    project,
    contract,
    "no build-info file compiles to the code that is live; Hardhat deletes those of earlier sources",
    `compile what is live in a copy of its sources, \`${buildCommand(project)}\`, and name a file of that output`,
  );
}

function ownBuilds({ configuration, folder }: Project): string {
  return join(resolve(folder, configuration.project.artifacts), "build-info");
}

/** Build-info files with the compiler's input, the newest first. */
async function buildInfos(place: string | undefined): Promise<BuildInfo[]> {
  if (place === undefined) return [];
  const names = (await readdir(place).catch(() => [])).filter((name) => name.endsWith(".json"));
  const found: { info: BuildInfo; time: number }[] = [];
  for (const name of names) {
    const file = join(place, name);
    const info = await readBuildInfo(file);
    if (info !== undefined) found.push({ info, time: (await stat(file)).mtimeMs });
  }
  return found.toSorted((a, b) => b.time - a.time).map(({ info }) => info);
}

/** Nothing where the file is none, or holds no input: Foundry writes such, too. */
async function readBuildInfo(file: string): Promise<BuildInfo | undefined> {
  const json: unknown = await readFile(file, "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  const parsed = buildInfoSchema().safeParse(json);
  if (!parsed.success) return undefined;
  const { input, solcLongVersion, solcVersion = "" } = parsed.data;
  const version = /^\d+\.\d+\.\d+(\+commit\.[0-9a-f]{8})?/.exec(solcLongVersion ?? solcVersion)?.[0];
  if (version === undefined) return undefined;
  // What tools put beside these three is not the compiler's; what it puts out is asked for anew.
  const { language, sources, settings } = input;
  const { outputSelection, ...kept } = settings;
  return { file, json, input: { language, sources, settings: kept }, version };
}

function has({ input }: BuildInfo, contract: string): boolean {
  return Object.hasOwn(input.sources, contract.slice(0, contract.lastIndexOf(":")));
}

/** The contract as the file has it compiled; nothing where it has no output, or not this contract. */
function compiledBy({ json }: BuildInfo, contract: string) {
  try {
    return parseArtifact(json, contract);
  } catch (error) {
    if (error instanceof SealpatchError) return undefined;
    throw error;
  }
}

const sourceOf = ({ input, version }: BuildInfo, contract: string): ContractSource => ({
  contract,
  compiler: { version, input },
});

function noSource(
  project: Project,
  contract: string,
  why: string,
  remedy = `compile the whole project with build-info, \`${buildCommand(project)}\`, or name a build-info file that has it`,
): SealpatchError {
  return new SealpatchError("config/no-source", `the source of ${contract} is not found`, {
    details: { contract, artifacts: project.configuration.project.artifacts },
    why,
    remedy,
  });
}

function buildCommand({ configuration }: Project): string {
  return configuration.project.tool === "foundry" ? FORGE_BUILD : HARDHAT_BUILD;
}
