import { dataSlice, getAddress, id, ZeroAddress, ZeroHash } from "ethers";
import { type LogReader, TIMELOCK_ROLES, type TimelockClient, type TimelockRole } from "../chain/index.js";
import type { Configuration } from "../project/index.js";
import type { Lines, Seen } from "./finding.js";

type ConfiguredRoles = Configuration["chains"][string]["roles"];

/** Name of the line that all roles wait for. */
const HISTORY = "history of roles";
const ANOTHER_NODE = "ask a node that has all logs from the block of the timelock's deployment on";

/** What the configuration calls the holders of a role. Proposers may cancel, and nobody but the timelock governs it. */
const HOLDERS = {
  DEFAULT_ADMIN: undefined,
  PROPOSER: "proposers",
  CANCELLER: "proposers",
  EXECUTOR: "executors",
  COUNCIL: "council",
  GUARDIAN: "guardians",
} as const satisfies Record<TimelockRole, keyof NonNullable<ConfiguredRoles> | undefined>;

const hashOf = (role: TimelockRole): string => (role === "DEFAULT_ADMIN" ? ZeroHash : id(`${role}_ROLE`));

/**
 * Makes a line for each role: who holds it is what the configuration says, and nobody else does. Holders cannot be listed from the state
 * of the contract: they come from its logs, and each is asked for again.
 * @param range the blocks that the logs are read in, both included.
 * @param waitsFor lines without which logs cannot be read.
 */
export async function roleLines(
  lines: Lines,
  timelock: TimelockClient,
  from: {
    readonly logs: LogReader;
    readonly range: readonly [from: number, to: number];
    readonly roles: ConfiguredRoles;
  },
  waitsFor: readonly string[],
): Promise<void> {
  const { logs, range, roles } = from;
  let holders: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  await lines.add(HISTORY, waitsFor, async () => {
    const history = await historyOf(timelock, logs, range);
    holders = history.holders;
    // The constructor's first grant: where it is missing, others may be.
    const first = history.granted.has(`${ZeroHash}${timelock.address}`);
    if (first) return `${history.events} grants and revocations`;
    return { unknown: "the node does not have the first log of the timelock", remedy: ANOTHER_NODE };
  });
  for (const role of TIMELOCK_ROLES) {
    const name = HOLDERS[role];
    const wanted = name === undefined ? [timelock.address] : roles?.[name];
    await lines.add(`role ${role}`, [HISTORY], () =>
      roleSeen(timelock, { role, holders: [...(holders.get(hashOf(role)) ?? [])], wanted }),
    );
  }
}

async function historyOf(timelock: TimelockClient, logs: LogReader, [from, to]: readonly [number, number]) {
  const topics = ["RoleGranted", "RoleRevoked"].map((name) => timelock.interface.getEvent(name)!.topicHash);
  const found = await logs.read({ address: timelock.address, topics: [topics] }, from, to);
  const holders = new Map<string, Set<string>>();
  const granted = new Set<string>();
  for (const log of found) {
    const [event, role, word] = log.topics as [string, string, string];
    const account = getAddress(dataSlice(word, 12));
    const of = holders.get(role) ?? new Set();
    holders.set(role, of);
    if (event === topics[0]) {
      of.add(account);
      granted.add(`${role}${account}`);
    } else of.delete(account);
  }
  return { holders, granted, events: found.length };
}

/** Whether those that logs and configuration name hold a role, and nobody else does. */
async function roleSeen(
  timelock: TimelockClient,
  found: {
    readonly role: TimelockRole;
    readonly holders: readonly string[];
    readonly wanted: readonly string[] | undefined;
  },
): Promise<Seen> {
  const { role, holders, wanted } = found;
  for (const account of new Set([...holders, ...(wanted ?? [])]))
    if (
      (await timelock.holdsRole(role, account)) !== holders.includes(account) &&
      !holders.includes(ZeroAddress)
    )
      return { unknown: `the node's logs and its state differ about ${account}`, remedy: ANOTHER_NODE };
  if (holders.length === 0)
    return { fails: "nobody holds it", remedy: "have governance grant it, by the slow path" };
  if (wanted === undefined)
    return {
      unknown: `${shown(holders)}; the configuration does not say who is meant to`,
      remedy: "add the holders of roles to the chain in the configuration",
    };
  const others = holders.filter((account) => !wanted.includes(account));
  const missing = wanted.filter((account) => !holders.includes(account));
  if (others.length === 0 && missing.length === 0) return shown(holders);
  const parts = [
    ...(missing.length === 0 ? [] : [`${shown(missing)} should hold it, and does not`]),
    ...(others.length === 0 ? [] : [`${shown(others)} holds it, and should not`]),
  ];
  return {
    fails: parts.join("; "),
    remedy:
      "have governance grant or revoke it by the slow path, or correct the configuration where it was changed on purpose",
  };
}

const shown = (accounts: readonly string[]): string =>
  accounts.map((account) => (account === ZeroAddress ? "everybody" : account)).join(", ");
