import { formatTable, print, printJson, styled, thousands, withProgress } from "../../terminal/index.js";
import {
  COVERAGE_KINDS,
  type Coverage,
  type CoverageKind,
  type CoverageMinimum,
  coverageShortfalls,
  measureCoverage,
  percentage,
  readVectorSet,
} from "../../vectors/index.js";
import { type CodeOptions, usageError } from "../options.js";
import { EXIT } from "../run.js";
import { loadCodes } from "./codes.js";

interface CoverageOptions extends CodeOptions {
  readonly json?: boolean;
  readonly minimum?: string;
}

/** `vectors coverage`. */
export async function coverage(file: string, options: CoverageOptions): Promise<void> {
  const minimum = parseMinimum(options.minimum);
  const set = await readVectorSet(file);
  const [code, ...others] = await loadCodes(options, set);
  if (code === undefined || others.length > 0) {
    throw usageError("coverage is of one code", "name it with --code, once");
  }
  const reached = await withProgress("vectors", options.json, (onProgress) =>
    measureCoverage(set, code.under, { abi: code.abi, onProgress }),
  );
  const shortfalls = coverageShortfalls(reached, minimum);
  if (options.json) printJson({ ...reached, minimum, shortfalls });
  else printCoverage(reached, minimum, shortfalls);
  if (shortfalls.length > 0) process.exitCode = EXIT.refused;
}

function printCoverage(
  coverage: Coverage,
  minimum: CoverageMinimum,
  shortfalls: readonly CoverageKind[],
): void {
  if (coverage.functions !== undefined) {
    const rows = coverage.functions.list.map(({ signature, vectors }) => [
      signature,
      vectors === 0 ? styled("red", "none") : String(vectors),
    ]);
    print(
      formatTable(
        [
          { title: "function", flexible: true },
          { title: "vectors", align: "right" },
        ],
        rows,
      ),
      "",
    );
  }
  const rows = COVERAGE_KINDS.map((kind) => {
    const part = coverage[kind];
    const least = minimum[kind];
    const wanted = least === undefined ? "" : `${least} %`;
    if (part === undefined) return [kind, "unknown", "", "", wanted];
    const share = `${(Math.floor(10 * percentage(part)) / 10).toFixed(1)} %`;
    const shown = least === undefined ? share : styled(shortfalls.includes(kind) ? "red" : "green", share);
    return [kind, thousands(part.reached), thousands(part.total), shown, wanted];
  });
  print(
    formatTable(
      [
        { title: "" },
        { title: "reached", align: "right" },
        { title: "of", align: "right" },
        { title: "share", align: "right" },
        { title: "minimum", align: "right" },
      ],
      rows,
    ),
  );
  if (shortfalls.length > 0) print("", styled("red", `below the minimum: ${shortfalls.join(", ")}`));
}

function parseMinimum(text: string | undefined): CoverageMinimum {
  if (text === undefined) return {};
  const minimum: Partial<Record<CoverageKind, number>> = {};
  for (const part of text.split(",")) {
    const [, name, number] = /^([a-z]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const kind = COVERAGE_KINDS.find((known) => known === name);
    if (kind === undefined || Number(number) > 100) {
      throw usageError(
        `--minimum does not know ${part.trim().slice(0, 60)}`,
        `it takes ${COVERAGE_KINDS.join(", ")} with percentages: branches=80,functions=100`,
      );
    }
    minimum[kind] = Number(number);
  }
  return minimum;
}
