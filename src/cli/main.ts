#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { Command } from "commander";
import { layoutCommand } from "./layout.js";
import { runProgram } from "./run.js";
import { vectorsCommand } from "./vectors.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("sealpatch")
  .description("Zero-knowledge proofs for hidden smart-contract patches")
  .version(version)
  .addCommand(layoutCommand())
  .addCommand(vectorsCommand());

await runProgram(program, argv);
