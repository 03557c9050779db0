import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { getuid } from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/error-codes/index.js";
import { rebuildPatch } from "../../../src/patch/index.js";
import { fund, laneConfiguration, newAccount } from "../../lane/lane-project.js";
import { put, temporaryFolder } from "../../project/projects.js";
import { attestWords, openedBundle } from "../attesting-refusals.js";
import { CONTRACT, type SealedProject, sealedProject } from "../sealed-project.js";
import { sealWords } from "../sealing-refusals.js";
import { secretsOf } from "../sealing-secrets.js";
import { sealpatch } from "../sealpatch.js";
import { mayMount, runOnFullDisk, runProcess } from "./processes.js";
import { assertHarmless, assertRefused, contentOf, type Place } from "./refused.js";

// What a machine does to a process: full disks, folders that nobody may write to, closed streams, signals.

let project: SealedProject;
let place: Place;
let deployWords: string[];
const at = (name: string) => project.at(name);

beforeAll(async () => {
  project = await sealedProject(temporaryFolder());
  const sealed = await sealpatch("seal", ...sealWords(project, "patch.age"), "--to", at("member.json"));
  expect(sealed.code, sealed.stderr).toBe(0);
  const bundle = await openedBundle(project);
  place = { folder: at("."), secrets: secretsOf(project, bundle, (await rebuildPatch(bundle)).code.code) };
  mkdirSync(at("lane"));
  const account = await newAccount(at("lane"), "governance");
  await fund(project.chain.anvil.url, account.address);
  const someone = account.address;
  const roles = { proposers: someone, executors: someone, council: someone, guardians: someone };
  put(at("lane"), { "sealpatch.toml": laneConfiguration({ rpc: project.chain.anvil.url, roles }) });
  deployWords = ["deploy", "--config", at("lane/sealpatch.toml"), ...account.options, "--yes"];
}, 300_000);
afterAll(() => project?.stop());

const newAuditor = (file: string) => ["auditor", "new", "--out", file, "--passphrase-file", at("pass.txt")];
const publicFile = (file: string) => [
  ...["auditor", "show", at("auditor-0.age"), "--passphrase-file", at("pass.txt"), "--out", file],
];
const sealTo = (file: string) => [
  ...["seal", "--config", at("sealpatch.toml"), "--proxy", "vault", "--contract", CONTRACT],
  ...["--incidents", at("vault-incidents.json"), "--out", file],
];
const attestTo = (file: string) => {
  const words = attestWords(project, "patch.age");
  return ["attest", ...words.toSpliced(words.indexOf("--out") + 1, 1, file)];
};

/** Commands that write a file where they are told to, and what a folder that takes none comes to. */
const WRITERS: readonly (readonly [what: string, words: (file: string) => string[], code: ErrorCode])[] = [
  ["a keystore", newAuditor, "keystore/unwritable"],
  ["a public file", publicFile, "cli/unwritable-file"],
  ["a bundle", sealTo, "cli/unwritable-file"],
  ["an attestation", attestTo, "cli/unwritable-file"],
];

/** A folder that takes no file, also of the superuser where the file system knows how. */
const mayLock = (folder: string) =>
  spawnSync(getuid?.() === 0 ? "chattr" : "chmod", [getuid?.() === 0 ? "+i" : "0555", folder]).status === 0;
const unlock = (folder: string) =>
  spawnSync(getuid?.() === 0 ? "chattr" : "chmod", [getuid?.() === 0 ? "-i" : "0755", folder]);

describe("a disk that is full", () => {
  it.runIf(mayMount).each(WRITERS)("is told of, and %s is not there in part", async (_, words, code) => {
    const disk = at("disk");
    mkdirSync(disk, { recursive: true });
    const { files, ...ended } = await runOnFullDisk(words(join(disk, "out")), disk);
    assertRefused(ended, 1);
    assertHarmless(ended, place);
    expect(ended.stderr).toMatch(/the disk is full/);
    expect(files).toEqual([]);
    expect(code).toMatch(/unwritable/);
  });

  it.each([
    ["standard output", ["vectors", "list"]],
    ["JSON", ["vectors", "list", "--json"]],
  ])("behind %s is told of on standard error", async (_, words) => {
    const ended = await runProcess([...words, at("baseline.json")], { shell: 'exec "$@" > /dev/full' });
    assertRefused(ended, 1);
    assertHarmless(ended, place);
    expect(ended.stderr).toMatch(/standard output cannot be written\n {2}why: {3}the disk is full/);
  });

  it("is told of where not even the state fits, and nothing is sent", async () => {
    const before = await project.chain.provider.getBlockNumber();
    // Of blocks of 1024 bytes: neither lock nor journal.
    const ended = await runProcess(deployWords, { shell: 'ulimit -f 0; exec "$@"' });
    assertRefused(ended, 1);
    assertHarmless(ended, place);
    expect(await project.chain.provider.getBlockNumber()).toBe(before);
    expect(existsSync(at("lane/deployments.json"))).toBe(false);
  });
});

