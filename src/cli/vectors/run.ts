import {
  formatTable,
  fullHex,
  print,
  printJson,
  shortenMiddle,
  styled,
  withProgress,
  wrap,
} from "../../terminal/index.js";
import {
  type Difference,
  explainOutcome,
  type Hardfork,
  isIncident,
  judgeSet,
  readVectorSet,
  runSets,
  type SetVerdict,
  setRoot,
  type VectorRun,
  type VectorSet,
  withHardfork,
} from "../../vectors/index.js";
import { hexArgument } from "../hex-argument.js";
import { type CodeOptions, checkAddress, usageError } from "../options.js";
import { EXIT } from "../run.js";
import { type LoadedCode, loadCodes } from "./codes.js";
import { shownName } from "./sets.js";

/** Differences that are printed of one run; `--json` has all. */
const MAX_DIFFERENCES = 8;

interface RunOptions extends CodeOptions {
  readonly json?: boolean;
  readonly showIncidents?: boolean;
  readonly hardfork?: Hardfork;
  readonly migration?: string;
  readonly migrationCaller?: string;
  readonly waivers: number;
  readonly workers?: number;
}

/** A vector's run on one code that gave something else than expected. */
interface Failure {
  readonly vector: number;
  readonly code: number;
  readonly differences: readonly Difference[];
}

/** `vectors run`. */
export async function run(file: string, options: RunOptions): Promise<void> {
  const recorded = await readVectorSet(file);
  const set = options.hardfork === undefined ? recorded : withHardfork(recorded, options.hardfork);
  const codes = await withMigration(await loadCodes(options, set), options);
  if (codes.length === 0) throw usageError("no code to run the set on", "name it with --code");
  const runs = await withProgress("vectors", options.json, (onProgress) =>
    runSets(
      codes.map(({ under }) => ({ set, under })),
      { onProgress, ...(options.workers === undefined ? {} : { workers: options.workers }) },
    ),
  );
  const verdict = judgeSet(set, runs);
  const failures = await explainFailures(set, verdict, runs, codes, options.showIncidents);
  const holds = isHeld(verdict, codes.length, options.waivers);
  if (options.json) printJson(toJson(set, verdict, runs, failures, holds, options));
  else printVerdict(set, verdict, runs, failures, codes, holds, options);
  if (!holds) process.exitCode = EXIT.refused;
}

async function withMigration(codes: readonly LoadedCode[], options: RunOptions): Promise<LoadedCode[]> {
  const { migration, migrationCaller } = options;
  if (migration === undefined && migrationCaller === undefined) return [...codes];
  if (migration === undefined || migrationCaller === undefined) {
    throw usageError(
      "a migration call needs its data and its caller",
      "give both or none of the two options",
    );
  }
  const call = {
    data: Buffer.from((await hexArgument(migration)).slice(2), "hex"),
    caller: checkAddress(migrationCaller),
  };
  return codes.map((code, index) =>
    index === codes.length - 1 ? { ...code, under: { ...code.under, migration: call } } : code,
  );
}

/** Whether everything holds, except for as many waived failures of baseline vectors on the last code. */
function isHeld({ vectors }: SetVerdict, codes: number, waivers: number): boolean {
  const broken = vectors.filter(({ holds }) => !holds);
  const waivable = broken.filter(
    ({ vector, passes }) => !isIncident(vector) && passes.slice(0, codes - 1).every(Boolean),
  );
  return broken.length === waivable.length && broken.length <= waivers;
}

async function explainFailures(
  set: VectorSet,
  { vectors }: SetVerdict,
  runs: readonly (readonly VectorRun[])[],
  codes: readonly LoadedCode[],
  showIncidents: boolean | undefined,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [index, { vector, passes, holds }] of vectors.entries()) {
    if (holds || (isIncident(vector) && !showIncidents)) continue;
    for (const [code, passed] of passes.entries()) {
      if (passed) continue;
      const outcome = runs[code]![index]!.outcome;
      failures.push({
        vector: index,
        code,
        differences: await explainOutcome(set, index, outcome, codes),
      });
    }
  }
  return failures;
}

function codeName(index: number, count: number): string {
  if (count === 1) return "result";
  return count === 2 ? ["old", "new"][index]! : `code ${index}`;
}

function resultText(run: VectorRun, passed: boolean): string {
  if (passed) return "pass";
  return run.outcome === "step-limit" ? "step limit" : "fail";
}

