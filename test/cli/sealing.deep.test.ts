import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { attestedMessage, parseAttestation, verifyAttestation } from "../../src/audit/index.js";
import { attestBundle } from "../../src/cli/attest/attest.js";
import { groupOf, parseTarget, rebuildPatch, reviewPatch } from "../../src/patch/index.js";
import { openLane, readProject } from "../../src/project/index.js";
import { put, temporaryFolder } from "../project/projects.js";
import { ATTEST_REFUSALS, attestWords, openedBundle } from "./attesting-refusals.js";
import { CONTRACT, type SealedProject, sealedProject } from "./sealed-project.js";
import { SEAL_REFUSALS, sealWords } from "./sealing-refusals.js";
import { secretsOf } from "./sealing-secrets.js";
import { type Finished, sealpatch } from "./sealpatch.js";

let project: SealedProject;
/** Files in clear that are there before anything is sealed. */
let given: ReadonlySet<string>;
/** All that was printed. */
let printed = "";

const at = (name: string) => project.at(name);
const read = (name: string) => readFileSync(at(name), "utf8");
const run = async (...words: string[]): Promise<Finished> => {
  const finished = await sealpatch(...words);
  printed += finished.stdout + finished.stderr;
  return finished;
};
const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
/** Lines that are wider; paths of files are as long as they are. */
const tooWide = (text: string, columns: number) =>
  text.split("\n").filter((line) => line.length > columns && !line.includes(at(".")));
const files = () => readdirSync(at("."));

beforeAll(async () => {
  project = await sealedProject(temporaryFolder());
  given = new Set(files());
  const { code, stdout, stderr } = await run(
    "seal",
    ...sealWords(project, "patch.age"),
    "--to",
    at("stranger.json"),
  );
  expect([code, stderr.replace(/^ {2}vectors: .*\n/, "")]).toEqual([0, ""]);
  expect(stdout).toMatch(/3 baseline, 0 of them waived; 2 incident/);
}, 300_000);
afterEach(() => {
  put(at("."), Object.fromEntries(project.restore));
  project.restore.clear();
});
afterAll(() => project.stop());

