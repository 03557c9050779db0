import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command } from "../tools/test/processes.js";
import { sealpatch as fromSources } from "./cli/sealpatch.js";
import { installPacked } from "./packed-package.js";
import { projectIn } from "./portal/page-project.js";

const run = promisify(execFile);
const MINUTE = 60_000;

// The package as strangers get it: packed, installed from the registry into an empty folder, used by plain Node.
describe("the packed package", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealpatch-package-"));
  const home = join(folder, "home");
  const project = join(folder, "project");
  const options = { cwd: project, env: { ...process.env, SEALPATCH_HOME: home }, maxBuffer: 1 << 26 };
  const node = async (...args: string[]) => (await run(process.execPath, args, options)).stdout;
  /** The command, as npm puts it in place. */
  const sealpatch = async (...args: string[]) =>
    (await run(join(project, "node_modules/.bin/sealpatch"), args, options)).stdout;
  let tarball: string;

  beforeAll(async () => {
    tarball = await installPacked(folder, project);
  }, 5 * MINUTE);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has less than 8 MB", () => {
    expect(statSync(tarball).size).toBeLessThan(8_000_000);
  });

  it(
    "type-checks in a strict project that checks declarations, makes a key, proves and verifies",
    async () => {
      for (const name of ["consumer.ts", "tsconfig.json"])
        copyFileSync(join("test/consumer", name), join(project, name));
      writeFileSync(join(project, "doors.ts"), everyDoor());
      await run(process.execPath, [command("typescript", "tsc"), "-p", project], options).catch((error) => {
        throw new Error(error.stdout);
      });
      expect(JSON.parse(await node("doors.js"))).not.toContain(0);
      expect(JSON.parse(await node("consumer.js"))).toEqual({
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        made: true,
        zkeyFile: expect.stringContaining(home),
        valid: true,
        otherValid: false,
        client: "function",
      });
      // What was only needed to make the key is gone.
      expect(readdirSync(join(home, "circuits"))).toEqual([]);
    },
    6 * MINUTE,
  );

  it(
    "has the command: help, version, layouts of the project's sources",
    async () => {
      expect(await sealpatch("--help")).toContain("drill");
      expect(await sealpatch("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
      writeFileSync(join(project, "One.sol"), "contract One { uint256 one; }\n");
      const shown = JSON.parse(await sealpatch("layout", "show", "One.sol:One", "--json"));
      expect(shown.layoutRoot).toMatch(/^0x[0-9a-f]{64}$/);
      await expect(sealpatch("keys", "development", "nothing")).rejects.toMatchObject({ code: 2 });
    },
    MINUTE,
  );

  it(
    "says that other cases of the drill need the repository",
    async () => {
      await expect(sealpatch("drill", "--case", "CVE-2021-41264")).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/sources of CVE-2021-41264[\s\S]*clone of the repository/),
      });
    },
    MINUTE,
  );

  it(
    "runs the drill: makes the other key, and takes a whole incident to its verified disclosure",
    async () => {
      const report = JSON.parse(await sealpatch("drill", "--json"));
      expect(report.steps.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
      expect(report).toMatchObject({ ok: true, case: "CVE-2021-39168" });
      const keys = JSON.parse(await sealpatch("keys", "development", "--json"));
      expect(keys.keys.map(({ made }: { made: boolean }) => made)).toEqual([false, false]);
      expect(readdirSync(join(home, "keys"))).toHaveLength(2);
    },
    10 * MINUTE,
  );

  it(
    "builds the community's page as the sources do, byte for byte",
    async () => {
      const { config, policyFile } = projectIn(project);
      const words = ["--config", config, "--policy", policyFile, "--json"];
      const again = await fromSources("portal", "build", "--out", join(folder, "again.html"), ...words);
      // Whoever reads a page has no proving keys.
      const env = { ...options.env, SEALPATCH_HOME: join(folder, "without-keys") };
      const program = join(project, "node_modules/.bin/sealpatch");
      const packed = async (...args: string[]) =>
        JSON.parse((await run(program, ["portal", ...args, ...words], { ...options, env })).stdout);
      const built = await packed("build", "--out", join(folder, "portal.html"));
      expect(JSON.parse(again.stdout)).toEqual({ ...built, file: join(folder, "again.html") });
      expect(readFileSync(join(folder, "portal.html"))).toEqual(readFileSync(join(folder, "again.html")));
      expect(await packed("check", join(folder, "again.html"))).toMatchObject({ same: true });
      // Nor a configuration: that nobody compared the rest is exit code 2.
      const alone = ["portal", "check", "again.html", "--json"];
      const found = await run(program, alone, { ...options, env, cwd: folder }).catch((error) => error);
      expect(found.code).toBe(2);
      const outcomes = JSON.parse(found.stdout).checks.map(({ outcome }: { outcome: string }) => outcome);
      expect(outcomes).toEqual(["holds", "holds", "holds", "holds", "not checked"]);
    },
    5 * MINUTE,
  );
});

/** A program that imports every door, and prints how many names each has. */
function everyDoor(): string {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Record<string, unknown>;
  };
  const doors = Object.keys(exports).filter((door) => exports[door] instanceof Object);
  expect(doors.length).toBeGreaterThan(15);
  const imports = doors.map(
    (door, index) => `import * as door${index} from "${door.replace(".", "sealpatch")}";`,
  );
  const counts = doors.map((_, index) => `Object.keys(door${index}).length`);
  return `${imports.join("\n")}\nconsole.log(JSON.stringify([${counts.join(", ")}]));\n`;
}
