import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandPage } from "../tools/docs/cli.js";
import { errorPage } from "../tools/docs/errors.js";
import { sealpatch } from "./cli/sealpatch.js";

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(ts|cjs|sol|circom|md)$/.test(file) && existsSync(file));
const pages = files.filter((file) => file.endsWith(".md"));

describe("documents", () => {
  it("the README is short", () => {
    expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThanOrEqual(131);
  });

  it("links lead to files that there are", () => {
    const links = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => ({
        page,
        target: join(dirname(page), target!),
      })),
    );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ target }) => !existsSync(target))).toEqual([]);
  });

  it("are where they are cited", () => {
    const missing = files
      .filter((file) => !/^test\/(protocol|documents)\.test\.ts$/.test(file))
      .flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(/(?<![\w./-])((?:\.\.\/|docs\/)*[\w-]+\.md)\b/g)]
          .map(([, name]) => name!)
          .filter((name) => {
            const folders = [dirname(file), "docs", "docs/signing/example", "."];
            const places = folders.map((folder, at) => join(folder, at === 0 ? name : basename(name)));
            return !places.some((place) => existsSync(place));
          })
          .map((name) => `${file}: ${name}`),
      );
    expect(missing).toEqual([]);
  });

  it("docs/cli.md is what --help prints", async () => {
    const page = await commandPage(async (...words) => (await sealpatch(...words, "--help")).stdout);
    expect(page).toContain("## sealpatch vectors record tx");
    expect(readFileSync("docs/cli.md", "utf8")).toBe(page);
  });

  it("docs/errors.md is the catalogue of error codes", () => {
    const page = errorPage();
    expect(page).toContain("| `code/too-large` | The runtime code is larger than EIP-170 allows");
    expect(readFileSync("docs/errors.md", "utf8")).toBe(page);
  });

  it("docs/dependencies.md has every package, and no other", () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(file, "utf8")) as Record<
        "dependencies" | "devDependencies",
        Record<string, string>
      >;
    const { dependencies, ...own } = read("package.json");
    const devDependencies = { ...own.devDependencies, ...read("tools/api/package.json").devDependencies };
    const text = readFileSync("docs/dependencies.md", "utf8");
    const [runTime, development] = text.split("## Development") as [string, string];
    // `@scope/one, two` names two packages of a scope; a version stands behind a name where it is an alias.
    const named = (part: string) =>
      [...part.matchAll(/^\| ([^|]+) \|/gm)]
        .flatMap(([, cell]) => {
          let scope = "";
          return cell!.split(", ").map((name) => {
            if (name.startsWith("@")) scope = `${name.split("/")[0]}/`;
            return { name: name.split(" ")[0]!, scoped: `${scope}${name.split(" ")[0]}` };
          });
        })
        .filter(({ name }) => name !== "package" && !/^[\d-]/.test(name));
    for (const [part, packages] of [
      [runTime, dependencies],
      [development, devDependencies],
    ] as const) {
      // An alias ends in its version.
      const wanted = new Set(Object.keys(packages).map((name) => name.replace(/-\d+\.\d+\.\d+[\w.-]*$/, "")));
      const listed = named(part);
      expect(listed.filter(({ name, scoped }) => !wanted.has(name) && !wanted.has(scoped))).toEqual([]);
      const all = new Set(listed.flatMap(({ name, scoped }) => [name, scoped]));
      expect([...wanted].filter((name) => !all.has(name))).toEqual([]);
    }
  });
});
