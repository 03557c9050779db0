import { cwd } from "node:process";
import { checkChain, checkMachine, checkProject, type Finding } from "../../doctor/index.js";
import { CONFIGURATION_FILE, chainNamed } from "../../project/index.js";
import { findUpwards } from "../../solc/index.js";
import { print, printJson, styled } from "../../terminal/index.js";
import { type CheckLine, exitCodeOf, printChecks } from "../checks.js";
import { openChosenKeys } from "../keys/chosen.js";
import { urlOfRelay } from "../lane/relay.js";
import { usageError } from "../options.js";
import { optionsOfRemedy } from "../remedies.js";

interface Options {
  readonly json?: boolean;
  readonly config?: string;
  readonly chain?: string;
  readonly relay?: string;
  readonly account?: string;
  readonly rpc?: string;
  readonly timelock?: string;
  readonly keys?: string;
  readonly ptau?: string;
}

/** Checks of one thing, under its title. */
interface Group {
  readonly title: string;
  readonly checks: readonly CheckLine[];
}

/** `doctor`. @param isRpcGiven whether the command line itself names a node. */
export async function doctor(options: Options, isRpcGiven: boolean): Promise<void> {
  const { rpc, timelock, json } = options;
  if (timelock !== undefined) {
    if (rpc === undefined) throw usageError("--timelock is given without --rpc", "name a node with --rpc");
    assertAlone(options);
    return (await import("./verifier.js")).verifier({ ...options, rpc, timelock });
  }
  if (isRpcGiven)
    throw usageError(
      "--rpc is given without --timelock",
      "name the timelock; the nodes of a project are those of its configuration",
    );
  const groups = await groupsOf(options);
  if (json === true) printJson({ groups });
  else
    for (const [index, { title, checks }] of groups.entries()) {
      print(...(index === 0 ? [] : [""]), styled("bold", title));
      printChecks(checks);
    }
  process.exitCode = exitCodeOf(groups.flatMap(({ checks }) => checks));
}

/** Options of a project say nothing where one verifier is meant. */
function assertAlone(options: Options): void {
  const other = (["config", "chain", "relay", "account"] as const).find(
    (name) => options[name] !== undefined,
  );
  if (other !== undefined)
    throw usageError(`--${other} does not go with --timelock`, "leave out one of the two");
}

async function groupsOf(options: Options): Promise<Group[]> {
  const { chain, account } = options;
  const relay = options.relay === undefined ? undefined : urlOfRelay(options.relay);
  const file = options.config ?? findUpwards(cwd(), CONFIGURATION_FILE);
  if (file === undefined) assertNoProjectNeeded(options);
  const { manifest, checks } = await openChosenKeys(options);
  const groups: Group[] = [];
  const add = (title: string, findings: readonly Finding[]) =>
    groups.push({ title, checks: findings.map(inWordsOfOptions) });
  if (checks.length > 0) groups.push({ title: "ceremony of the keys", checks: checks.map(ofCeremony) });
  add("this machine", await checkMachine({ manifest }));
  if (file === undefined) return groups;
  const { findings, project } = await checkProject(file);
  add("project", findings);
  if (project === undefined) return groups;
  const { configuration } = project;
  const names = chain === undefined ? Object.keys(configuration.chains) : [chainNamed(configuration, chain)];
  if (names.length > 1 && relay !== undefined)
    throw usageError("--relay is given, and the project has several chains", "name one with --chain");
  for (const name of names) {
    const more = { ...(relay === undefined ? {} : { relay }), ...(account === undefined ? {} : { account }) };
    add(`chain ${name}`, await checkChain(project, name, { manifest, ...more }));
  }
  return groups;
}

/** Options that mean a project, where there is none, are not passed over. */
function assertNoProjectNeeded(options: Options): void {
  const needing = (["chain", "relay", "account"] as const).find((name) => options[name] !== undefined);
  if (needing !== undefined)
    throw usageError(
      `--${needing} is of a project, and there is no ${CONFIGURATION_FILE} here or above`,
      "go to the project's folder, or name its configuration with --config",
    );
}

function inWordsOfOptions(finding: Finding): CheckLine {
  if (finding.outcome === "holds" || finding.code === undefined) return finding;
  return { ...finding, remedy: optionsOfRemedy(finding.code, finding.remedy) };
}

function ofCeremony(check: CheckLine): CheckLine {
  if (check.outcome === "holds") return check;
  return {
    ...check,
    remedy: "get the key package and its powers of tau from the ceremony's coordinator again",
  };
}
