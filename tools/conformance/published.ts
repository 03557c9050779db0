import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { ToolError } from "../tool-error.js";

/** What a test of upgrades-core expects of a comparison: no errors, some, or that it cannot compare. */
export type Expectation = "safe" | "unsafe" | "unsupported";

/** One contract as a test of upgrades-core reads it. */
export interface TestedContract {
  readonly name: string;
  /** File that declares it, below packages/core/contracts/test. */
  readonly source: string;
  /** Whether the test hands over the compiler's storage layout, of the state variables and of the namespaces. */
  readonly layout: boolean;
  readonly namespacedLayout: boolean;
}

/** One comparison of two contracts in the published tests, with what the test expects. */
export interface PublishedComparison {
  /** Test file, below the package's src. */
  readonly file: string;
  /** Title of the test. */
  readonly test: string;
  readonly old: TestedContract;
  readonly next: TestedContract;
  readonly expected: Expectation;
  /** Number of errors, where the test counts them. */
  readonly errors: number | undefined;
  /** Why the verdict is none on the pair as it stands, if the test switches a check off or edits a layout. */
  readonly altered: string | undefined;
}

/** One of the test files that compare layouts, and where its contracts are declared. */
interface Suite {
  readonly source: (contract: string) => string;
  readonly layout: boolean;
}

const prefixed = (contract: string) => `${contract.split("_")[0]}.sol`;
const always = (source: string) => () => source;

const SUITES: Readonly<Record<string, Suite>> = {
  "storage.test.ts": { source: always("Storage.sol"), layout: true },
  "storage-0.8.test.ts": { source: prefixed, layout: true },
  "storage-custom-layout.test.ts": { source: always("CustomLayout.sol"), layout: true },
  "storage-erc7201-builtin.test.ts": { source: always("Erc7201Builtin.sol"), layout: true },
  "storage-memory-0.5.test.ts": { source: prefixed, layout: true },
  "storage-namespaced.test.ts": { source: always("Namespaced.sol"), layout: true },
  "storage-namespaced-udvt.test.ts": { source: always("NamespacedUDVT.sol"), layout: true },
  "storage/report.test.ts": { source: always("Storage.sol"), layout: false },
  "storage/report-gap.test.ts": { source: always("Storage.sol"), layout: true },
  "storage/report-rename-retype.test.ts": { source: always("RenamedRetyped.sol"), layout: true },
  "storage/report-retype-from-contract.test.ts": { source: always("RetypeFromContract.sol"), layout: true },
  "standalone.test.ts": { source: always("Standalone.sol"), layout: true },
};

/** A call that compares two layouts which the test holds in variables, and what stands before and behind it in its line. */
const COMPARISON =
  /^(.*?)(?:(?:getStorageUpgradeErrors|getReport)\((\w+), (\w+)(, \{[^}]*\})?\)|(\w+)\.getStorageUpgradeReport\((\w+)\))(.*)$/gm;

