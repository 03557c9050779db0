import { type ChildProcess, execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foundryBinary } from "../../src/foundry.js";
import { ROOT } from "../../src/places.js";

/** One change of a contract: the text `from`, which stands in `file` exactly once, becomes `to`. */
export interface Mutant {
  readonly number: number;
  readonly file: string;
  readonly change: string;
  readonly from: string;
  readonly to: string;
}

/** `not compiled` is a defect of the mutant, not of the suite: it counts as alive, so that somebody looks. */
export type Verdict = "killed" | "alive" | "not compiled";

const SETTINGS = {
  FOUNDRY_SOLC: join(ROOT, "tools/solc-shim.cjs"),
  FOUNDRY_OPTIMIZER: "false",
  FOUNDRY_CODE_SIZE_LIMIT: "200000",
  FOUNDRY_FUZZ_RUNS: "32",
  FOUNDRY_INVARIANT_RUNS: "4",
};

// What means the optimized code or the build's proofs, which a copy does not have.
const NEVER = ["^GasTest", "^ProxyKindsGasTest", "RealProof"];
// Slow, so asked only about mutants that get past the others.
const SLOW = "InvariantsTest";

/**
 * A copy of the contracts and their suite, compiled without the optimizer and without the IR: that takes a third of the
 * time and allows for larger code.
 */
export class MutantRunner {
  readonly #copy = mkdtempSync(join(tmpdir(), "sealpatch-mutants-"));
  #running: ChildProcess | undefined;

  /** @param compiled one that has compiled everything already: the copy begins with what it made. */
  constructor(compiled?: MutantRunner) {
    for (const folder of ["contracts", "test/contracts"]) {
      cpSync(join(ROOT, folder), join(this.#copy, folder), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.#copy, "node_modules"));
    const toml = readFileSync(join(ROOT, "foundry.toml"), "utf8");
    const plain = toml.replace(/^(additional_compiler_profiles|compilation_restrictions) = .*$/gm, "");
    writeFileSync(join(this.#copy, "foundry.toml"), plain);
    if (compiled !== undefined)
      cpSync(join(compiled.#copy, "build"), join(this.#copy, "build"), { recursive: true });
  }

  /** Ends what runs in the copy, and removes it. */
  remove(): void {
    this.#running?.kill("SIGKILL");
    // What it was writing may still be arriving.
    rmSync(this.#copy, { recursive: true, force: true, maxRetries: 10 });
  }

  /** @throws Error where the suite fails on the contracts as they are. */
  async assertSuitePasses(): Promise<void> {
    if ((await this.#suite("--no-match-contract", NEVER.join("|"))) !== "alive") {
      throw new Error("the suite fails without a mutant");
    }
  }

  /** Applies the mutant, runs the suite, and takes the mutant back. */
  async verdict({ number, file, from, to }: Mutant): Promise<Verdict> {
    const source = readFileSync(join(ROOT, file), "utf8");
    if (source.split(from).length !== 2) {
      throw new Error(`mutant ${number}: its text must stand in ${file} exactly once`);
    }
    const target = join(this.#copy, file);
    writeFileSync(
      target,
      source.replace(from, () => to),
    );
    try {
      const fast = await this.#suite("--no-match-contract", [...NEVER, SLOW].join("|"));
      return fast === "alive" ? await this.#suite("--match-contract", SLOW) : fast;
    } finally {
      writeFileSync(target, source);
    }
  }

  #suite(...options: string[]): Promise<Verdict> {
    const environment = { ...process.env, ...SETTINGS };
    const limits = { cwd: this.#copy, env: environment, maxBuffer: 1 << 28 };
    return new Promise((done) => {
      this.#running = execFile(
        foundryBinary("forge"),
        ["test", "--fail-fast", ...options],
        limits,
        (_error, stdout) => {
          const failures = /tests passed, (\d+) failed/.exec(stdout)?.[1];
          if (failures === undefined) done("not compiled");
          else done(failures === "0" ? "alive" : "killed");
        },
      );
    });
  }
}
