import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonRpcSigner } from "ethers";
import { expect } from "vitest";
import { DrillChain } from "../../src/drill/chain.js";
import { type DrillSafe, deploySafes } from "../../src/drill/safe.js";
import { fund, newAccount, type TestAccount } from "../lane/lane-project.js";
import { put } from "../project/projects.js";
import type { Command } from "./commands.js";
import { Person } from "./people.js";
import {
  deployLive,
  type LiveTimelock,
  type TimelockProject,
  writeTimelockProject,
} from "./timelock-project.js";

const NAMES = [
  "engineer",
  "first",
  "second",
  "third",
  "member",
  "owner",
  "executor",
  "guardian",
  "anybody",
] as const;
const SENDERS = ["engineer", "member", "executor", "guardian"] as const;

/** Everybody, the protocol on its chain, and its project at the engineer's. */
export interface Stage {
  readonly chain: DrillChain;
  /** Proposes and executes on the slow path. */
  readonly governance: JsonRpcSigner;
  readonly project: TimelockProject;
  readonly live: LiveTimelock;
  /** Council of 3 of 5 owners, and guardian of 2 of 3; undefined where both are accounts. */
  readonly safes: { readonly council: DrillSafe; readonly guardian: DrillSafe } | undefined;
  /**
   * The engineer, three auditors, a member of the council, an owner of its Safe, executor, guardian, and anybody, who has nothing of the
   * project.
   */
  readonly people: Readonly<Record<(typeof NAMES)[number], Person>>;
  /** Accounts of those who send; `account.json` at home is the keystore. */
  readonly accounts: Readonly<Record<(typeof SENDERS)[number], TestAccount>>;
  stop(): Promise<void>;
}

/**
 * Starts the chain, gives everybody a home, and brings the protocol to the chain.
 * @param project what the engineer compiles the protocol with.
 * @param commandIn the command that everybody runs, from a folder in which it may be installed.
 * @param withSafes whether council and guardian are Safes.
 */
export async function setStage(
  project: TimelockProject,
  commandIn: (folder: string) => Command | Promise<Command>,
  { withSafes = false } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "sealpatch-roles-"));
  const command = await commandIn(folder);
  const chain = await DrillChain.start();
  const ground = { command, rpc: chain.anvil.url };
  const people = Object.fromEntries(
    NAMES.map((name) => [name, new Person(name, join(folder, "homes", name), ground)]),
  ) as Stage["people"];
  const accounts = Object.fromEntries(
    await Promise.all(SENDERS.map(async (name) => [name, await newAccount(people[name].home, "account")])),
  ) as Stage["accounts"];
  for (const { address } of Object.values(accounts)) await fund(chain.anvil.url, address);
  const governance = chain.accounts.at(-1)!;
  const home = people.engineer.at("project");
  writeTimelockProject(project, home);
  const [council, guardian] = withSafes
    ? await deploySafes(governance, [
        { owners: 5, threshold: 3 },
        { owners: 3, threshold: 2 },
      ])
    : [];
  const safes = council && guardian ? { council, guardian } : undefined;
  return {
    ...{ chain, governance, project, people, accounts, safes },
    live: await deployLive(chain, join(home, project.output, project.artifact), governance),
    stop: async () => {
      await chain.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command line that ends with this code, and gives what it printed. */
export async function run(who: Person, code: number, ...words: readonly string[]): Promise<string> {
  const finished = await who.run(...words);
  const printed = finished.stdout + finished.stderr;
  expect(finished.code, `${who.name}: ${words.join(" ")}\n${printed}`).toBe(code);
  return printed;
}

/** Fills in what a file leaves open, each where it is left open once. */
export function fill(who: Person, file: string, answers: Readonly<Record<string, string>>): void {
  let text = who.read(file);
  for (const [open, answer] of Object.entries(answers)) {
    expect(text.split(open), open).toHaveLength(2);
    text = text.replace(open, answer);
  }
  put(who.home, { [file]: text });
}
