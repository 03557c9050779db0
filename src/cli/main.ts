#!/usr/bin/env node
import { argv, stdout } from "node:process";
import { sealpatch } from "./program.js";

// A reader that has seen enough, such as `head`, is no error.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await sealpatch(argv.slice(2));
