#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { Command } from "commander";
import { runProgram } from "./run.js";

// Loaded only when they are asked for: one brings the EVM, another the compilers' readers.
const GROUPS: Readonly<Record<string, () => Promise<Command>>> = {
  layout: async () => (await import("./layout.js")).layoutCommand(),
  vectors: async () => (await import("./vectors.js")).vectorsCommand(),
};

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("sealpatch")
  .description("Zero-knowledge proofs for hidden smart-contract patches")
  .version(version);
const asked = GROUPS[argv[2] ?? ""];
for (const group of asked === undefined ? Object.values(GROUPS) : [asked]) program.addCommand(await group());

await runProgram(program, argv);
