import { join } from "node:path";
import {
  buildTwins,
  checkDeterminism,
  checkSources,
  Judge,
  mutateHints,
  unconstrainedPublicSignals,
} from "../../soundness/index.js";
import { readSources } from "../../soundness/sources.js";
import { lazily } from "../../src/lazily.js";
import { INSTANCES } from "../../tools/circuits/instances.js";
import { ACCEPT_CASES } from "./accept-cases.js";
import { LIES, type LiedTo } from "./broken.js";

type Instance = keyof typeof ACCEPT_CASES;
/** Circuits in a folder of their own, with the small instances, compiled when they are asked for. */
export class CircuitsCopy {
  /** Holds `circuits/` and `test/circuits/instances/`. */
  readonly root: string;
  readonly workDir: string;
  readonly #judges = new Map<Instance, Promise<Judge>>();

  /** @param workDir where compiled circuits go, by the content of their sources. */
  constructor(root: string, workDir: string) {
    this.root = root;
    this.workDir = workDir;
  }

  mainFile(instance: Instance): string {
    return join(this.root, INSTANCES[instance]);
  }

  judge(instance: Instance): Promise<Judge> {
    const known = this.#judges.get(instance);
    if (known !== undefined) return known;
    const made = Judge.build({ mainFile: this.mainFile(instance), workDir: this.workDir });
    this.#judges.set(instance, made);
    return made;
  }
}

/** A test that can kill a mutant. */
export interface CircuitTest {
  readonly name: string;
  /** The instance that it is about; undefined where it reads sources only. */
  readonly instance: Instance | undefined;
  readonly passes: (circuits: CircuitsCopy) => Promise<boolean>;
}

const sourcesTest: CircuitTest = {
  name: "sources: every hint in the ledger, no assert on a signal",
  instance: undefined,
  passes: async ({ root }) => (await checkSources(join(root, "circuits"))).problems.length === 0,
};

const acceptTests = (instance: Instance): CircuitTest[] =>
  ACCEPT_CASES[instance].map(({ name, input, values }) => ({
    name: `${instance} accepts: ${name}`,
    instance,
    passes: async (circuits) => {
      const expected = Object.entries(values());
      const judge = await circuits.judge(instance);
      const judged = judge.judge(
        input(),
        expected.map(([signal]) => signal),
      );
      return (
        judged.broken.length === 0 && expected.every(([signal, value]) => judged.values.get(signal) === value)
      );
    },
  }));

const refuseTests = (instance: LiedTo): CircuitTest[] =>
  LIES[instance].statements.map(({ name, input }) => ({
    name: `${instance} refuses: ${name}`,
    instance,
    passes: async (circuits) => (await circuits.judge(instance)).judge(input()).broken.length > 0,
  }));

const structureTest = (instance: Instance): CircuitTest => ({
  name: `${instance}: determined, constrained, every hint pinned`,
  instance,
  passes: async (circuits) => {
    const twins = await buildTwins({ mainFile: circuits.mainFile(instance), workDir: circuits.workDir });
    const { r1cs, symbols, calculator } = twins.real;
    const input = ACCEPT_CASES[instance][0]!.input();
    return (
      checkDeterminism(r1cs, symbols, calculator.calculate(input)).freeSignals.length === 0 &&
      unconstrainedPublicSignals(r1cs, symbols).length === 0 &&
      mutateHints(twins, input).unpinned.length === 0
    );
  },
});

const instances = Object.keys(ACCEPT_CASES) as Instance[];

/** Every test, the quick ones first. How many constraints there are is none of them. */
export const CIRCUIT_TESTS: readonly CircuitTest[] = [
  sourcesTest,
  ...instances.flatMap(acceptTests),
  ...(Object.keys(LIES) as LiedTo[]).flatMap(refuseTests),
  ...instances.map(structureTest),
];

/** The instances whose sources include a file. */
export async function instancesWith(circuits: CircuitsCopy, file: string): Promise<Set<Instance>> {
  const changed = join(circuits.root, file);
  const touched = new Set<Instance>();
  for (const instance of instances) {
    const { files } = await readSources([circuits.mainFile(instance)]);
    if (files.some(({ path }) => path === changed)) touched.add(instance);
  }
  return touched;
}

/** Whether a test passes on the circuits as they are; each is asked once. */
const passesOnOriginal = lazily(() => new Map<CircuitTest, Promise<boolean>>());

/**
 * The first test that passes on the circuits as they are and fails on the mutant.
 * @throws Error where a test that fails on the mutant fails on the circuits as they are as well.
 */
export async function killer(
  tests: readonly CircuitTest[],
  original: CircuitsCopy,
  mutant: CircuitsCopy,
): Promise<CircuitTest | undefined> {
  for (const test of tests) {
    if (await test.passes(mutant)) continue;
    const known = passesOnOriginal();
    if (!known.has(test)) known.set(test, test.passes(original));
    if (!(await known.get(test))) throw new Error(`the test fails without a mutant: ${test.name}`);
    return test;
  }
  return undefined;
}
