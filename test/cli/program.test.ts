import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { vectorsCommand } from "../../src/cli/vectors.js";
import { sealpatch } from "./process.js";

describe("the command line", () => {
  it("shows its version and its commands", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(await sealpatch("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await sealpatch("--help");
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("vectors");
  });

  it("gives every command an example and --json", () => {
    const { commands } = vectorsCommand();
    expect(commands.length).toBeGreaterThanOrEqual(7);
    for (const command of commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain(`Examples:\n  sealpatch vectors ${command.name()} `);
      expect(help).toContain("--json");
    }
  });

  it("exits with 2 where it is used wrongly, and says how to go on", async () => {
    for (const args of [
      ["bogus"],
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
});
