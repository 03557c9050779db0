import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { programFor } from "../../src/cli/program.js";
import { pinnedPowersOfTau } from "../../src/proof/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { sealpatch } from "../cli/sealpatch.js";
import { scratchFolder } from "../proof/circuit.js";
import { POWERS_SECRETS } from "./rehearsal.js";

const scratch = await scratchFolder();
const sources = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "src"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

/** Arguments and options of a command and of those in it, by their words; --json, which all have, left out. */
function optionsOf(command: Command, words: string): [string, string][] {
  if (command.commands.length > 0)
    return command.commands.flatMap((child) => optionsOf(child, `${words} ${child.name()}`));
  const names = command.options.flatMap(({ long }) => (long === "--json" ? [] : [long!])).sort();
  return [[words, [...command.registeredArguments.map((each) => each.name()), ...names].join(" ")]];
}

describe("T07: what decides over a key's class has no option, variable or file", () => {
  it("the commands that do have these options", async () => {
    const program = await programFor([]);
    const groups = program.commands.filter((group) => ["ceremony", "keys", "doctor"].includes(group.name()));
    expect(Object.fromEntries(groups.flatMap((group) => optionsOf(group, group.name())))).toEqual({
      "ceremony init": "folder --beacon-round --contributions --ptau --unpinned",
      "ceremony contribute": "folder --dice --entropy-file --name",
      "ceremony receive": "folder files",
      "ceremony beacon": "folder --value",
      "ceremony verify": "folder --ptau --rpc --slow --verifier",
      "ceremony finalize": "folder --out --ptau",
      "keys development": "circuits",
      "keys add": "package",
      "keys list": "",
      "keys show": "prefix --ptau",
      doctor: "--account --chain --config --keys --ptau --relay --rpc --timelock",
    });
  });

  it("these files read variables, and none of them makes, checks or judges keys", () => {
    const reads = /\bprocess\.env\b|\{[^}]*\benv\b[^}]*\} from "node:process"|\.env\(/;
    const files = sources.filter(({ text }) => reads.test(text)).map(({ file }) => file);
    expect(files.sort()).toEqual([
      "src/cli/doctor/commands.ts",
      "src/cli/unexpected.ts",
      "src/cli/vectors/record-commands.ts",
      "src/cli/verify/commands.ts",
      "src/places.ts",
      "src/project/detect.ts",
      "src/project/lookup.ts",
      "src/proof/prover/find-prover.ts",
      "src/solc/remappings.ts",
      "src/vectors/record/record-foundry.ts",
    ]);
    // Where keys lie, and which node the doctor asks.
    const named = (file: string) => [
      ...new Set(readFileSync(file, "utf8").match(/(?<=\benv\.)[A-Z]\w+|(?<=\.env\(")\w+/g)),
    ];
    expect(named("src/places.ts").sort()).toEqual(["LOCALAPPDATA", "SEALPATCH_HOME", "XDG_DATA_HOME"]);
    expect(named("src/cli/doctor/commands.ts")).toEqual(["SEALPATCH_RPC"]);
  });

  it("settings of a ceremony are handed in by nobody, and no configuration is read", () => {
    const calls = sources.flatMap(({ text }) => [
      ...text.matchAll(/(?<!function )ceremonyCommand\((.*?)\)/g),
    ]);
    expect(calls.map(([, settings]) => settings)).toEqual([""]);
    const parts = sources.filter(({ file }) => /^src\/(cli\/)?(ceremony|keys)\//.test(file));
    expect(parts.length).toBeGreaterThan(25);
    for (const { file, text } of parts) expect(text, file).not.toMatch(/from ".*(config|toml)[^"]*"/);
  });

  it("powers of tau that are not in the package's own list are refused before anything is made", async () => {
    const ptau = join(scratch, "powers.ptau");
    await writePowersOfTau(ptau, { power: 5, ...POWERS_SECRETS });
    const words = [
      "ceremony",
      "init",
      join(scratch, "ceremony"),
      "--ptau",
      ptau,
      "--beacon-round",
      "40000000",
    ];
    const { code, stdout } = await sealpatch(...words, "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([1, "ceremony/other-powers-of-tau"]);
    const { files } = JSON.parse(readFileSync("data/powers-of-tau.json", "utf8"));
    expect(await pinnedPowersOfTau()).toEqual(files);
  });
});
