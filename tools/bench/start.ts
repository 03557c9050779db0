import { measurePairs, type Pair } from "./pairs.js";

/** Time that a start takes, and what it is compared with. */
export interface Start extends Pair {
  readonly what: string;
  readonly against: string;
  /** What the ratio should not exceed. */
  readonly goal: number;
}

const RUNS = 9;
const CLI = "dist/cli/main.js";
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
    compare("import of the SDK's root", importing("sealpatch"), {
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
  const pair = measurePairs(
    () => args,
    () => other.args,
    RUNS,
  );
  return { what, ...pair, against: other.what, goal: other.goal };
}
