import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { PRODUCT_CIRCUITS } from "../../src/ceremony/index.js";
import { ROOT } from "../../src/places.js";
import { buildCircuit } from "../../src/proof/index.js";
import { domainPower, R1csFile } from "../../src/proof/keys/index.js";
import type { Rehearsal, Taken } from "./step.js";

const NAMES = ["first contributor", "second contributor", "third contributor"];

const program = new Command("npm run ceremony:full --")
  .description(
    "Holds a ceremony of three contributors at full size, over powers of tau of known secrets, each step in a process of its own, and " +
      "prints what each takes. With both circuits it ends with proofs that a deployed verifier accepts.",
  )
  .option("--circuits <names...>", "hold it for these circuits alone; both unless given")
  .addOption(
    new Option("--initial-keys <how>", "made by snarkjs, or from the secrets of the powers, in seconds")
      .choices(["snarkjs", "secrets"])
      .default("snarkjs"),
  )
  .option("--folder <folder>", "keep everything there, and go on with what is there")
  .addHelpText("after", "\nExample:\n  npm run ceremony:full -- --circuits bind --initial-keys secrets")
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
const options = program
  .parse()
  .opts<{ circuits?: string[]; initialKeys: "snarkjs" | "secrets"; folder?: string }>();
const circuits = PRODUCT_CIRCUITS.filter(({ name }) => options.circuits?.includes(name) ?? true);

const folder = resolve(options.folder ?? (await mkdtemp(join(tmpdir(), "sealpatch-ceremony-"))));
const at = (...names: string[]) => join(folder, ...names);
const settings = at("rehearsal.json");
try {
  await mkdir(folder, { recursive: true });
  await rehearse();
} finally {
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
}

async function rehearse(): Promise<void> {
  const compiled = [];
  for (const { name, source } of circuits) {
    const { r1csFile } = await buildCircuit({ source });
    const r1cs = await R1csFile.open(r1csFile);
    compiled.push({ name, r1csFile, power: domainPower(r1cs.header) });
    await r1cs.close();
  }
  const fromSecrets = options.initialKeys === "secrets";
  // An initial key from secrets takes powers for twice the rows.
  const power = Math.max(...compiled.map((each) => each.power)) + (fromSecrets ? 1 : 0);
  const powersOfTau = at("powers.ptau");
  const rehearsal: Rehearsal = { powersOfTau, power, pinned: [], circuits, round: inADay() };
  await writeFile(settings, JSON.stringify(rehearsal));
  heading();
  await step("powers", [], { unless: powersOfTau, writes: powersOfTau });
  const { size: bytes } = await stat(powersOfTau);
  const hash = createHash("blake2b512");
  await pipeline(createReadStream(powersOfTau), hash);
  const pinned = [{ power, file: "powers.ptau", bytes, blake2b512: hash.digest("hex") }];
  await writeFile(settings, JSON.stringify({ ...rehearsal, pinned }));

  const ceremony = at("coordinator", "ceremony");
  await mkdir(join(ceremony, "0000"), { recursive: true });
  for (const { name, r1csFile } of compiled) {
    const zkeyFile = join(ceremony, "0000", `${name}.zkey`);
    const wasThere = existsSync(zkeyFile);
    if (fromSecrets) await step("initial-key", [r1csFile, zkeyFile], { unless: zkeyFile });
    const how = wasThere ? "was there" : fromSecrets ? "from the secrets" : "by snarkjs, in init";
    console.log(`  initial key of ${name}: ${how}`);
  }
  await step("init", [ceremony], { writes: join(ceremony, "0000") });
  for (const [index, name] of NAMES.entries()) {
    const own = at(name.replace(" ", "-"), "ceremony");
    const [before, after] = [index, index + 1].map((number) => `000${number}`) as [string, string];
    for (const sent of ["ceremony.json", before])
      await cp(join(ceremony, sent), join(own, sent), { recursive: true });
    await step("contribute", [own, name], { writes: join(own, after) });
    await step("receive", [ceremony, join(own, after)], { writes: join(ceremony, after) });
  }
  await step("beacon", [ceremony], { writes: join(ceremony, `000${NAMES.length + 1}`) });
  await step("finalize", [ceremony, at("keys")], { writes: at("keys") });
  await step("verify", [at("keys")]);
  if (circuits.length === PRODUCT_CIRCUITS.length) await step("prove", [at("keys")]);
}

function heading(): void {
  const names = circuits.map(({ name }) => name).join(", ");
  console.log(`A ceremony for ${names}: seconds, seconds of all processors together, peak memory, disk.\n`);
  console.log(`${"step".padEnd(44)}${["s", "cpu s", "MB", "MB"].map((unit) => unit.padStart(9)).join("")}`);
}

/** Runs a step and prints what it took. @param options.writes what it writes. */
async function step(
  name: string,
  words: readonly string[],
  { unless, writes }: { readonly unless?: string; readonly writes?: string } = {},
): Promise<void> {
  if (unless !== undefined && existsSync(unless)) return;
  const { seconds, processorSeconds, peakMb, stages } = await run([settings, name, ...words]);
  const disk = writes === undefined ? "" : (await bytesOf(writes)) / 1e6;
  line(name, [seconds, processorSeconds, peakMb, disk]);
  for (const [stage, took] of Object.entries(stages)) line(`  ${stage}`, [took]);
}

function line(label: string, figures: readonly (number | "")[]): void {
  const shown = figures.map((figure) =>
    (figure === "" ? "" : figure.toFixed(figure < 10 ? 1 : 0)).padStart(9),
  );
  console.log(`${label.padEnd(44)}${shown.join("")}`);
}

function run(words: readonly string[]): Promise<Taken> {
  return new Promise((done, fail) => {
    const args = ["--import", "tsx", join(ROOT, "tools/ceremony/step.ts"), ...words];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", fail);
    child.on("close", (code) => {
      if (code !== 0) return fail(new Error(`${words[1]} failed:\n${output}`));
      const lines = output.trimEnd().split("\n");
      done(JSON.parse(lines.at(-1)!) as Taken);
    });
  });
}

async function bytesOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  let sum = 0;
  for (const name of await readdir(path)) sum += await bytesOf(join(path, basename(name)));
  return sum;
}

/** A round of the rehearsals' beacon, one of which comes each second. */
function inADay(): number {
  return Math.floor(Date.now() / 1000) + 86_400;
}
