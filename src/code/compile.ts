import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { z } from "zod";
import { SealpatchError } from "../errors.js";

const require = createRequire(import.meta.url);

/** Version of the installed solc, for example 0.8.30. */
export const SOLC_VERSION: string = (require("solc/package.json") as { version: string }).version;

/** solc's standard JSON input with the text of every source in it, so that compiling needs no files. */
export const standardInputSchema = z.looseObject({
  language: z.literal("Solidity"),
  sources: z.record(z.string(), z.strictObject({ content: z.string() })),
  settings: z.looseObject({}),
});
export type StandardInput = z.output<typeof standardInputSchema>;

/** The part of solc's output that is looked at here; the rest is for `parseArtifact`. */
export interface StandardOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, unknown>>;
}

// solc-js blocks its thread for seconds and never gives memory back, so it gets a process of its own. Its own command
// line writes notes among the JSON; this does not.
const SCRIPT = `
const solc = require(process.argv[1]);
let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => process.stdout.write(solc.compile(input)));
`;

/**
 * Compiles standard JSON with the installed solc.
 * @throws SealpatchError `code/compilation-failed` with the compiler's first error.
 */
export async function compileStandardJson(input: StandardInput): Promise<StandardOutput> {
  const text = await new Promise<string>((done, fail) => {
    const child = spawn(process.execPath, ["-e", SCRIPT, require.resolve("solc")], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", () => done(Buffer.concat(chunks).toString("utf8")));
    // A compiler that dies early closes the pipe; what it left unsaid shows below.
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(input));
  });
  const output = parseOutput(text);
  const failure = output.errors?.find(({ severity }) => severity === "error");
  if (failure !== undefined || output.contracts === undefined) {
    throw new SealpatchError("code/compilation-failed", "the sources do not compile", {
      details: { solc: SOLC_VERSION },
      why: failure?.formattedMessage ?? "the compiler gave no output",
      remedy: "correct the sources or the compiler settings",
    });
  }
  return output;
}

function parseOutput(text: string): StandardOutput {
  try {
    return JSON.parse(text) as StandardOutput;
  } catch (cause) {
    throw new SealpatchError("code/compilation-failed", "the compiler stopped without a result", {
      details: { solc: SOLC_VERSION },
      remedy: "try again; solc needs about 1 GB of memory",
      cause,
    });
  }
}