/** A variable that holds the layout of a contract. */
const LAYOUT =
  /const (\w+) = (?:(?:await )?t\.context\.extractStorageLayout(Fallback)?\('(\w+)'(?:, (?:'(\w+)'|(true|false)))?\)|new UpgradeableContract\(\s*'(\w+)')/g;

/**
 * Every comparison of two layouts in the tests that the installed upgrades-core publishes, in their order.
 * @throws ToolError where a test file or a comparison is not understood: none is
 * passed over in silence.
 */
export function publishedComparisons(): PublishedComparison[] {
  const src = join(
    dirname(createRequire(import.meta.url).resolve("@openzeppelin/upgrades-core/package.json")),
    "src",
  );
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts") && !path.startsWith("cli"))
    .toSorted()
    .flatMap((path) => comparisonsOf(join(src, path), relative(src, join(src, path))));
}

function comparisonsOf(path: string, file: string): PublishedComparison[] {
  const text = readFileSync(path, "utf8");
  const [, ...tests] = text.split(/^(?=test\()/m);
  return tests.flatMap((body) => {
    const calls = [...body.matchAll(COMPARISON)];
    if (calls.length === 0) return [];
    const suite = SUITES[file];
    const test = /^test\('(.*?)',/.exec(body)?.[1];
    if (suite === undefined || test === undefined) throw unknown(file, body.split("\n")[0] ?? "");
    const variables = layoutVariables(body, file, suite);
    return calls.map((call): PublishedComparison => {
      const [line, before = "", left, right, options, reportedLeft, reportedRight, behind = ""] = call;
      const old = variables.get(left ?? reportedLeft ?? "");
      const next = variables.get(right ?? reportedRight ?? "");
      const rest = body.slice(call.index + line.length);
      const found = expectation(before, behind, rest) ?? snapshotExpectation(path, test, before, rest);
      if (old === undefined || next === undefined || found === undefined) throw unknown(file, line);
      return { file, test, old, next, ...found, altered: alteration(options, body) };
    });
  });
}

function layoutVariables(body: string, file: string, suite: Suite): Map<string, TestedContract> {
  return new Map(
    [...body.matchAll(LAYOUT)].map((match) => {
      const [, variable = "", fallback, first = "", second, flag, standalone] = match;
      const given = standalone ?? first;
      const udvt = file === "storage-namespaced-udvt.test.ts";
      const contract: TestedContract = {
        name: second ?? given,
        source: suite.source(given),
        layout: suite.layout && fallback === undefined && (udvt || flag !== "false"),
        namespacedLayout: udvt && flag === "true",
      };
      return [variable, contract] as const;
    }),
  );
}

interface Expected {
  readonly expected: Expectation;
  readonly errors: number | undefined;
}

const safe: Expected = { expected: "safe", errors: 0 };
const unsafe = (behind: string): Expected => {
  const length = /^\s*\{\s*length: (\d+)/.exec(behind)?.[1];
  return { expected: "unsafe", errors: length === undefined ? undefined : Number(length) };
};

/** What the assertions around a comparison expect, or undefined if they are of no known form. */
function expectation(before: string, behind: string, rest: string): Expected | undefined {
  const [, variable] = /^\s*const (\w+) = $/.exec(before) ?? [];
  if (before.includes("t.throws(() => ")) return { expected: "unsupported", errors: undefined };
  if (variable === undefined) {
    if (/t\.deepEqual\($/.test(before) && behind.startsWith(", [])")) return safe;
    if (/t\.true\($/.test(before) && behind.startsWith(".ok)")) return safe;
    return /t\.like\($/.test(before) ? unsafe(`${behind.slice(1)}${rest}`) : undefined;
  }
  if (rest.includes(`t.deepEqual(${variable}, [])`) || rest.includes(`t.is(${variable}.length, 0)`))
    return safe;
  if (rest.includes(`t.true(${variable}.ok`)) return safe;
  if (rest.includes(`t.false(${variable}.ok`) || rest.includes(`t.true(${variable}.length > 0)`)) {
    return unsafe("");
  }
  const like = rest.indexOf(`t.like(${variable},`);
  return like < 0 ? undefined : unsafe(rest.slice(like + `t.like(${variable},`.length));
}

/** What the snapshot beside a test file expects where the test asserts nothing but the report's text. */
function snapshotExpectation(path: string, test: string, before: string, rest: string): Expected | undefined {
  const [, variable] = /^\s*const (\w+) = $/.exec(before) ?? [];
  const snapshots = `${path}.md`;
  if (!rest.includes(`t.snapshot(${variable}.explain())`) || !existsSync(snapshots)) return undefined;
  const section = readFileSync(snapshots, "utf8")
    .split(/^## /m)
    .find((candidate) => candidate.startsWith(`${test}\n`));
  if (section === undefined) return undefined;
  return section.includes("    ''") ? safe : unsafe("");
}

function alteration(options: string | undefined, body: string): string | undefined {
  if (options !== undefined) return `with ${options.slice(2)}`;
  return body.includes(".members = undefined") ? "with members cut out of the layout" : undefined;
}

function unknown(file: string, line: string): ToolError {
  return new ToolError(
    `a test of upgrades-core is not understood: ${basename(file)}: ${line.trim()}\n` +
      "add the test file or the form of its assertion to tools/conformance/published.ts",
  );
}
