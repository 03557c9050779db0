import { Command } from "commander";
import { afterEach, describe, expect, it } from "vitest";
import { newCommand } from "../../src/cli/command.js";
import { runProgram } from "../../src/cli/run.js";
import { printed } from "./sealpatch.js";

const SECRET = "the salt is 12345";
/** As a line of a stack has it. */
const FORGED = `at ${SECRET.replaceAll(" ", "")} (/src/${SECRET.split(" ").at(-1)}.ts:1:1)`;

/** A program with one command, which does this. */
function programOf(work: () => unknown): Command {
  const group = new Command("vectors");
  group.addCommand(
    newCommand("run <set>", { description: "", examples: [] }).action(async () => void (await work())),
  );
  return new Command("sealpatch").addCommand(group);
}
const run = (work: () => unknown, ...more: string[]) =>
  printed(() => runProgram(programOf(work), ["vectors", "run", SECRET, ...more]));

afterEach(() => {
  delete process.env.SEALPATCH_DEBUG;
});

describe("an error that was not foreseen", () => {
  // JSON.parse quotes what it is given.
  const parsing = () => JSON.parse(SECRET);

  it("T20: says its code, the command and where to report it, and nothing of a library", async () => {
    expect(parsing).toThrow(/the salt/);
    const { code, stdout, stderr } = await run(parsing);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("error: `sealpatch vectors run` stopped at an error that was not foreseen\n");
    expect(stderr).toContain("cli/unexpected (SyntaxError)");
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/to do: report it as SECURITY\.md .*SEALPATCH_DEBUG=1/);
    expect(stderr).not.toMatch(/salt|12345|^ +at /m);
    for (const line of stderr.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("says the same as JSON, with the code of the system where there is one", async () => {
    const { code, stdout } = await run(() => {
      throw Object.assign(new TypeError(SECRET), { code: "EMFILE" });
    }, "--json");
    const { error } = JSON.parse(stdout);
    expect([code, error.code, error.details]).toEqual([
      1,
      "cli/unexpected",
      { command: "vectors run", kind: "TypeError", cause: "EMFILE" },
    ]);
    expect(stdout).not.toContain("salt");
  });

  it("T20: says with SEALPATCH_DEBUG where it arose, and still nothing of its text", async () => {
    process.env.SEALPATCH_DEBUG = "1";
    const { stderr } = await run(() => {
      throw new Error(`${SECRET}\n    ${FORGED}`);
    });
    expect(stderr).toMatch(/src\/cli\/run\.ts:\d+:\d+|commander\/lib\/command\.js:\d+:\d+/);
    expect(stderr).not.toMatch(/salt|12345/);
  });

  it.each([[SECRET], [undefined], [null], [{ name: SECRET, code: SECRET, stack: SECRET }]])(
    "T20: repeats nothing of what is no error: %j",
    async (thrown) => {
      process.env.SEALPATCH_DEBUG = "1";
      const { code, stderr } = await run(() => {
        throw thrown;
      });
      expect(code).toBe(1);
      expect(stderr).toContain("cli/unexpected\n");
      expect(stderr).not.toMatch(/salt/);
    },
  );
});
