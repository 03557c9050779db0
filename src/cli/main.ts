#!/usr/bin/env node
import { argv } from "node:process";
import { allowClosedPipe } from "../terminal/index.js";
import { sealpatch } from "./program.js";
import { endOnSignals } from "./signals.js";

allowClosedPipe();
endOnSignals();
process.exitCode = await sealpatch(argv.slice(2));
