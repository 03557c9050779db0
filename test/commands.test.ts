import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chdir, cwd } from "node:process";
import type { Command } from "commander";
import { Interface, id } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programFor } from "../src/cli/program.js";
import { contractOf } from "../src/solc/index.js";
import { mergeVectorSets, type VectorSet, writeVectorSet } from "../src/vectors/index.js";
import { compileSolidity } from "../tools/solc.js";
import { sealpatch } from "./cli/sealpatch.js";
import { expectingItself, probeCall, probeSet } from "./vectors/probe.js";

// Every command line of the README and of docs/, whatever stands around it: blocks, and the examples of --help in docs/cli.md.

const START = /^(?:[A-Z_]+=\S+ )*(?:sealpatch|npm|npx) /;

/** Command lines of a page: lines of fenced blocks that begin with a program, continued by a backslash. */
function commandLines(page: string): string[] {
  const blocks = [...page.matchAll(/^ *```(?:sh)?\n(.*?)^ *```$/gms)].map(([, block]) => block!);
  return blocks
    .flatMap((block) => block.replaceAll(/ *\\\n +/g, " ").split("\n"))
    .map((line) => line.trim())
    .filter((line) => START.test(line));
}

/** Words of a command line as a shell has them: assignments, a comment and what goes into a file are left out. */
function wordsOf(line: string): string[] {
  const bare = line.replace(/ # .*$/, "").replace(/ >>? \S+$/, "");
  const words = [...bare.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);
  return words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
}

const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter(
  // What a command printed.
  (page) => page.endsWith(".md") && page !== "docs/measured.md",
);
const lines = [...new Set(pages.flatMap((page) => commandLines(readFileSync(page, "utf8"))))];
// Where a shell puts words in, the line is run as it stands elsewhere.
const own = lines.filter((line) => wordsOf(line)[0] === "sealpatch" && !/\$[(@a-z]/.test(line));
/** What stands for somebody's node, transaction or address, and what takes minutes and has tests of its own. */
const elsewhere = (line: string) =>
  /\$[A-Z]|\.\.|https?:|\brecord\b/.test(line) ||
  /sealpatch (attest|ceremony|deploy|drill|execute|halt|init|keys|operation|policy|portal|prove|report|reveal|safe|schedule|seal|status|veto|watch)/.test(
    line,
  ) ||
  asks(line);
/** What asks at a terminal. */
const asks = (line: string) =>
  /sealpatch (auditor|council)/.test(line) && !line.includes("--passphrase-file");

const ADDRESS = `0x${"77".repeat(20)}` as const;

describe("command lines of the documents", () => {
  it("are found, however they are written", () => {
    const page = "```sh\nA=1 sealpatch a b \\\n   'c d' > e # f\n```\n\n```\nFAIL x\n  npm run y\n```\n";
    expect(commandLines(page)).toEqual(["A=1 sealpatch a b 'c d' > e # f", "npm run y"]);
    expect(wordsOf("A=1 sealpatch a b 'c d' > e # f")).toEqual(["sealpatch", "a", "b", "c d"]);
    expect(own.length).toBeGreaterThan(25);
    expect(lines.length - own.length).toBeGreaterThanOrEqual(4);
  });

  it.each(own)("%s: its command has these options", async (line) => {
    // An address that is written short is an address, and a round is a number.
    const written = line.replaceAll(/0x[0-9a-fA-F]*\.\.[0-9a-fA-F]*/g, ADDRESS).replaceAll("$ROUND", "1");
    const words = wordsOf(written).slice(1);
    const program = await programFor(words);
    let ran = 0;
    const watch = (command: Command): void => {
      command.exitOverride().configureOutput({ writeErr: () => {} });
      if (command.commands.length === 0)
        command.action(() => {
          ran++;
        });
      for (const child of command.commands) watch(child);
    };
    watch(program);
    await program.parseAsync(words, { from: "user" });
    expect(ran).toBe(1);
  });

  it("of npm name scripts and files that there are", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const parts = lines
      .filter((line) => !own.includes(line))
      .flatMap((line) => line.replace(/#.*$/, "").split("&&"));
    const names = parts.map((part) => /^npm (?:run (?:--silent )?)?([\w:]+)/.exec(part.trim())?.[1]);
    const known = new Set([...Object.keys(scripts), "ci", "install", "pack"]);
    expect(names.filter((name) => name !== undefined && !known.has(name))).toEqual([]);
    expect(names.filter((name) => name !== undefined).length).toBeGreaterThanOrEqual(4);
  });
});

// A project that has the files which the examples name: a vault, its artifacts, and vectors that tell its two codes apart.
describe("command lines that need nothing but files", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealpatch-commands-"));
  const before = cwd();
  const vault = (body: string) => `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault { uint256 public total; function add(uint256 x) external { ${body} } }
`;

  beforeAll(async () => {
    const put = (name: string, content: string | object) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    };
    const settings = { evmVersion: "cancun" };
    const [fixed, flawed] = ["unchecked { total += x; }", "total = x;"].map((body) => ({
      text: vault(body),
      output: compileSolidity({ sources: { "contracts/Vault.sol": vault(body) }, settings }),
    })) as [Compiled, Compiled];
    interface Compiled {
      text: string;
      output: ReturnType<typeof compileSolidity>;
    }
    const hex = ({ output }: Compiled) => `0x${contractOf(output, "Vault").evm.deployedBytecode.object}`;
    const artifact = ({ output }: Compiled) => {
      const { abi, evm, storageLayout, metadata } = contractOf(output, "Vault");
      const { bytecode, deployedBytecode } = evm;
      const linked = (code: { object: string }) => ({ ...code, object: `0x${code.object}` });
      return {
        abi,
        bytecode: linked(bytecode),
        deployedBytecode: linked(deployedBytecode),
        storageLayout,
        metadata: JSON.parse(metadata),
        rawMetadata: metadata,
        ast: output.sources["contracts/Vault.sol"]!.ast,
      };
    };
    const buildInfo = ({ text, output }: Compiled) => ({
      id: id(text),
      solcVersion: "0.8.30",
      input: {
        language: "Solidity",
        sources: { "contracts/Vault.sol": { content: text } },
        settings: { ...settings, outputSelection: { "*": { "*": ["*"] } } },
      },
      output,
    });
    for (const name of ["contracts/Vault.sol", "VaultV1.sol", "VaultV2.sol", "V2.sol"]) put(name, fixed.text);
    put("V1.sol", flawed.text.replace("^0.8.20", "^0.7.0"));
    for (const name of ["out/Vault.sol/Vault.json", "old/Vault.json", "Vault.json"])
      put(name, artifact(fixed));
    put("build-info.json", buildInfo(fixed));
    put("build-info/old.json", buildInfo(flawed));
    put("build-info/new.json", buildInfo(fixed));
    put("out.json", fixed.output);
    put("pass.txt", "correct horse battery staple\n");
    put("old.hex", hex(flawed));
    put("new.hex", hex(fixed));

    const abi = new Interface(["function add(uint256)", "function total() view returns (uint256)"]);
    const code = { address: ADDRESS, code: Buffer.from(hex(fixed).slice(2), "hex") };
    const call = (name: string, ...values: bigint[]) =>
      probeCall("whoami", [], { data: abi.encodeFunctionData(name, values) as `0x${string}` });
    const set = (
      name: string,
      calls: ReturnType<typeof call>[],
      total: bigint,
      kind: "regression" | "incident",
    ) => expectingItself(probeSet(calls, { name, kind, proxyStorage: [{ slot: 0n, value: total }] }), code);
    // No selector, an unknown one, a call without its argument, and ETH that nobody asked for.
    const REFUSED = [
      { data: "0x" },
      { data: "0x12345678" },
      { data: abi.getFunction("add")!.selector as `0x${string}` },
      { data: abi.encodeFunctionData("add", [1n]) as `0x${string}`, value: 1n },
      { data: abi.encodeFunctionData("total") as `0x${string}`, value: 1n },
    ] as const;
    const write = (name: string, sets: VectorSet[]) =>
      writeVectorSet(join(folder, name), mergeVectorSets(sets));
    await write("baseline.json", [
      await set("roles stay with whom they were given", [call("total")], 5n, "regression"),
      await set(
        "what it does not know is refused",
        REFUSED.map((parts) => probeCall("whoami", [], parts)),
        5n,
        "regression",
      ),
      await set("what is added is there", [call("add", 3n), call("total")], 0n, "regression"),
    ]);
    await write("recorded.json", [
      await set("nothing is added", [call("total"), call("total")], 5n, "regression"),
    ]);
    await write(
      "incidents.json",
      await Promise.all(
        [1n, 2n, 3n, 4n].map((x) => set(`what was there is lost: ${x}`, [call("add", x)], 5n, "incident")),
      ),
    );
    chdir(folder);
  });

  afterAll(() => {
    chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(own.filter((line) => !elsewhere(line)))("%s", async (line) => {
    const { code, stderr } = await sealpatch(...wordsOf(line).slice(1));
    expect(stderr).not.toMatch(/error:/);
    expect(code).toBe(0);
  });
});
