#!/usr/bin/env node
import { argv } from "node:process";
import { allowClosedPipe } from "../terminal/index.js";
import { endOnFailures, endWith } from "./endings.js";
import { sealpatch } from "./program.js";

allowClosedPipe((error) => endWith(error, false));
endOnFailures(argv.includes("--json"));
process.exitCode = await sealpatch(argv.slice(2));
