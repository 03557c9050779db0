import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { attestCommand } from "../../src/cli/attest/commands.js";
import { initCommand } from "../../src/cli/init/commands.js";
import { auditorCommand, councilCommand } from "../../src/cli/keystore/commands.js";
import { layoutCommand } from "../../src/cli/layout/commands.js";
import { policyCommand } from "../../src/cli/policy/commands.js";
import { sealCommand } from "../../src/cli/seal/commands.js";
import { vectorsCommand } from "../../src/cli/vectors/commands.js";
import { sealpatch, sealpatchProcess } from "./sealpatch.js";

describe("the command line", () => {
  it("shows its version and its commands", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(await sealpatch("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await sealpatch("--help");
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("vectors");
  });

  it("is the same as a process, with output, errors and exit codes", async () => {
    for (const args of [
      ["--version"],
      ["vectors", "root", "a", "--bad"],
      ["vectors", "root", "nowhere.json"],
    ])
      expect(await sealpatchProcess(...args)).toEqual({ ...(await sealpatch(...args)), signal: null });
  });

  it("ends quietly where its reader has seen enough", async () => {
    const command = `"${process.execPath}" --import tsx src/cli/main.ts vectors run --help | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)("bash", ["-o", "pipefail", "-c", command]);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^Usage: sealpatch vectors run/), ""]);
  });

  it("gives every command an example and --json", () => {
    // Groups have commands, the others do something.
    const leaves = (command: Command, words: string): [string, Command][] =>
      command.commands.length === 0
        ? [[words, command]]
        : command.commands.flatMap((child) => leaves(child, `${words} ${child.name()}`));
    const groups = [
      vectorsCommand(),
      layoutCommand(),
      auditorCommand(),
      councilCommand(),
      initCommand(),
      policyCommand(),
      sealCommand(),
      attestCommand(),
    ];
    const commands = groups.flatMap((group) => leaves(group, group.name()));
    expect(commands.map(([words]) => words)).toEqual([
      ...["tx", "call", "foundry"].map((way) => `vectors record ${way}`),
      ...["run", "root", "list", "add", "remove", "lint", "coverage"].map((name) => `vectors ${name}`),
      ...["layout show", "layout diff"],
      ...["auditor new", "auditor show", "council new", "council show", "init"],
      ...["policy build", "policy check", "policy operation", "seal", "attest"],
    ]);
    for (const [words, command] of commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toMatch(new RegExp(`Examples:\n  sealpatch ${words}[ \n]`));
      expect(help).toContain("--json");
      for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it("exits with 2 where it is used wrongly, and says how to go on", async () => {
    for (const args of [
      ["bogus"],
      // Names that every object has.
      ["constructor"],
      ["__proto__"],
      ["toString"],
      ["vectors", "rot"],
      ["vectors", "root"],
      ["vectors", "root", "a", "--bad"],
    ]) {
      const { code, stdout, stderr } = await sealpatch(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^error: .+\n {2}to do: .+\n$/);
    }
    const bare = await sealpatch("vectors");
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("Commands:")]);
  });

  it("prints an error as one JSON object where it is asked to", async () => {
    const { code, stdout, stderr } = await sealpatch("vectors", "root", "--json");
    expect([code, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "cli/usage",
        message: "missing required argument 'set'",
        remedy: expect.any(String),
        details: {},
      },
    });
  });

  it("T20: obeys no text that an error quotes: what a terminal would obey stands there by its number", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sealpatch-hostile-"));
    const file = join(folder, "A.sol");
    try {
      writeFileSync(file, "contract A {\n\tuint \u001b[2J\u009b31m\u202e x;\n}");
      const { code, stderr } = await sealpatch("layout", "show", `${file}:A`);
      expect(code).toBe(1);
      expect(stderr).toContain("\\u{1b}[2J\\u{9b}31m\\u{202e} x;");
      expect(stderr).not.toMatch(/[^\P{C}\n]/u);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
