import { type ChildProcess, execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foundryBinary } from "../../src/foundry.js";
import { ROOT } from "../../src/places.js";
import { type Mutant, type MutantRunner, mutate, type Outcome, type Verdict } from "./mutants.js";

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
export class ContractMutants implements MutantRunner {
  readonly #copy = mkdtempSync(join(tmpdir(), "sealpatch-mutants-"));
  #running: ChildProcess | undefined;

  /** @param compiled one that has compiled everything already: the copy begins with what it made. */
  constructor(compiled?: ContractMutants) {
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
  async verdict(mutant: Mutant): Promise<Outcome> {
    const { source, mutated } = mutate(mutant);
    const target = join(this.#copy, mutant.file);
    writeFileSync(target, mutated);
    try {
      const fast = await this.#suite("--no-match-contract", [...NEVER, SLOW].join("|"));
      return { verdict: fast === "alive" ? await this.#suite("--match-contract", SLOW) : fast };
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
