import { Command } from "commander";
import { release } from "../release.js";
import { runProgram } from "./run.js";

// Loaded only when they are asked for, and what their commands do only when it is done.
const GROUPS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["attest", async () => (await import("./attest/commands.js")).attestCommand()],
  ["auditor", async () => (await import("./keystore/commands.js")).auditorCommand()],
  ["ceremony", async () => (await import("./ceremony/commands.js")).ceremonyCommand()],
  ["council", async () => (await import("./keystore/commands.js")).councilCommand()],
  ["deploy", async () => (await import("./deploy/commands.js")).deployCommand()],
  ["doctor", async () => (await import("./doctor/commands.js")).doctorCommand()],
  ["drill", async () => (await import("./drill/commands.js")).drillCommand()],
  ["execute", async () => (await import("./execute/commands.js")).executeCommand()],
  ["halt", async () => (await import("./guard/commands.js")).haltCommand()],
  ["init", async () => (await import("./init/commands.js")).initCommand()],
  ["keys", async () => (await import("./keys/commands.js")).keysCommand()],
  ["layout", async () => (await import("./layout/commands.js")).layoutCommand()],
  ["operation", async () => (await import("./operation/commands.js")).operationCommand()],
  ["policy", async () => (await import("./policy/commands.js")).policyCommand()],
  ["portal", async () => (await import("./portal/commands.js")).portalCommand()],
  ["prove", async () => (await import("./prove/commands.js")).proveCommand()],
  ["report", async () => (await import("./report/commands.js")).reportCommand()],
  ["reveal", async () => (await import("./reveal/commands.js")).revealCommand()],
  ["safe", async () => (await import("./safe/commands.js")).safeCommand()],
  ["schedule", async () => (await import("./schedule/commands.js")).scheduleCommand()],
  ["seal", async () => (await import("./seal/commands.js")).sealCommand()],
  ["status", async () => (await import("./status/commands.js")).statusCommand()],
  ["vectors", async () => (await import("./vectors/commands.js")).vectorsCommand()],
  ["verify", async () => (await import("./verify/commands.js")).verifyCommand()],
  ["veto", async () => (await import("./guard/commands.js")).vetoCommand()],
  ["watch", async () => (await import("./watch/commands.js")).watchCommand()],
]);

/**
 * The command `sealpatch`, in the process that calls. It prints on standard output and standard error and throws nothing.
 * @param args the command line after the program's name.
 * @returns the exit code.
 */
export async function sealpatch(args: readonly string[]): Promise<number> {
  return runProgram(await programFor(args), args);
}

/** The program with the commands that a command line may mean: of the group that it names, else all. */
export async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command("sealpatch")
    .description("Zero-knowledge proofs for hidden smart-contract patches")
    .version(release());
  const asked = GROUPS.get(args[0] ?? "");
  const groups = asked === undefined ? [...GROUPS.values()] : [asked];
  for (const group of groups) program.addCommand(await group());
  return program;
}
