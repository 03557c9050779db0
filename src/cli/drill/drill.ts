import { join } from "node:path";
import { CORPUS } from "../../../corpus/index.js";
import * as council from "../../../scripts/index.js";
import {
  type CorpusCase,
  DrillChain,
  drill,
  listed,
  printList,
  printStep,
  printSummary,
  type Variant,
  variantsOf,
} from "../../drill/index.js";
import { makeDevelopmentKeys, STAGE_SECONDS } from "../../proof/index.js";
import { print, printJson, StageProgress } from "../../terminal/index.js";
import { usageError } from "../options.js";
import { writeOutput } from "../output-file.js";
import { writeReports } from "../report/write.js";
import { EXIT } from "../run.js";
import { writePage } from "./page.js";

export interface DrillOptions {
  readonly case?: string;
  readonly list?: boolean;
  readonly proxy?: string;
  readonly out: string;
  readonly stay?: boolean;
  readonly json?: boolean;
}

/** Runs the drill, or lists what it can run. @param prepare what is done before a case is run. */
export async function run(
  options: DrillOptions,
  prepare: (quiet: boolean) => Promise<void> = async () => {},
): Promise<void> {
  const json = options.json === true;
  if (options.list === true) return json ? printJson(listed(CORPUS)) : printList(listed(CORPUS));
  const corpusCase = chosenCase(options.case);
  const variant = chosenProxy(corpusCase, options.proxy);
  await prepare(json);
  if (!(await runCase(corpusCase, variant, options))) process.exitCode = EXIT.refused;
}

function chosenCase(name: string | undefined): CorpusCase {
  const found = name === undefined ? CORPUS[0] : CORPUS.find((corpusCase) => corpusCase.name === name);
  if (found !== undefined) return found;
  throw usageError(
    `there is no case ${name}`,
    `choose one of: ${CORPUS.map((corpusCase) => corpusCase.name).join(", ")}`,
  );
}

function chosenProxy(corpusCase: CorpusCase, kind: string | undefined): Variant {
  const kinds = variantsOf(corpusCase);
  const found = kind === undefined ? kinds[0] : kinds.find((variant) => variant === kind);
  if (found !== undefined) return found;
  throw usageError(
    `${corpusCase.name} does not exist behind a ${kind} proxy`,
    `choose one of: ${kinds.join(", ")}`,
  );
}

async function runCase(
  corpusCase: CorpusCase,
  variant: Variant,
  { out, stay = false, json = false }: DrillOptions,
): Promise<boolean> {
  const progress = new StageProgress(json);
  let chain: DrillChain | undefined;
  const interrupt = (): void => {
    progress.stop();
    // anvil is killed as this process ends; compilers and key makers read from pipes that close with it.
    process.exit(130);
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    // What cannot run says so before minutes are spent on keys.
    await corpusCase.compile();
    await makeDevelopmentKeys({
      onStage: (stage, state) =>
        state === "begin" ? progress.begin(stage, STAGE_SECONDS[stage]) : progress.end(stage),
    });
    chain = await DrillChain.start();
    const { url } = chain.anvil;
    const report = await drill({
      chain,
      corpusCase,
      variant,
      council,
      keep: async (incident) => {
        const file = join(out, `${corpusCase.name}.json`);
        await writeOutput(file, incident.text, true);
        const reports = await writeReports(file, incident.report);
        return [file, ...reports, await writePage(join(out, "portal.html"), incident.report, url)];
      },
      listener: {
        begin: (step) => progress.begin(step),
        end: (result) => {
          progress.finish(result.name);
          if (!json) printStep(result);
        },
      },
    });
    if (json) printJson(report);
    else printSummary(report);
    if (stay && report.ok) {
      process.removeListener("SIGINT", interrupt);
      process.removeListener("SIGTERM", interrupt);
      if (!json)
        print("", `  the chain runs for ${join(out, "portal.html")} until you interrupt this (Ctrl-C)`);
      await interrupted();
    }
    return report.ok;
  } finally {
    progress.stop();
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
    await chain?.stop();
  }
}

/** Ends when the process is told to end. */
async function interrupted(): Promise<void> {
  // Signals alone keep no process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  clearInterval(alive);
}
