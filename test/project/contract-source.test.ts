import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { getBytes } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import { parseArtifact } from "../../src/code/index.js";
import { FOUNDRY_LINES } from "../../src/compiler-settings.js";
import type { Project } from "../../src/project/index.js";
import { sourceInFile, sourceInProject, sourceOfLive } from "../../src/project/index.js";
import { compileInProcess } from "../../src/solc/index.js";
import { foundryProject, put, temporaryFolder } from "./projects.js";

const CONTRACT = "src/C.sol:C";
const LONG = "0.8.30+commit.73712a01.Emscripten.clang";
const text = (body: string) => `contract C { uint256 public x; function f() external { ${body} } }`;
const folder = temporaryFolder();
const project = {
  folder,
  configuration: { project: { tool: "foundry", artifacts: "out" } },
} as unknown as Project;
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: { code?: unknown }) => error.code ?? error,
  );
const contentOf = (work: ReturnType<typeof sourceInProject>) =>
  work.then(({ compiler }) => compiler.input.sources["src/C.sol"]!.content);

/** A build-info file of a source, made so many seconds after the epoch. */
function build(name: string, body: string, seconds: number, change: object = {}) {
  const input = {
    language: "Solidity" as const,
    sources: { "src/C.sol": { content: text(body) } },
    settings: { outputSelection: { "*": { "*": ["*"] } }, optimizer: { enabled: true } },
  };
  const output = compileInProcess(input);
  const info = { solcLongVersion: LONG, input: { ...input, basePath: "/home" }, output, ...change };
  const file = join("out/build-info", name);
  put(folder, { [file]: info });
  utimesSync(join(folder, file), seconds, seconds);
  const artifact = parseArtifact(output, CONTRACT);
  return {
    file: join(folder, file),
    artifact,
    live: { address: `0x${"11".repeat(20)}` as const, code: artifact.runtimeTemplate },
  };
}

let old: ReturnType<typeof build>;
beforeEach(() => {
  old = build("old.json", "x = 1;", 1_000);
  build("new.json", "x = 2;", 2_000);
  put(folder, { "src/C.sol": text("x = 2;"), "out/build-info/other.json": { source_id_to_path: {} } });
});

describe("the source of a contract", () => {
  it("is what the newest build-info file has of it, with compiler and settings, and nothing that is the tool's", async () => {
    expect(await sourceInProject(project, CONTRACT)).toEqual({
      contract: CONTRACT,
      compiler: {
        version: "0.8.30+commit.73712a01",
        input: {
          language: "Solidity",
          sources: { "src/C.sol": { content: text("x = 2;") } },
          settings: { optimizer: { enabled: true } },
        },
      },
    });
  });

  it("is that of the project, be an older file of it", async () => {
    put(folder, { "src/C.sol": text("x = 1;") });
    expect(await contentOf(sourceInProject(project, CONTRACT))).toBe(text("x = 1;"));
  });

  it("is refused where the project has another text by now, or no build-info of it", async () => {
    put(folder, { "src/C.sol": text("x = 3;") });
    expect(await codeOf(sourceInProject(project, CONTRACT))).toBe("code/stale-build-info");
    expect(await codeOf(sourceInProject(project, "src/D.sol:C"))).toBe("config/no-source");
    build("old.json", "x = 1;", 1_000, { solcLongVersion: "nightly" });
    build("new.json", "x = 2;", 1_000, { input: undefined });
    put(folder, { "src/C.sol": text("x = 2;") });
    expect(await codeOf(sourceInProject(project, CONTRACT))).toBe("config/no-source");
  });

  it("is that of a file that is named: build-info, or an artifact whose code the build-info has", async () => {
    expect(await contentOf(sourceInFile(project, old.file))).toBe(text("x = 1;"));
    const { abi, template } = old.artifact;
    const hex = (code: Uint8Array) => `0x${Buffer.from(code).toString("hex")}`;
    const artifact = {
      contractName: "C",
      sourceName: "src/C.sol",
      abi,
      bytecode: hex(template.creation),
      deployedBytecode: hex(template.runtime),
      linkReferences: {},
      deployedLinkReferences: {},
    };
    put(folder, { "C.json": artifact, "D.json": { ...artifact, bytecode: "0x6001" } });
    expect(await contentOf(sourceInFile(project, join(folder, "C.json")))).toBe(text("x = 1;"));
    expect(await codeOf(sourceInFile(project, join(folder, "D.json")))).toBe("config/no-source");
    // Of another folder, where the project that the patch is in has nothing of it.
    const other = temporaryFolder();
    put(other, {
      "out/C.sol/C.json": artifact,
      "out/build-info/old.json": readFileSync(old.file, "utf8"),
    });
    const empty = { ...project, folder: join(other, "none") };
    expect(await contentOf(sourceInFile(empty, join(other, "out/C.sol/C.json")))).toBe(text("x = 1;"));
    expect(await codeOf(sourceInFile(empty, join(folder, "C.json")))).toBe("config/no-source");
  });

  it("of the live code is the one that compiles to it, whatever the project has now", async () => {
    expect(await contentOf(sourceOfLive(project, CONTRACT, old.live))).toBe(text("x = 1;"));
    const other = { ...old.live, code: getBytes("0x6001") };
    expect(await codeOf(sourceOfLive(project, CONTRACT, other))).toBe("config/no-source");
  });

  it("is found in what Foundry writes", async () => {
    const built = temporaryFolder();
    foundryProject(built, FOUNDRY_LINES);
    const source = await sourceInProject({ ...project, folder: built }, "src/Vault.sol:Vault");
    expect(Object.keys(source.compiler.input.sources)).toEqual(
      expect.arrayContaining(["src/Types.sol", "src/Vault.sol"]),
    );
    expect(Object.keys(source.compiler.input).toSorted()).toEqual(["language", "settings", "sources"]);
  });
});
