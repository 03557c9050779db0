import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type CircuitReport,
  checkCircuit,
  checkSources,
  SoundnessError,
  type SourcesReport,
} from "../../soundness/index.js";
import { BUILD, ROOT } from "../../src/places.js";
import { CHECKED_CIRCUITS } from "./checked.js";

const HELP = `Examines the circuits for under-constrained signals.

  npm run circuits:check -- [circuit ...] [--json]

Circuits: ${CHECKED_CIRCUITS.map(({ name }) => name).join(", ")}; all of them where none is named.
Exit code 0: nothing found, 1: a problem, 2: used wrongly.`;

/** Names are padded to this, so that the lines stand below each other. */
const NAME_WIDTH = 8;
/** Problems printed for one circuit; an unconstrained signal takes thousands with it. --json has all. */
const SHOWN_PROBLEMS = 20;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const unknown = positionals.find((name) => CHECKED_CIRCUITS.every((circuit) => circuit.name !== name));
  if (values === undefined || values.help || unknown !== undefined) {
    console.error(unknown === undefined ? HELP : `no circuit ${unknown}\n\n${HELP}`);
    return values?.help ? 0 : 2;
  }
  const print = (line: string) => values.json || console.log(line);
  const chosen = CHECKED_CIRCUITS.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  try {
    const sources = await checkSources(join(ROOT, "circuits"));
    print(sourcesLine(sources));
    const circuits: CircuitReport[] = [];
    for (const circuit of chosen) {
      const report = await checkCircuit(circuit, join(BUILD, "soundness"));
      circuits.push(report);
      print(circuitLine(report));
    }
    const ok = [sources, ...circuits].every(({ problems }) => problems.length === 0);
    if (values.json) console.log(JSON.stringify({ ok, sources, circuits }, undefined, 2));
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SoundnessError)) throw error;
    if (values.json) console.log(JSON.stringify({ ok: false, error }, undefined, 2));
    else
      console.error([error.message, error.why, error.remedy].filter((part) => part !== undefined).join("\n"));
    return 1;
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { json: { type: "boolean" }, help: { type: "boolean" } },
      allowPositionals: true,
    });
  } catch {
    return { values: undefined, positionals: [] };
  }
}

function sourcesLine({ files, hints, problems }: SourcesReport): string {
  const verdict = problems.length === 0 ? "all in the ledger" : `${problems.length} problems`;
  return lines([["sources".padEnd(NAME_WIDTH), `${files} files`, `${hints} hints`, verdict], problems]);
}

function circuitLine(report: CircuitReport): string {
  const { name, constraints, determinism, publicSignals, hints, seconds, problems } = report;
  const isDetermined = determinism.every(({ freeSignals }) => freeSignals.length === 0);
  const parts = [
    name.padEnd(NAME_WIDTH),
    `${constraints} constraints`,
    isDetermined ? "determined" : "NOT DETERMINED",
    `${publicSignals} public signals`,
    `${hints} hints`,
    problems.length === 0 ? "constrained and pinned" : `${problems.length} problems`,
    `${seconds.toFixed(1)} s`,
  ];
  return lines([parts, problems]);
}

function lines([parts, problems]: [readonly string[], readonly string[]]): string {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map((problem) => `  ${problem}`);
  const rest = problems.length - shown.length;
  return [parts.join("  "), ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
