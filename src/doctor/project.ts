import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { platform } from "node:process";
import {
  buildPolicy,
  type Configuration,
  checkPolicyFile,
  detectProject,
  inspectOutput,
  type OutputFault,
  type Project,
  readProject,
  sourceInProject,
} from "../project/index.js";
import { askVersion, findCompiler } from "../solc/index.js";
import { refusalOf } from "../whole-file.js";
import { type Finding, Lines, type Seen } from "./finding.js";

/** Lines that others wait for. */
const CONFIGURATION = "configuration";
const OUTPUT = "compiler output";
/** Permissions of everybody but a file's owner. */
const OTHERS_MAY = 0o077;

/** What was found of a project, and the project where its configuration can be read. */
export interface ExaminedProject {
  readonly findings: Finding[];
  readonly project?: Project;
}

/**
 * Looks at a project: its configuration, what its compiler put out, the compilers that this asks for by release and commit, the policy file of each
 * proxy against what the configuration makes of its parts, and the keystores that it names. None of the project's code is run.
 * @param file of the configuration.
 * @returns one line a check.
 * @example
 * ```ts
 * import { checkProject } from "sealpatch/doctor";
 * const { findings } = await checkProject("sealpatch.toml");
 * console.log(findings.every(({ outcome }) => outcome === "holds"));
 * ```
 */
export async function checkProject(file: string): Promise<ExaminedProject> {
  const lines = new Lines();
  let project: Project | undefined;
  await lines.add(CONFIGURATION, [], async () => {
    project = await readProject(file);
    return file;
  });
  await lines.add(OUTPUT, [CONFIGURATION], () => outputSeen(project!));
  if (project === undefined) return { findings: lines.findings };
  const { configuration } = project;
  await sourceLines(lines, project);
  for (const name of Object.keys(configuration.proxies))
    await lines.add(`policy file of ${name}`, [OUTPUT], () => policySeen(project!, name));
  for (const [role, path] of Object.entries(configuration.keystores ?? {}))
    if (path !== undefined)
      await lines.add(`keystore ${role}`, [], () => keystoreSeen(resolve(project!.folder, path)));
  return { findings: lines.findings, project };
}

/** Whether the compiler's output has what policies need of it, of each contract that is behind a proxy. */
async function outputSeen({ configuration, folder }: Project): Promise<Seen> {
  const { tool, artifacts } = configuration.project;
  const facts = { ...detectProject(folder, tool), artifacts };
  const { implementations, faults } = await inspectOutput(folder, facts).catch((error: unknown) => {
    if (error instanceof SyntaxError) return NOT_JSON;
    throw error;
  });
  const [fault] = faults;
  if (fault !== undefined) return faultSeen(fault);
  const missing = contractsOf(configuration).filter((contract) => !implementations.includes(contract));
  if (missing.length === 0) return `layouts that can be read: ${implementations.length}`;
  return {
    fails: `it has no layout of ${missing.join(", ")}`,
    remedy: "compile the whole project again, or name the contract as its compiler does",
  };
}

const NOT_JSON: Awaited<ReturnType<typeof inspectOutput>> = {
  implementations: [],
  faults: [{ lacks: "compiler output", contracts: [], command: "the command that compiles the project" }],
};

function faultSeen({ lacks, contracts, file, section, lines, command }: OutputFault): Seen {
  const asked =
    lines === undefined ? "" : `write ${lines.replaceAll("\n", ", ")} in ${file}, in ${section}, then `;
  return {
    fails:
      contracts.length === 0
        ? "there is no compiler output with build-info that can be read"
        : `it lacks ${lacks} of ${contracts.join(", ")}`,
    remedy: `${asked}compile the whole project again: ${command}`,
  };
}

/** A line for the source of each implementation, and one for the compiler that it was compiled with. */
async function sourceLines(lines: Lines, project: Project): Promise<void> {
  for (const contract of contractsOf(project.configuration)) {
    const source = `source of ${contract}`;
    let version = "";
    await lines.add(source, [OUTPUT], async () => {
      ({ version } = (await sourceInProject(project, contract)).compiler);
      return `as it was compiled, by solc ${version}`;
    });
    await lines.add(`compiler of ${contract}`, [source], async () => {
      const said = await askVersion(findCompiler(version));
      return said === version ? `solc ${said}` : `solc ${said}; build-info says ${version}, without a commit`;
    });
  }
}

/** Contracts that are behind proxies. */
function contractsOf({ proxies }: Configuration): string[] {
  return [...new Set(Object.values(proxies).map(({ contract }) => contract))];
}

async function policySeen(project: Project, name: string): Promise<Seen> {
  const checks = await checkPolicyFile(project, name, await buildPolicy(project, name));
  const differing = checks.filter(({ outcome }) => outcome !== "holds").map((check) => check.name);
  if (differing.length === 0) return `${checks.length} values, as the configuration makes them`;
  return {
    fails: `it differs from what the configuration makes: ${differing.join(", ")}`,
    remedy: "build it again, and have it reviewed again",
  };
}

async function keystoreSeen(path: string): Promise<Seen> {
  const remedy = "correct its path in the configuration, or put the keystore there";
  const found = await stat(path).catch((error: unknown) => refusalOf(error));
  if (typeof found === "string") return { fails: `${path}: ${found}`, remedy };
  if (!found.isFile()) return { fails: `${path} is no file`, remedy };
  if (platform === "win32") return `${path} is there; who may read it is not looked at on Windows`;
  if ((found.mode & OTHERS_MAY) === 0) return `${path}, for its owner alone`;
  return { fails: `others may read or write ${path}`, remedy: `chmod 600 ${path}` };
}
