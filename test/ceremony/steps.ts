import { spawn } from "node:child_process";
import { applyBeacon, beginCeremony, contribute, finalizeCeremony } from "../../src/ceremony/index.js";
import { ROOT } from "../../src/places.js";
import { ANSWER, beginning, pinnedAs, verifying } from "./tiny-ceremony.js";

/** Steps of a ceremony of tiny circuits over powers of tau that are taken for pinned ones. */
export const STEPS = {
  init: async (folder: string, powersOfTau: string): Promise<unknown> =>
    beginCeremony(folder, beginning(await pinnedAs(powersOfTau))),
  contribute: (folder: string, _: string): Promise<unknown> => contribute(folder, { name: "West" }),
  beacon: (folder: string, _: string): Promise<unknown> => applyBeacon(folder, ANSWER),
  finalize: async (folder: string, powersOfTau: string): Promise<unknown> =>
    finalizeCeremony(folder, verifying(await pinnedAs(powersOfTau))),
};

/** What a step's process printed, if it was not killed. */
export interface StepEnd {
  readonly signal: string | null;
  readonly calls?: readonly string[];
  readonly error?: { readonly code: string; readonly details: Readonly<Record<string, unknown>> };
}

/** Runs a step as a process of its own. @param options.shell text before the program: limits, mounts. */
export function runStep(
  args: readonly string[],
  { shell }: { readonly shell?: (program: string) => readonly [string, ...string[]] } = {},
): Promise<StepEnd> {
  const program = [process.execPath, "--import", "tsx", "test/ceremony/step.ts", ...args];
  const quoted = program.map((each) => `'${each}'`).join(" ");
  const [file, ...rest] = shell?.(quoted) ?? (program as [string, ...string[]]);
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ signal, ...(text === "" ? {} : JSON.parse(text)) }));
  });
}
