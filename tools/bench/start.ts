import { spawnSync } from "node:child_process";
import { ROOT } from "../../src/places.js";

/** Time that a start takes, and what it is compared with. */
export interface Start {
  readonly what: string;
  /** Median of whole processes, seconds. */
  readonly seconds: number;
  readonly against: string;
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number;
  /** What the ratio should not exceed. */
  readonly goal: number;
}

const RUNS = 9;
const CLI = "dist/src/cli/main.js";
const BARE = ["-e", "0"];
const importing = (path: string) => [
  "--input-type=module",
  "-e",
  `import ${JSON.stringify(path)};process.exit(0)`,
];

/** Help and version of the built package against a bare node, and the SDK's root against ethers. Takes `dist`. */
export function measureStarts(): Start[] {
  const helps = [
    ["--version"],
    ["--help"],
    ["layout", "--help"],
    ["layout", "diff", "--help"],
    ["vectors", "--help"],
    ["vectors", "run", "--help"],
    ["vectors", "record", "tx", "--help"],
  ];
  return [
    ...helps.map((args) =>
      compare(`sealpatch ${args.join(" ")}`, [CLI, ...args], { what: "bare node", args: BARE, goal: 2 }),
    ),
    compare("import of the SDK's root", importing(`${ROOT}/dist/index.js`), {
      what: "import of ethers",
      args: importing("ethers"),
      goal: 1.5,
    }),
  ];
}

function compare(
  what: string,
  args: readonly string[],
  other: { what: string; args: readonly string[]; goal: number },
): Start {
  const [own, ratios]: [number[], number[]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    const [seconds, base] = [secondsOf(args), secondsOf(other.args)];
    // The first pair warms the caches up.
    if (run === 0) continue;
    own.push(seconds);
    ratios.push(seconds / base);
  }
  return { what, seconds: median(own), against: other.what, ratio: median(ratios), goal: other.goal };
}

function secondsOf(args: readonly string[]): number {
  const since = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed:\n${stderr}`);
  return (performance.now() - since) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
