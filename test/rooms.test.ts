import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

// The rules of docs/architecture.md, read off the imports.

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));
const modules = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));

const STATEMENT = /^(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"(\.[^"]+)"\s*\)/g;

/** What a file imports of this repository: values and types, at its start or when it runs. */
function importsOf(from: string, text = readFileSync(from, "utf8")): Import[] {
  return [STATEMENT, DYNAMIC]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, path]) => ({ from, to: normalize(join(dirname(from), path!)).replace(/\.js$/, ".ts") }));
}

const imports = modules.flatMap((file) => importsOf(file));
const product = imports.filter(({ from }) => !from.startsWith("test/"));

/** The folder that stands for a file: below `src` and `src/vectors` the folder in it, else the outermost one. */
function room(file: string): string {
  const parts = file.split("/");
  const depth = parts[0] !== "src" ? 1 : parts[1] === "vectors" ? 3 : 2;
  return parts.slice(0, Math.min(depth, parts.length - 1)).join("/") || ".";
}

const shown = ({ from, to }: Import) => `${from} -> ${to}`;

/** A list of files of which each imports the next, and the last one the first; undefined where there is none. */
function circle(edges: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (path.includes(node)) return path.slice(path.indexOf(node));
    if (done.has(node)) return undefined;
    path.push(node);
    for (const to of next.get(node) ?? []) {
      const found = visit(to);
      if (found !== undefined) return found;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of next.keys()) {
    const found = visit(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What each room may import, besides itself; what stands in no list may be imported by nobody. */
const BASE = ["src", "src/error-codes"]; // errors, networks, manifest, foundry: files of src itself
const VECTORS = ["format", "run", "judge", "record"].map((wing) => `src/vectors/${wing}`);
const MAY: Record<string, readonly string[]> = {
  src: [
    "src/audit",
    "src/chain",
    "src/code",
    "src/error-codes",
    "src/keystore",
    "src/lane",
    "src/layout",
    "src/patch",
    "src/project",
    "src/proof",
    "src/report",
    "src/safe",
    "src/solc",
    "src/state",
    "src/vectors",
    "src/verify",
    "src/watch",
  ],
  "src/error-codes": [],
  "src/field": BASE,
  "src/solc": BASE,
  "src/code": [...BASE, "src/field", "src/solc"],
  "src/layout": [...BASE, "src/field"],
  "src/audit": [...BASE, "src/field"],
  "src/keystore": [...BASE, "src/audit"],
  "src/state": BASE,
  "src/vectors/format": [...BASE, "src/field", "src/code"],
  "src/vectors/run": [...BASE, "src/field", "src/code", "src/vectors/format"],
  "src/vectors/judge": [...BASE, "src/field", "src/code", "src/vectors/format", "src/vectors/run"],
  "src/vectors/record": [...BASE, "src/field", "src/code", ...VECTORS],
  "src/vectors": VECTORS,
  "src/patch": [...BASE, "src/audit", "src/code", "src/field", "src/layout", "src/solc", "src/vectors"],
  "src/proof": [
    ...BASE,
    ...[
      "src/audit",
      "src/code",
      "src/field",
      "src/layout",
      "src/patch",
      "src/solc",
      "src/vectors",
      "soundness",
    ],
  ],
  "src/ceremony": [...BASE, "src/proof", "src/solc"],
  "src/chain": [
    ...BASE,
    "src/ceremony",
    "src/code",
    "src/field",
    "src/patch",
    "src/proof",
    "src/solc",
    "src/vectors",
  ],
  "src/project": [
    ...BASE,
    ...["src/audit", "src/chain", "src/code", "src/field", "src/layout", "src/patch"],
    ...["src/solc", "src/vectors"],
  ],
  "src/lane": [
    ...BASE,
    ...["src/audit", "src/ceremony", "src/chain", "src/code", "src/keystore", "src/patch"],
    ...["src/field", "src/project", "src/proof", "src/solc", "src/state", "src/vectors"],
  ],
  "src/doctor": [
    ...BASE,
    ...["src/ceremony", "src/chain", "src/code", "src/patch", "src/project", "src/proof", "src/solc"],
    "src/vectors",
  ],
  "src/report": [
    ...BASE,
    ...["src/audit", "src/chain", "src/layout", "src/patch", "src/solc", "src/vectors"],
  ],
  "src/safe": [...BASE, ...["src/chain", "src/lane", "src/patch", "src/proof", "src/solc", "src/verify"]],
  "src/verify": [
    ...BASE,
    ...["src/ceremony", "src/chain", "src/code", "src/field", "src/lane", "src/patch", "src/proof"],
    "src/vectors",
  ],
  "src/watch": [...BASE, "src/chain", "src/code", "src/state"],
  "src/portal": [
    ...BASE,
    ...[
      "src/ceremony",
      "src/chain",
      "src/code",
      "src/field",
      "src/patch",
      "src/project",
      "src/proof",
      "src/report",
      "src/vectors",
      "src/watch",
    ],
  ],
  "src/terminal": BASE,
  "src/drill": [...BASE, "src/chain", "src/solc", "src/terminal", "src/vectors"],
  "src/cli": [
    ...BASE,
    ...[
      "src/audit",
      "src/ceremony",
      "src/chain",
      "src/code",
      "src/doctor",
      "src/drill",
      "src/field",
      "src/keystore",
      "src/lane",
      "src/layout",
      "src/patch",
      "src/portal",
      "src/project",
      "src/proof",
      "src/report",
      "src/safe",
      "src/solc",
      "src/state",
      "src/terminal",
      "src/watch",
    ],
    ...["src/vectors", "src/verify", "corpus", "scripts"],
  ],
  soundness: [],
  corpus: [...BASE, "src/chain", "src/drill", "src/solc", "src/vectors"],
  scripts: ["src"],
  tools: ["*"],
};

/** Whether an import goes where its room may not. */
function isAstray({ from, to }: Import): boolean {
  if (room(from) === room(to) || room(from) === ".") return false;
  const may = MAY[room(from)];
  return may === undefined || (!may.includes("*") && !may.includes(room(to)));
}

/** Whether an import goes behind a door. */
function isPastDoor({ from, to }: Import): boolean {
  const folder = dirname(to);
  if (`${dirname(from)}/`.startsWith(`${folder}/`) || basename(to) === "index.ts") return false;
  // The root's door is for users; errors, networks and the like are below every room.
  return folder !== "src" && existsSync(join(folder, "index.ts"));
}

/** Whether a module looks for a file beside it, in place of a package. */
const isPlaced = (text: string): boolean =>
  /import\.meta\.(url|dirname|filename)/.test(text.replaceAll("createRequire(import.meta.url)", "")) ||
  /\b(require|resolve)\("\./.test(text);

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.deep)?(\.test|\.d)?\.\w+$/;

describe("rooms", () => {
  it("no cycle of imports, types included", () => {
    expect(circle(imports)).toBeUndefined();
  });

  it("nothing imports the command line or tests", () => {
    const toCli = imports.filter(({ from, to }) => to.startsWith("src/cli/") && !from.startsWith("src/cli/"));
    // `npm run drill` is the command behind a build.
    const allowed = (from: string) => from.startsWith("test/") || from === "tools/drill.ts";
    expect(toCli.filter(({ from }) => !allowed(from)).map(shown)).toEqual([]);
    const toTests = product.filter(({ to }) => to.startsWith("test/"));
    expect(toTests.map(shown)).toEqual([]);
  });

  it("each room imports only what lies below it", () => {
    expect(product.filter(isAstray).map(shown)).toEqual([]);
  });

  it("no import reaches past a door", () => {
    expect(product.filter(isPastDoor).map(shown)).toEqual([]);
  });

  it("nothing that is bundled finds a file by where it lies itself", () => {
    const bundled = modules.filter(
      (file) => /^(src|corpus|scripts|soundness)\//.test(file) && file !== "src/places.ts",
    );
    expect(bundled.filter((file) => isPlaced(readFileSync(file, "utf8")))).toEqual([]);
  });

  it("the checker of circuits knows nothing of sealpatch", () => {
    for (const file of files.filter((name) => name.startsWith("soundness/")))
      expect(readFileSync(file, "utf8"), file).not.toMatch(/sealpatch/i);
  });

  it("files and folders are named in kebab-case", () => {
    const code = files.filter((file) => /\.(ts|cjs|mjs|circom)$/.test(file) && !file.endsWith(".config.ts"));
    const odd = code.filter((file) => !KEBAB.test(basename(file)));
    expect(odd).toEqual([]);
  });

  it("each room has a sentence in docs/architecture.md", () => {
    const text = readFileSync("docs/architecture.md", "utf8");
    const rooms = new Set(
      modules.map(room).filter((name) => name !== "." && name !== "src" && name !== "src/vectors"),
    );
    for (const name of [...rooms, "circuits", "contracts", "foundry"]) expect(text).toContain(`\`${name}/\``);
  });
});

describe("the check of rooms", () => {
  it("sees every way of importing, and every file", () => {
    const text = `import "./a.js";
import { b } from "../b.js";
import type {
  C,
} from "./c/index.js";
export { d } from "./d.js";
export type { E } from "./e.js";
const f = await import("./f.js");
import { g } from "package";`;
    const seen = ["x/a.ts", "b.ts", "x/c/index.ts", "x/d.ts", "x/e.ts", "x/f.ts"];
    expect(importsOf("x/y.ts", text).map(({ to }) => to)).toEqual(seen);
    expect(modules.length).toBeGreaterThan(300);
    expect(product.filter(({ to }) => !existsSync(to)).map(shown)).toEqual([]);
    expect(product.length).toBeGreaterThan(700);
  });

  it("finds a circle, an import that goes astray or past a door, and a name that is not in kebab-case", () => {
    const edge = (from: string, to: string): Import => ({ from, to });
    expect(circle([edge("a", "b"), edge("b", "c"), edge("a", "c")])).toBeUndefined();
    expect(circle([edge("a", "b"), edge("b", "c"), edge("c", "b")])).toEqual(["b", "c"]);
    expect(isAstray(edge("src/field/field.ts", "src/vectors/index.ts"))).toBe(true);
    expect(isAstray(edge("src/vectors/run/run.ts", "src/vectors/judge/index.ts"))).toBe(true);
    expect(isAstray(edge("src/new/room.ts", "src/field/index.ts"))).toBe(true);
    expect(isAstray(edge("src/vectors/judge/report.ts", "src/vectors/run/index.ts"))).toBe(false);
    expect(isPastDoor(edge("src/chain/deploy.ts", "src/proof/keys/marker.ts"))).toBe(true);
    expect(isPastDoor(edge("src/chain/deploy.ts", "src/errors.ts"))).toBe(false);
    expect(isPlaced('fork(new URL("./worker.js", import.meta.url))')).toBe(true);
    expect(isPlaced('createRequire(import.meta.url)("./program.cjs"); require("./program.cjs")')).toBe(true);
    expect(isPlaced('createRequire(import.meta.url)("zod")')).toBe(false);
    for (const name of ["canonicalType.ts", "Run.ts", "run_sets.ts"]) expect(name).not.toMatch(KEBAB);
  });
});
