import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, NODE, run } from "../tools/test/processes.js";

/** A piece of code that a reader is shown. */
interface Example {
  /** Where it stands, `src/chain/timelock.ts:45`. */
  readonly place: string;
  /** The declaration that its comment belongs to; undefined on a page. */
  readonly of?: string;
  readonly code: string;
}

const filesBelow = (...patterns: string[]): string[] =>
  execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...patterns], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "");

const FENCED = /^( *)```ts\n([\s\S]*?)^ *```/gm;
const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** Blocks of a page; each one stands for itself. */
function pageExamples(page: string, text = readFileSync(page, "utf8")): Example[] {
  return [...text.matchAll(FENCED)].map(({ index, 2: code }) => ({
    place: `${page}:${lineOf(text, index)}`,
    code: code!,
  }));
}

/** `@example` blocks of a source file's comments. */
function sourceExamples(file: string, text = readFileSync(file, "utf8")): Example[] {
  return [...text.matchAll(/^ *\/\*\*[\s\S]*?\*\//gm)].flatMap(({ 0: comment, index }) => {
    const plain = comment.replace(/^ *\*\/? ?/gm, "");
    const tagged = plain.split(/^@(?=\w)/m).filter((part) => part.startsWith("example"));
    const name =
      /^\s*(?:export )?(?:static )?(?:abstract )?(?:async )?(?:function |class |const )?(\w+)/.exec(
        text.slice(index + comment.length),
      )?.[1];
    return tagged.flatMap((part) => {
      const blocks = [...part.matchAll(FENCED)];
      const place = `${file}:${lineOf(text, index)}`;
      if (blocks.length === 0) throw new Error(`${place}: @example without a block of ts`);
      return blocks.map(({ 2: code }) => ({
        place,
        ...(name === undefined ? {} : { of: name }),
        code: code!,
      }));
    });
  });
}

/** What the package's root exports, as an import would name it: types with `type` before them. */
const exported = [...readFileSync("src/index.ts", "utf8").matchAll(/export \{([^}]*)\}/g)]
  .flatMap(([, names]) => names!.split(","))
  .map((entry) => entry.trim())
  .filter((entry) => entry !== "")
  .map((entry) => ({ entry, name: entry.replace(/^type /, "") }));

/** The example as a module: what it takes from the root is imported, unless it says itself what it imports. */
function asModule({ code }: Example): string {
  if (/from "sealpatch/.test(code)) return code;
  const declared = [
    ...code.matchAll(/\b(?:const|let|function|class) (?:\{([^}]*)\}|\[([^\]]*)\]|(\w+))/g),
  ].flatMap(([, object, list, name]) => (object ?? list ?? name!).split(/[\s,:]+/));
  const used = exported
    .filter(({ name }) => !declared.includes(name) && new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(code))
    .map(({ entry }) => entry);
  return `import { ${used.join(", ")} } from "sealpatch";\n${code}\nexport {};\n`;
}

const PLANTED: Example = {
  place: "planted:1",
  code: 'const { id } = await timelock.schedule(proven, "the first target");\n',
};
// An example may use a name that no prelude knows only by mistake.
const UNKNOWN: Example = { place: "planted:2", code: "await sealEverything(bundle);\n" };

const examples = [
  ...filesBelow("src/*.ts").flatMap((file) => sourceExamples(file)),
  ...filesBelow("README.md", "docs/*.md").flatMap((page) => pageExamples(page)),
];

describe("examples", () => {
  let folder: string;
  let wrong: Map<string, string>;

  beforeAll(async () => {
    // Inside the repository, so that packages are found.
    folder = mkdtempSync(resolve("build", "examples-"));
    const all = [...examples, PLANTED, UNKNOWN];
    for (const [index, example] of all.entries())
      writeFileSync(join(folder, `${index}.ts`), asModule(example));
    const paths = { sealpatch: [resolve("src/index.ts")], "sealpatch/*": [resolve("src/*/index.ts")] };
    const include = [folder, resolve("types"), resolve("test/examples/prelude.d.ts")];
    const config = { extends: resolve("tsconfig.json"), compilerOptions: { paths }, include, exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { output } = await run(
      NODE,
      [command("typescript", "tsc"), "-p", folder, "--pretty", "false"],
      true,
    );
    wrong = new Map();
    for (const [line, file] of output.matchAll(/^(\S+?)\(\d+,\d+\): error .*/gm)) {
      const index = new RegExp(`${folder.split("/").at(-1)}/(\\d+)\\.ts$`).exec(file!)?.[1];
      wrong.set(index === undefined ? file! : all[Number(index)]!.place, line);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("all type-check, and what is wrong does not", () => {
    expect(examples.length).toBeGreaterThan(40);
    const planted = [PLANTED.place, UNKNOWN.place];
    expect([...wrong].filter(([place]) => !planted.includes(place))).toEqual([]);
    expect(wrong.get(PLANTED.place)).toContain("not assignable to parameter of type 'Target'");
    expect(wrong.get(UNKNOWN.place)).toContain("Cannot find name 'sealEverything'");
  });

  it.each([
    "newAuditorKey",
    "derivePublicKey",
    "AuditorSet",
    "attest",
    "compileContract",
    "newBundle",
    "rebuildPatch",
    "newRecipient",
    "encryptBundle",
    "decryptBundle",
    "reviewPatch",
    "proveAttest",
    "proveBind",
    "verifyAttest",
    "verifyBind",
    "at",
    "target",
    "groupOf",
    "schedule",
    "execute",
    "executeBatch",
    "disclose",
    "sendThroughSafe",
    "assertVerifier",
    "setVerifierCall",
    "sendWith",
    "lanePolicy",
    "readDisclosureFacts",
    "verifyDisclosure",
    "canonicalLayout",
    "compareLayouts",
    "runVectors",
    "recordTransaction",
    "report",
    "parseAttestation",
    "parsePolicy",
    "parseTarget",
    "parseAttestProof",
  ])("%s has one", (name) => {
    expect(examples.filter(({ of }) => of === name)).not.toEqual([]);
  });
});

describe("the README's SDK blocks", () => {
  /** Lines of code without comments and indentation. */
  const bare = (code: string): string =>
    code
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("//"))
      .join("\n");
  const scripts = filesBelow("scripts/*.ts").map((file) => `\n${bare(readFileSync(file, "utf8"))}\n`);
  const paragraphs = pageExamples("README.md").flatMap(({ code }) => code.split(/\n\s*\n/));

  // The drill runs the scripts, and so what the README shows.
  it("are lines of scripts/, paragraph by paragraph as they stand there", () => {
    expect(paragraphs.length).toBeGreaterThan(4);
    for (const paragraph of paragraphs) {
      const lines = `\n${bare(paragraph)}\n`;
      expect(lines.trim(), paragraph).not.toBe("");
      expect(scripts.filter((script) => script.includes(lines)).length, paragraph).toBe(1);
    }
  });
});
