#!/usr/bin/env node
import { argv, stdout } from "node:process";
import { sealpatch } from "./program.js";

// A reader that stops early, such as `head`, is not an error.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await sealpatch(argv.slice(2));