describe("sealpatch seal", () => {
  it("writes a bundle that its readers open, and the target beside it, for nobody else's eyes", async () => {
    const target = parseTarget(read("patch.target.json"));
    const { timelock, proxy } = project.scene;
    expect(await timelock.target(proxy, target.validUntil)).toEqual(target);
    for (const name of ["patch.age", "patch.target.json"])
      expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    const bundle = await openedBundle(project);
    expect(bundle).toMatchObject({
      contract: CONTRACT,
      deployer: timelock.address,
      incidents: project.incidents,
    });
    expect(bundle.compiler.input).not.toHaveProperty("basePath");
    const { commitment, warnings } = await rebuildPatch(bundle);
    expect(printed).toContain(hex(commitment));
    for (const label of ["first auditor", "second auditor", "third auditor", "a stranger"])
      expect(printed).toContain(`${label} (age1`);
    const onOneLine = printed.replaceAll(/\s+/g, " ");
    expect(warnings.length).toBeGreaterThan(0);
    for (const { message } of warnings) expect(onOneLine).toContain(message.replaceAll(/\s+/g, " "));
  });

  it.each(SEAL_REFUSALS)("refuses %s, and writes nothing", async (_, prepare, expected) => {
    const words = await prepare(project);
    const before = files();
    const { code, stdout } = await run("seal", ...words, "--json");
    const { error } = JSON.parse(stdout);
    expect([error.code, code]).toEqual([expected, expected === "cli/usage" ? 2 : 1]);
    expect(files()).toEqual(before);
    expect(stdout).not.toContain("AGE-SECRET-KEY-1");
  });

  it("with --again adds a reader, and the commitment stays", async () => {
    const words = ["--again", at("patch.age"), "--to", at("member.json"), "--keystore", at("auditor-1.age")];
    const { code, stdout } = await run(
      ...["seal", ...words, "--passphrase-file", at("pass.txt"), "--out", at("patch-2.age"), "--json"],
    );
    expect(code).toBe(0);
    const { commitment, readers } = JSON.parse(stdout);
    expect(readers.map(({ label }: { label: string }) => label)).toEqual(["second auditor", "member"]);
    expect(commitment).toBe(hex((await rebuildPatch(await openedBundle(project))).commitment));
    const more = ["--again", at("patch-2.age"), "--to", at("auditor-2.json"), "--keystore", at("member.age")];
    const again = await run(
      "seal",
      ...more,
      "--passphrase-file",
      at("pass.txt"),
      "--out",
      at("patch-3.age"),
      "--json",
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ commitment });
    // The first auditor is not named there, and keeps what he has.
    put(at("."), { "patch-2.target.json": read("patch.target.json") });
    const attest = (bundle: string, who: string) =>
      run("attest", ...attestWords(project, bundle, who), "--json");
    expect(JSON.parse((await attest("patch-2.age", "auditor-0")).stdout).error.code).toBe(
      "patch/cannot-decrypt",
    );
    expect((await openedBundle(project)).salt).toBeGreaterThan(0n);
  });

  it("with --group seals all members first, then their targets", async () => {
    const words = ["--group", "--proxy", `vault=${CONTRACT}`, "--proxy", `second=${CONTRACT}`];
    const incidents = ["vault", "second"].flatMap((name) => [
      "--incidents",
      `${name}=${at(`${name}-incidents.json`)}`,
    ]);
    const config = ["--config", at("sealpatch.toml"), "--out", at("both.age"), "--json"];
    const { code, stdout } = await run("seal", ...words, ...incidents, ...config);
    expect(code).toBe(0);
    const { sealed } = JSON.parse(stdout);
    const group = groupOf(sealed.map(({ commitment }: { commitment: string }) => BigInt(commitment)));
    const targets = ["vault", "second"].map((name) => parseTarget(read(`both.${name}.target.json`)));
    expect(targets.map((target) => target.group)).toEqual([group, group]);
    expect(targets.map(({ proxy }) => proxy)).toEqual([project.scene.proxy, project.other.proxy]);
  });
});

