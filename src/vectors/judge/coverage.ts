import { setImmediate } from "node:timers/promises";
import { hexlify, Interface, type JsonFragment } from "ethers";
import { SealpatchError } from "../../errors.js";
import { assertNotEmpty, type VectorSet } from "../format/index.js";
import {
  type CodeUnderTest,
  type ExecutionStep,
  normalizeCode,
  type RunProgress,
  runVector,
} from "../run/index.js";
import { mapCode } from "./code-map.js";

const JUMPI = 0x57;

/** How much of something a set reaches. */
export interface Reached {
  readonly reached: number;
  readonly total: number;
}

/** What a set reaches of the code under test. */
export interface Coverage {
  /** Functions of the ABI, `receive` and `fallback` among them; undefined where no ABI is known. */
  readonly functions: (Reached & { readonly list: readonly FunctionCoverage[] }) | undefined;
  /** Both ways of every JUMPI: two for each. */
  readonly branches: Reached & { readonly missing: readonly MissingBranch[] };
  /** Instructions. */
  readonly opcodes: Reached;
}

/** A function, and how many vectors call it. */
export interface FunctionCoverage {
  readonly signature: string;
  readonly vectors: number;
}

/** A way of a JUMPI that no vector takes. */
export interface MissingBranch {
  readonly programCounter: number;
  readonly jumps: boolean;
}

/** Percentages that a set must reach at least; what is not named may be anything. */
export type CoverageMinimum = Partial<Record<CoverageKind, number>>;
export const COVERAGE_KINDS = ["functions", "branches", "opcodes"] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/**
 * Runs a set and counts what it reaches of the code under test: functions of its ABI, both ways of each branch,
 * instructions. Code that a compiler puts in and no call can reach counts as not reached.
 * @param abi of the code under test.
 * @throws SealpatchError `vectors/empty`, and as `runVector` does.
 */
export async function measureCoverage(
  set: VectorSet,
  code: CodeUnderTest,
  { abi, onProgress }: { abi?: readonly JsonFragment[] | undefined; onProgress?: RunProgress } = {},
): Promise<Coverage> {
  assertNotEmpty(set);
  const under = normalizeCode(code);
  const trace = new CodeTrace(under);
  for (const [index, vector] of set.vectors.entries()) {
    await runVector(vector, set.codes, under, index, { onStep: (step) => trace.add(step, index) });
    onProgress?.({ done: index + 1, total: set.vectors.length });
    await setImmediate();
  }
  const { instructions, branches } = mapCode(under.code, trace.executed);
  const missing = [...branches]
    .sort((a, b) => a - b)
    .flatMap((programCounter) =>
      [true, false]
        .filter((jumps) => !trace.ways.has(wayOf(programCounter, jumps)))
        .map((jumps) => ({ programCounter, jumps })),
    );
  const ways = 2 * branches.size;
  return {
    functions: abi === undefined ? undefined : functionCoverage(abi, trace.entries),
    branches: { reached: ways - missing.length, total: ways, missing },
    opcodes: { reached: trace.executed.size, total: instructions.size },
  };
}

/** Percentage of what is reached, 100 where there is nothing to reach. */
export function percentage({ reached, total }: Reached): number {
  return total === 0 ? 100 : (100 * reached) / total;
}

/**
 * The kinds that a set covers less of than it must.
 * @throws SealpatchError `vectors/coverage-without-abi` where a minimum of functions is asked and no ABI is known.
 */
export function coverageShortfalls(coverage: Coverage, minimum: CoverageMinimum): CoverageKind[] {
  return COVERAGE_KINDS.filter((kind) => {
    const least = minimum[kind];
    if (least === undefined) return false;
    const part = coverage[kind];
    // Not `<`: a minimum that is no number is never reached.
    if (part !== undefined) return !(percentage(part) >= least);
    throw new SealpatchError(
      "vectors/coverage-without-abi",
      "the coverage of functions is not known without an ABI",
      {
        why: "bytecode alone does not say which functions there are",
        remedy: "give the code as a compiler's artifact, or ask for branches and opcodes only",
      },
    );
  });
}

/** What was executed of the code under test. */
class CodeTrace {
  readonly executed = new Set<number>();
  /** Ways of branches that were taken, see `wayOf`. */
  readonly ways = new Set<number>();
  /** Vectors that entered the code with a selector; the key of calldata that is too short for one is its hex. */
  readonly entries = new Map<string, Set<number>>();
  readonly #address: string;

  constructor({ address }: CodeUnderTest) {
    this.#address = address;
  }

  add(step: ExecutionStep, vector: number): void {
    if (step.codeAddress !== this.#address) return;
    const { programCounter, opcode } = step;
    this.executed.add(programCounter);
    if (programCounter === 0) this.#enter(hexlify(step.calldata.subarray(0, 4)), vector);
    if (opcode === JUMPI) this.ways.add(wayOf(programCounter, step.stack(2)[1] !== 0n));
  }

  #enter(selector: string, vector: number): void {
    const vectors = this.entries.get(selector) ?? new Set();
    this.entries.set(selector, vectors.add(vector));
  }
}

/** One number for each way of each JUMPI. */
function wayOf(programCounter: number, jumps: boolean): number {
  return 2 * programCounter + Number(jumps);
}

function functionCoverage(
  abi: readonly JsonFragment[],
  entries: ReadonlyMap<string, ReadonlySet<number>>,
): NonNullable<Coverage["functions"]> {
  const contract = new Interface(abi);
  const named = new Map<string, string>();
  contract.forEachFunction((fragment) => {
    named.set(fragment.selector, fragment.format());
  });
  const list = [...named].map(([selector, signature]) => ({
    signature,
    vectors: entries.get(selector)?.size ?? 0,
  }));
  const others = (chosen: (selector: string) => boolean) =>
    new Set(
      [...entries].filter(([key]) => !named.has(key) && chosen(key)).flatMap(([, vectors]) => [...vectors]),
    ).size;
  // Not by ethers' Interface: its `receive` is overwritten by a fallback that stands behind it.
  const [receives, fallsBack] = ["receive", "fallback"].map((type) => abi.some((item) => item.type === type));
  if (receives) list.push({ signature: "receive()", vectors: others((key) => key === "0x") });
  if (fallsBack) {
    list.push({
      signature: "fallback()",
      vectors: others((key) => !receives || key !== "0x"),
    });
  }
  return { reached: list.filter(({ vectors }) => vectors > 0).length, total: list.length, list };
}