function printVerdict(
  set: VectorSet,
  verdict: SetVerdict,
  runs: readonly (readonly VectorRun[])[],
  failures: readonly Failure[],
  codes: readonly LoadedCode[],
  holds: boolean,
  options: RunOptions,
): void {
  const columns = [
    { title: "" },
    { title: "vector", flexible: true },
    { title: "kind" },
    ...codes.map((_, index) => ({ title: codeName(index, codes.length) })),
    { title: "verdict" },
  ];
  const rows = verdict.vectors.map(({ vector, passes, holds }, index) => [
    `#${index}`,
    shownName(vector, options.showIncidents),
    vector.kind,
    ...passes.map((passed, code) => resultText(runs[code]![index]!, passed)),
    holds ? styled("green", "holds") : styled("red", "BROKEN"),
  ]);
  print(formatTable(columns, rows), "");
  for (const failure of failures) printFailure(failure, set, codes.length);
  const { root } = setRoot(set);
  const count = verdict.vectors.length;
  const summary = `${count - verdict.failures} of ${count} vectors hold`;
  const waived = holds && verdict.failures > 0 ? `, ${verdict.failures} waived` : "";
  print(styled(holds ? "green" : "red", summary + waived));
  print(
    `root     ${fullHex(root)}${options.hardfork === undefined ? "" : ` under ${options.hardfork} rules`}`,
  );
  for (const digest of verdict.digests) print(`results  ${fullHex(digest)}`);
  printHints(verdict, runs, codes);
}

function printFailure({ vector, code, differences }: Failure, { vectors }: VectorSet, codes: number): void {
  const on = codes === 1 ? "" : ` on ${codeName(code, codes)}`;
  print(styled("bold", `#${vector} ${vectors[vector]!.name}${on}`));
  for (const { place, expected, actual } of differences.slice(0, MAX_DIFFERENCES)) {
    print(wrap(shortenHex(place), "  "));
    // What is only different in the middle is shown in full.
    const shown = shortenHex(expected) === shortenHex(actual) ? (text: string) => text : shortenHex;
    print(wrap(`expected ${shown(expected)}`, "    "), wrap(`got      ${shown(actual)}`, "    "));
  }
  if (differences.length > MAX_DIFFERENCES) {
    print(`  and ${differences.length - MAX_DIFFERENCES} more; --json has all`);
  }
  print("");
}

/** Hex that is longer than an address, shortened wherever it stands; `--json` has all of it. */
function shortenHex(text: string): string {
  return text.replace(/0x[0-9a-f]{41,}/g, (hex) => shortenMiddle(hex, 22));
}

/** What may explain a failure that is none of the code's. */
function printHints(
  { failures }: SetVerdict,
  runs: readonly (readonly VectorRun[])[],
  codes: readonly LoadedCode[],
): void {
  if (failures > 0 && codes.some(({ placed }) => !placed)) {
    print(styled("dim", wrap("An outcome may depend on where the code stands: --address says it.")));
  }
  const unlisted = runs.flat().filter((run) => run.unlisted.length > 0).length;
  if (unlisted > 0) {
    print(
      styled(
        "yellow",
        wrap(
          `${unlisted} runs read state that their vector does not list; \`sealpatch vectors lint\` tells which.`,
        ),
      ),
    );
  }
}

function toJson(
  set: VectorSet,
  { kind, vectors, failures: broken, digests }: SetVerdict,
  runs: readonly (readonly VectorRun[])[],
  failures: readonly Failure[],
  holds: boolean,
  options: RunOptions,
) {
  return {
    set: kind,
    root: fullHex(setRoot(set).root),
    holds,
    broken,
    waivers: options.waivers,
    resultDigests: digests.map(fullHex),
    vectors: vectors.map(({ vector, passes, holds }, index) => ({
      index,
      name: shownName(vector, options.showIncidents),
      kind: vector.kind,
      holds,
      runs: passes.map((passed, code) => {
        const run = runs[code]![index]!;
        return {
          result: resultText(run, passed),
          outcomeDigest: fullHex(run.outcomeDigest),
          steps: run.steps,
          unlistedReads: run.unlisted.length,
          differences: failures.find((failure) => failure.vector === index && failure.code === code)
            ?.differences,
        };
      }),
    })),
  };
}
