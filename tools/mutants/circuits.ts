import { type ChildProcess, fork } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/places.js";
import { type Mutant, type MutantRunner, mutate, type Outcome } from "./mutants.js";

/** What the process that knows the tests is asked: the folder of a mutant, its changed file, and the test that must kill it. */
export interface CircuitMutantQuestion {
  readonly root: string;
  readonly file: string;
  readonly killedBy: string | undefined;
}

export type CircuitMutantAnswer = Outcome | { readonly error: string };

const FOLDERS = ["circuits", "test/circuits/instances"];
/** Nothing imports tests: the suite of the circuits runs in a process of its own, as that of the contracts does. */
const WORKER = join(ROOT, "test/circuits/mutant-worker.ts");

/** The circuits' suite in a process of its own. */
export class CircuitMutants implements MutantRunner {
  readonly #worker: ChildProcess = fork(WORKER, { execArgv: ["--import", "tsx"], cwd: ROOT });
  readonly #copies = mkdtempSync(join(tmpdir(), "sealpatch-circuit-mutants-"));

  remove(): void {
    this.#worker.kill("SIGKILL");
    rmSync(this.#copies, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Copies the circuits with the change and shows them to the suite: the mutant's own test must kill it. */
  async verdict(mutant: Mutant): Promise<Outcome> {
    const { file, killedBy } = mutant;
    const root = mkdtempSync(join(this.#copies, "mutant-"));
    try {
      for (const folder of FOLDERS) cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
      writeFileSync(join(root, file), mutate(mutant).mutated);
      const outcome = await this.#ask({ root, file, killedBy });
      return outcome.verdict === "killed" && outcome.killedBy !== killedBy
        ? { ...outcome, verdict: "alive" }
        : outcome;
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 10 });
    }
  }

  #ask(question: CircuitMutantQuestion): Promise<Outcome> {
    return new Promise((done, fail) => {
      const ended = () => fail(new Error("the suite of the circuits ended before it answered"));
      this.#worker.once("exit", ended);
      this.#worker.once("message", (answer: CircuitMutantAnswer) => {
        this.#worker.off("exit", ended);
        if ("error" in answer) fail(new Error(answer.error));
        else done(answer);
      });
      this.#worker.send(question);
    });
  }
}