describe("a folder that nobody may write to", () => {
  it.each(WRITERS)("is told of, and %s is not there in part", async (_, words, code) => {
    const folder = at("locked");
    mkdirSync(folder, { recursive: true });
    if (!mayLock(folder)) return;
    try {
      for (const [more, exit] of [
        [[], 1],
        [["--json"], 1],
      ] as const) {
        const ended = await sealpatch(...words(join(folder, "out")), ...more);
        expect(ended.code).toBe(exit);
        assertHarmless(ended, place);
        expect(readdirSync(folder)).toEqual([]);
        if (more.length > 0)
          expect(JSON.parse(ended.stdout).error).toMatchObject({ code, why: "it is not permitted" });
      }
    } finally {
      unlock(folder);
    }
  });
});

describe("closed streams", () => {
  it.each([
    ["a passphrase", () => ["auditor", "new", "--out", at("new.age")]],
    ["a confirmation", () => deployWords.filter((word) => word !== "--yes")],
    ["dice", () => ["ceremony", "contribute", at("policies"), "--name", "East", "--dice"]],
  ])("standard input, where %s is asked for, is told of", async (_, words) => {
    const before = contentOf(at("."));
    const ended = await runProcess(words(), { shell: 'exec "$@" <&-' });
    assertRefused(ended, ended.code === 2 ? 2 : 1);
    assertHarmless(ended, place);
    expect(contentOf(at("."))).toEqual(before);
  });

  it("standard output or error do no harm", async () => {
    for (const closed of [">&-", "2>&-", "2>/dev/full"]) {
      const { code } = await runProcess(["vectors", "root", at("none.json")], {
        shell: `exec "$@" ${closed}`,
      });
      expect(code, closed).toBe(1);
    }
  });
});

/** An age file begins so, and what else is made is JSON. */
function isWhole(file: string): boolean {
  const text = readFileSync(file, "latin1");
  return text.startsWith("age-encryption.org/v1\n") || typeof JSON.parse(text) === "object";
}

/** Files that a command may leave where it is told to end: what is whole of its state. */
const isState = (name: string) => name.includes(".sealpatch/") && !/\.tmp$|\.making|\.lock$/.test(name);

describe("SIGINT", () => {
  /** Commands with the files that each makes, which are there whole or not at all. */
  const COMMANDS: readonly (readonly [name: string, words: () => string[], made: readonly string[]])[] = [
    [
      "vectors run",
      () => [
        "vectors",
        "run",
        at("baseline.json"),
        "--code",
        `${at("out/build-info/fixed.json")}:${CONTRACT}`,
        "--address",
        `0x${"f1".repeat(20)}`,
        "--workers",
        "2",
      ],
      [],
    ],
    ["seal", () => sealTo(at("interrupted.age")), ["interrupted.age", "interrupted.target.json"]],
    ["attest", () => attestTo(at("interrupted.json")), ["interrupted.json"]],
    [
      "prove",
      () => [
        ...["prove", at("patch.age"), "--config", at("sealpatch.toml"), "--keystore", at("member.age")],
        ...["--passphrase-file", at("pass.txt"), "--out", at(".")],
      ],
      [],
    ],
    ["deploy", () => deployWords, ["lane/deployments.json"]],
  ];

  it.each(COMMANDS)(
    "in each stage of %s ends it with 130, and leaves nothing half done",
    async (name, words, made) => {
      const before = contentOf(at("."));
      let interrupted = 0;
      let after = 0.6;
      for (let round = 0; round < 6; round++, after += STEP[name] ?? 0.7) {
        const ended = await runProcess(words(), { interruptAfter: after });
        const { code, signal, left } = ended;
        expect(left).toEqual([]);
        assertHarmless(ended, place);
        const content = contentOf(at("."));
        const changed = Object.keys(content).filter(
          (file) => content[file] !== before[file] && !isState(file),
        );
        expect(existsSync(at(".sealpatch/.lock")) || existsSync(at("lane/.sealpatch/.lock"))).toBe(false);
        if (code === 130) interrupted++;
        expect(
          changed.filter((file) => !made.includes(file)),
          `${name} after ${after} s`,
        ).toEqual([]);
        for (const file of changed) expect(isWhole(at(file)), file).toBe(true);
        if (code !== 130 && signal !== "SIGINT") {
          expect([0, 1]).toContain(code);
          expect(changed).toEqual(code === 0 ? made : []);
        }
        if (changed.length > 0) break;
      }
      for (const file of made) rmSync(at(file), { force: true });
      expect(interrupted).toBeGreaterThan(1);
    },
  );
});

/** Seconds between two signals. */
const STEP: Readonly<Record<string, number>> = { "vectors run": 0.5, deploy: 1 };