describe("sealpatch attest", () => {
  it.each(ATTEST_REFUSALS)("refuses %s, and signs nothing", async (_, prepare, expected) => {
    if (!existsSync(at("patch-for-others.age"))) await sealForOthers();
    const words = await prepare(project);
    const { code, stdout } = await run("attest", ...words, "--json");
    expect([JSON.parse(stdout).error.code, code]).toEqual([expected, 1]);
    expect(existsSync(at("refused.json"))).toBe(false);
  });

  it("shows what is signed by the names of the encodings, and signs that", async () => {
    const words = attestWords(project, "patch.age").map((word) => word.replace("refused", "first"));
    const { code, stdout } = await run("attest", ...words);
    expect(code).toBe(0);
    const lane = await openLane(await readProject(at("sealpatch.toml")), "vault");
    const { policy, currentCode } = lane;
    const targets = [parseTarget(read("patch.target.json"))];
    const { statement } = await reviewPatch({
      bundle: await openedBundle(project),
      policy,
      currentCode,
      targets,
    });
    const attestation = parseAttestation(read("first.json"));
    expect(verifyAttestation(attestation, statement)).toBe(true);
    expect(policy.auditors.indexOf(attestation.publicKey)).toBe(0);
    expect(statSync(at("first.json")).mode & 0o777).toBe(0o600);
    const names = ["patchCommitment C", "targetsRoot", "vectorRoot", "reportDigest"];
    const encodings = readFileSync("docs/encodings.md", "utf8");
    for (const [index, value] of Object.values(statement).entries()) {
      expect(stdout).toMatch(new RegExp(`${names[index]!} +${hex(value)}`));
      expect(encodings).toContain(`| ${names[index]!}`);
    }
    expect(stdout).toContain(`signed       ${hex(attestedMessage(statement))}`);
    expect(stdout).toMatch(/^- +_beforeCall\(predecessor\);\n\+ +_beforeCall\(id, predecessor\);$/m);
    expect(stdout).toMatch(/_minDelay +uint256/);
    expect(stdout).toMatch(/#1 +\(hidden\) +incident +fail +pass +repelled/);
    expect(tooWide(stdout, 100)).toEqual([]);
    expect(stdout).not.toContain("\u001b");
  });

  it("fits a terminal of 80 columns, in colours, and shows incidents where it is asked to", async () => {
    const { isTTY, columns, hasColors } = process.stdout;
    Object.assign(process.stdout, { isTTY: true, columns: 80, hasColors: () => true });
    const words = attestWords(project, "patch.age").map((word) => word.replace("refused", "wide"));
    const { code, stdout } = await sealpatch("attest", ...words, "--show-incidents").finally(() =>
      Object.assign(process.stdout, { isTTY, columns, hasColors }),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("\u001b[31m-");
    expect(tooWide(stripVTControlCharacters(stdout), 80)).toEqual([]);
    const text = stripVTControlCharacters(stdout).replaceAll(/\s+/g, " ");
    expect(text).toContain(project.incidents.vectors[0]!.name.split(" ").slice(0, 2).join(" "));
  });

  it("asks for the first digits of the commitment, and signs nothing with others", async () => {
    const { commitment } = await rebuildPatch(await openedBundle(project));
    const digits = hex(commitment).slice(2, 8);
    // The keystore is that of the configuration.
    const options = { config: at("sealpatch.toml"), passphraseFile: at("pass.txt") };
    const attest = async (typed: string) => {
      const input = Object.assign(new PassThrough(), { isTTY: true });
      const output = new PassThrough();
      input.write(`${typed}\r`);
      const write = process.stdout.write;
      process.stdout.write = () => true;
      const done = attestBundle(at("patch.age"), options, { input, output });
      await done.finally(() => {
        process.stdout.write = write;
      });
      return String(output.read());
    };
    for (const typed of ["", "000000", digits.slice(0, 5)])
      await expect(attest(typed)).rejects.toMatchObject({ code: "cli/not-confirmed" });
    expect(existsSync(at("patch.attestation.json"))).toBe(false);
    expect(await attest(digits.toUpperCase())).toContain("first 6 digits of the commitment");
    expect(existsSync(at("patch.attestation.json"))).toBe(true);
  });

  it("is a usage error without a terminal and without --yes, before anything is read", async () => {
    const { code, stdout } = await run("attest", at("none.age"), "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, "cli/usage"]);
  });
});

describe("T20: what is printed, and what lies in clear", () => {
  it("holds no secret", async () => {
    const bundle = await openedBundle(project);
    const secrets = secretsOf(project, bundle, (await rebuildPatch(bundle)).code.code);
    expect(secrets.length).toBeGreaterThan(20);
    const written = files().filter((name) => !given.has(name) && !name.endsWith(".age"));
    expect(written).toEqual(
      expect.arrayContaining(["patch.target.json", "first.json", "both.second.target.json"]),
    );
    const clear = [printed, ...written.filter((name) => name.endsWith(".json")).map(read)]
      .join("\n")
      .toLowerCase();
    expect(secrets.filter(([, text]) => clear.includes(text.toLowerCase())).map(([name]) => name)).toEqual(
      [],
    );
  });
});

/** A bundle that is not for the first auditor. */
async function sealForOthers(): Promise<void> {
  const words = ["--again", at("patch.age"), "--to", at("member.json"), "--keystore", at("auditor-1.age")];
  await run("seal", ...words, "--passphrase-file", at("pass.txt"), "--out", at("patch-for-others.age"));
  put(at("."), { "patch-for-others.target.json": read("patch.target.json") });
}
