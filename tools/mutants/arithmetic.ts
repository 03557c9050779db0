import { type ChildProcess, fork } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/places.js";
import { type Mutant, type MutantRunner, mutate, type Outcome } from "./mutants.js";

/** What the process that runs tests is asked: the files that changed since the last question, and what to run: one test, or all of a file. */
export interface TestQuestion {
  readonly changed: readonly string[];
  readonly test: string;
}

/** Tests by their file, the titles around them and their own, with ` > ` between. */
export interface TestRun {
  readonly passed: string[];
  /** With the names of the errors. */
  readonly failed: { readonly name: string; readonly errors: readonly string[] }[];
  /** Why files have no tests. */
  readonly broken: string[];
}

/** The folder of the tests, whose names begin with their file in it. */
export const ARITHMETIC_TESTS = "test/proof/arithmetic";

const WORKER = join(ROOT, "tools/mutants/arithmetic-worker.ts");
/** Far longer than any file of the folder takes. */
const TEST_MS = 120_000;

// The same values in every run; the first that fails is enough.
const SETUP = `import fc from "fast-check";
fc.configureGlobal({ seed: 20, endOnFailure: true });
`;

/** A copy of the sources with the arithmetic's tests, and a process that runs them one at a time. */
export class ArithmeticMutants implements MutantRunner {
  readonly #copy = mkdtempSync(join(tmpdir(), "sealpatch-arithmetic-mutants-"));
  #worker: ChildProcess | undefined;
  /** Changed back since the worker was asked. */
  #restored: string[] = [];
  readonly #passing: Set<string>;

  /** @param passing tests that have passed without a mutant; more are added. */
  constructor(passing: Set<string>) {
    this.#passing = passing;
    for (const path of ["src", ARITHMETIC_TESTS, "package.json"]) {
      cpSync(join(ROOT, path), join(this.#copy, path), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.#copy, "node_modules"));
    writeFileSync(join(this.#copy, "setup.ts"), SETUP);
  }

  remove(): void {
    kill(this.#worker);
    rmSync(this.#copy, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Applies the mutant, runs its own test, which passes without it and must fail, and takes the mutant back. */
  async verdict(mutant: Mutant): Promise<Outcome> {
    const { file, killedBy = "" } = mutant;
    const { source, mutated } = mutate(mutant);
    if (!(await this.#passes(killedBy))) {
      return { verdict: "not compiled", why: `without it no test passes as "${killedBy}"` };
    }
    const target = join(this.#copy, file);
    writeFileSync(target, mutated);
    try {
      const own = judge(await this.#ask([file], killedBy));
      if (own.verdict === "not compiled" || own.killedBy === killedBy) return own;
      // For whoever looks: does another one of the file?
      return { ...judge(await this.#ask([], killedBy.replace(/ > .*/, ""))), verdict: "alive" };
    } catch (error) {
      return { verdict: "alive", why: String(error) };
    } finally {
      writeFileSync(target, source);
      this.#restored = [file];
    }
  }

  async #passes(test: string): Promise<boolean> {
    if (!this.#passing.has(test)) {
      for (const name of (await this.#ask([], test)).passed) this.#passing.add(name);
    }
    return this.#passing.has(test);
  }

  /** Asks once more where the process ended before it answered, or was too late: on a machine that others use, too, that is no verdict. */
  #ask(changed: readonly string[], test: string): Promise<TestRun> {
    return this.#askOnce(changed, test).catch(() => this.#askOnce(changed, test));
  }

  #askOnce(changed: readonly string[], test: string): Promise<TestRun> {
    this.#worker ??= fork(WORKER, [this.#copy, ARITHMETIC_TESTS], {
      execArgv: ["--import", "tsx"],
      cwd: this.#copy,
      // The leader of a group, for it starts processes of its own.
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const worker = this.#worker;
    return new Promise((done, fail) => {
      const late = setTimeout(() => kill(worker), TEST_MS);
      const ended = () => {
        clearTimeout(late);
        this.#worker = undefined;
        fail(new Error("the tests ended before they answered, or took too long"));
      };
      worker.once("exit", ended);
      worker.once("message", (run: TestRun) => {
        clearTimeout(late);
        worker.off("exit", ended);
        done(run);
      });
      worker.send({ changed: [...this.#restored.splice(0), ...changed], test } satisfies TestQuestion);
    });
  }
}

/** Ends a process and those that it started: one may be in a loop without end. */
function kill(worker: ChildProcess | undefined): void {
  if (worker?.pid !== undefined && worker.exitCode === null && worker.signalCode === null)
    process.kill(-worker.pid, "SIGKILL");
}

/** What JavaScript or WebAssembly refuses has not been tested. */
const REFUSALS = ["CompileError", "ReferenceError", "SyntaxError"];

function judge({ failed, broken }: TestRun): Outcome {
  const refused = failed.some(({ errors }) => errors.some((name) => REFUSALS.includes(name)));
  if (broken.length > 0 || refused) {
    return { verdict: "not compiled", why: broken[0] ?? "the test did not come as far as the arithmetic" };
  }
  const [first] = failed;
  return first === undefined ? { verdict: "alive" } : { verdict: "killed", killedBy: first.name };
}
