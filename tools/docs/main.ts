// `npm run docs`: writes the pages that come from the code.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../src/places.js";
import { commandPage } from "./cli.js";
import { errorPage } from "./errors.js";

const run = promisify(execFile);

const page = await commandPage(async (...words) => {
  const command = ["--import", "tsx", "src/cli/main.ts", ...words, "--help"];
  return (await run(process.execPath, command, { cwd: ROOT })).stdout;
});
await writeFile(join(ROOT, "docs/cli.md"), page);
await writeFile(join(ROOT, "docs/errors.md"), errorPage());
