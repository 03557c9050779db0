import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/**
 * Applies each mutant of mutants.json to a copy of the contracts, one at a time, and runs the suite: every mutant must be
 * killed. Usage: `tsx test/contracts/mutants/run.ts [first] [last]`, numbers from 1; all of them by default.
 *
 * The copy is compiled without the optimizer and without the IR, which takes a third of the time and allows for larger
 * code; the gas tests, which mean the optimized code, stay out.
 */
const Mutants = z.array(
  z.strictObject({ file: z.string(), change: z.string(), from: z.string().min(1), to: z.string() }),
);

const FOLDER = dirname(fileURLToPath(import.meta.url));
const ROOT = join(FOLDER, "..", "..", "..");
const SETTINGS = {
  FOUNDRY_OPTIMIZER: "false",
  FOUNDRY_CODE_SIZE_LIMIT: "200000",
  FOUNDRY_FUZZ_RUNS: "32",
  FOUNDRY_INVARIANT_RUNS: "4",
};
const Manifest = z.object({ bin: z.object({ forge: z.string() }) });
const manifest = createRequire(import.meta.url).resolve("@foundry-rs/forge/package.json");
const forge = join(dirname(manifest), Manifest.parse(JSON.parse(readFileSync(manifest, "utf8"))).bin.forge);

/** The verdict of the closing line: npm's wrapper of forge exits with 0 whatever happened. */
function suite(copy: string, ...options: string[]): "passed" | "failed" | "not compiled" {
  const { stdout } = spawnSync(process.execPath, [forge, "test", "--fail-fast", ...options], {
    cwd: copy,
    env: { ...process.env, ...SETTINGS },
    encoding: "utf8",
  });
  const failures = /tests passed, (\d+) failed/.exec(stdout)?.[1];
  if (failures === undefined) return "not compiled";
  return failures === "0" ? "passed" : "failed";
}

const mutants = Mutants.parse(JSON.parse(readFileSync(join(FOLDER, "mutants.json"), "utf8")));
const first = Number(process.argv[2] ?? 1);
const last = Number(process.argv[3] ?? mutants.length);

const copy = mkdtempSync(join(tmpdir(), "sealpatch-mutants-"));
try {
  for (const folder of ["contracts", "test/contracts"]) {
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  }
  mkdirSync(join(copy, "scripts"));
  cpSync(join(ROOT, "scripts/solc-shim.cjs"), join(copy, "scripts/solc-shim.cjs"));
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const toml = readFileSync(join(ROOT, "foundry.toml"), "utf8");
  const plain = toml.replace(/^(additional_compiler_profiles|compilation_restrictions) = .*$/gm, "");
  writeFileSync(join(copy, "foundry.toml"), plain);

  if (suite(copy, "--no-match-contract", "GasTest") !== "passed")
    throw new Error("the suite fails unmutated");

  const survivors: string[] = [];
  for (const [index, mutant] of mutants.entries()) {
    const number = index + 1;
    if (number < first || number > last) continue;
    const name = `${number} ${mutant.file}: ${mutant.change}`;
    const file = join(copy, mutant.file);
    const source = readFileSync(join(ROOT, mutant.file), "utf8");
    if (source.split(mutant.from).length !== 2)
      throw new Error(`${name}: the text must stand there exactly once`);
    writeFileSync(
      file,
      source.replace(mutant.from, () => mutant.to),
    );
    // The slow suite is asked only about mutants that get past the others.
    let verdict = suite(copy, "--no-match-contract", "GasTest|InvariantsTest");
    if (verdict === "passed") verdict = suite(copy, "--match-contract", "InvariantsTest");
    if (verdict !== "failed") survivors.push(`${name} (${verdict})`);
    console.log(`${verdict === "failed" ? "killed  " : "SURVIVED"} ${name}`);
    writeFileSync(file, source);
  }
  for (const survivor of survivors) console.log(`survived: ${survivor}`);
  const total = last - first + 1;
  console.log(`${total - survivors.length} passed, ${survivors.length} failed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
