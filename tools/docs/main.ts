// `npm run docs`: writes the pages that come from the code.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../src/places.js";
import { commandPage } from "./cli.js";
import { errorPage } from "./errors.js";
import { exampleFiles, signingPictures } from "./signing.js";

const run = promisify(execFile);

/** What a command line prints; exit code 2 is of checks that could not be made. */
const printed = async (...words: readonly string[]): Promise<string> => {
  const command = ["--import", "tsx", "src/cli/main.ts", ...words];
  const finished = run(process.execPath, command, { cwd: ROOT }).catch((error) => error);
  return (await finished).stdout;
};

const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(ROOT, name)), { recursive: true });
    await writeFile(join(ROOT, name), text);
  }
};

await put({
  "docs/cli.md": await commandPage((...words) => printed(...words, "--help")),
  "docs/errors.md": errorPage(),
  ...(await exampleFiles()),
});
await put(await signingPictures(printed));
