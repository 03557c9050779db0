import { getAddress, id, ZeroAddress } from "ethers";
import {
  enumName,
  LANE_STATUS,
  LogReader,
  nodeChainId,
  rebuiltError,
  STATEMENT_STATES,
  type TimelockView,
} from "../chain/index.js";
import { checkAddress } from "../code/index.js";
import { blockAt, headOf, movingHead } from "./block.js";
import { readAll, type ViewCall } from "./calls.js";
import { blockedByGroup, groupsOf } from "./groups.js";
import { historyOf, missingLogs, type TimelockLog } from "./history.js";
import { nextOfProxy, nextOfStatement } from "./next-steps.js";
import {
  type ChainBlock,
  type LaneReport,
  type ProxyReport,
  REPORTED_ROLES,
  type ReportedRole,
  type Spoken,
  type StatementReport,
} from "./report.js";
import { assertWhole } from "./whole-history.js";

/** How often the newest block may be replaced meanwhile. */
const ATTEMPTS = 3;

/** What is read of a lane. */
export interface ReadLaneOptions {
  /** Where the timelock was deployed; the first block unless given. */
  readonly fromBlock?: number;
  /** Proxies of interest beside those that ever had a policy. */
  readonly proxies?: readonly string[];
}

/**
 * All of a timelock's fast lane at the end of the newest block: which lanes are open, every statement with its state, what is due, who may
 * do what next. Which statements there are the logs say; what they are now, the contract. Logs that a node leaves out are noticed
 * where they made a nonce, a role's first holder or a due disclosure.
 *
 * Few requests: about one for each 80 statements, and as many for logs as the node's limits ask for.
 * @throws SealpatchError `chain/missing-logs`, `chain/no-contract`, `chain/moving-head`, `code/invalid-address`, and as `LogReader` does.
 * @example
 * ```ts
 * const lane = await readLane(timelock, { fromBlock });
 * for (const { commitment, state, next } of lane.statements) console.log(commitment, state, next);
 * ```
 */
export async function readLane(
  timelock: TimelockView,
  { fromBlock = 0, proxies = [] }: ReadLaneOptions = {},
): Promise<LaneReport> {
  const { provider } = timelock;
  const wanted = proxies.map((proxy) => checkAddress(proxy, "the proxy"));
  const chainId = await nodeChainId(provider);
  const logs = new LogReader(provider);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const block = await headOf(timelock);
    const history = await historyOf(timelock, logs, { fromBlock, toBlock: block.number });
    const report = await readAt(timelock, { chainId, block, history, wanted });
    // Every answer was of the block of that number: that it is the same one still shows that they are of one chain.
    if ((await blockAt(timelock, block.number))?.hash === block.hash) return report;
  }
  throw movingHead(ATTEMPTS);
}

interface Read {
  readonly chainId: bigint;
  readonly block: ChainBlock;
  readonly history: readonly TimelockLog[];
  readonly wanted: readonly string[];
}

async function readAt(
  timelock: TimelockView,
  { chainId, block, history, wanted }: Read,
): Promise<LaneReport> {
  const of = (name: string) => history.filter((log) => log.name === name);
  const scheduled = of("StatementScheduled");
  const known = new Set([...of("PolicySet").map(({ args }) => String(args.proxy)), ...wanted]);
  const proxies = [...known];
  const granted = grantedRoles(of("RoleGranted"));
  const lane: ViewCall[] = ["halted", "verifier", "nextDisclosureDueAt"].map((name) => ({
    name,
    values: [],
  }));
  const calls = [
    ...lane,
    ...proxies.flatMap((proxy) =>
      ["laneStatus", "baselineOf", "nonceOf"].map((name) => ({ name, values: [proxy] })),
    ),
    ...granted.map(({ role, account }) => ({ name: "hasRole", values: [roleHash(role), account] })),
    ...scheduled.map(({ args }) => ({ name: "statementOf", values: [args.commitment] })),
  ];
  const { provider, address } = timelock;
  const results = await readAll(
    { provider, address, interface: timelock.interface, block: block.number },
    calls,
  ).catch((error: unknown) => {
    throw rebuiltError(error, "reading the lane");
  });
  const next = <T>(count: number) => results.splice(0, count) as T[];
  const [[halted], [verifier], [dueAt]] = next<[unknown]>(3) as [[boolean], [string], [bigint]];
  const laneReports = proxies.map((proxy) => proxyReport(proxy, next(3)));
  const holds = next<[boolean]>(granted.length);
  const roles = holders(granted.filter((_, index) => holds[index]![0]));

  const set = of("VerifierSet").at(-1);
  if (set === undefined || set.args.verifier !== verifier)
    throw missingLogs("no event has told which verifier the timelock asks");
  const views = next<[StatementView]>(scheduled.length).map(([view]) => view);
  const statements = statementReports(scheduled, views, {
    now: block.timestamp,
    isOpen: roles.executor.includes(ZeroAddress),
    lanes: new Map(laneReports.map(({ proxy, status }) => [proxy, status])),
    vetoes: new Map(of("StatementVetoed").map(({ args }) => [args.commitment, spoken(args)])),
  });
  assertWhole(history, { proxies: laneReports, statements, dueAt });
  const halts = of("LaneHalted").at(-1);
  if (halted && halts === undefined) throw missingLogs("the lane is halted, and no event has told of it");
  return {
    chainId,
    timelock: address,
    block,
    halt: halted ? spoken(halts!.args) : null,
    verifier,
    setupHash: set.args.setupHash,
    nextDisclosure: dueAt === 0n ? null : dueAt,
    proxies: laneReports,
    statements: statements.toReversed(),
    roles,
  };
}

const spoken = ({ guardian, reason }: TimelockLog["args"]): Spoken => ({ guardian, reason });

const roleHash = (role: ReportedRole): string => id(`${role.toUpperCase()}_ROLE`);

interface Granted {
  readonly role: ReportedRole;
  readonly account: string;
}

/** Every account that was ever given a role of those that are reported. */
function grantedRoles(events: readonly TimelockLog[]): Granted[] {
  return REPORTED_ROLES.flatMap((role) => {
    const accounts = events
      .filter(({ args }) => args.role === roleHash(role))
      .map(({ args }) => args.account);
    return [...new Set<string>(accounts)].map((account) => ({ role, account }));
  });
}

function holders(granted: readonly Granted[]): LaneReport["roles"] {
  const of = (role: ReportedRole) => granted.filter((one) => one.role === role).map(({ account }) => account);
  return {
    proposer: of("proposer"),
    executor: of("executor"),
    council: of("council"),
    guardian: of("guardian"),
  };
}

function proxyReport(proxy: string, results: readonly unknown[][]): ProxyReport {
  const [[, reason], [{ implementation }], [nonce]] = results as [
    [boolean, bigint],
    [{ implementation: string }],
    [bigint],
  ];
  const status = enumName(LANE_STATUS, reason);
  return { proxy: getAddress(proxy), status, implementation, nonce, next: nextOfProxy(status) };
}

/** A statement as the contract gives it back (`StatementView`). */
interface StatementView {
  readonly deadline: bigint;
  readonly state: bigint;
}

interface Surroundings {
  readonly now: bigint;
  readonly isOpen: boolean;
  readonly lanes: ReadonlyMap<string, ProxyReport["status"]>;
  readonly vetoes: ReadonlyMap<bigint, Spoken>;
}

function statementReports(
  scheduled: readonly TimelockLog[],
  views: readonly StatementView[],
  { now, isOpen, lanes, vetoes }: Surroundings,
): StatementReport[] {
  const states = new Map(
    scheduled.map(({ args }, index) => [args.commitment, enumName(STATEMENT_STATES, views[index]!.state)]),
  );
  const groups = groupsOf(
    scheduled.map(({ args }) => ({ commitment: args.commitment as bigint, group: args.group as string })),
  );
  return scheduled.map(({ args }, index) => {
    const { commitment, proxy, id, eta, group: hash } = args;
    const state = states.get(commitment)!;
    const group = groups.get(hash) ?? null;
    const lane = lanes.get(proxy) ?? "no-policy";
    const isPending = state === "scheduled" || state === "executed";
    const due = views[index]!.deadline;
    const deadline = isPending && due !== 0n ? due : null;
    const isScheduled = state === "scheduled";
    const closed = lane === "open" ? blockedByGroup(group, (member) => states.get(member)!) : lane;
    const report = {
      ...{ commitment, id, proxy, state, eta, windowEnd: args.deadline as bigint, deadline, group },
      isOverdue: state === "executed" && deadline !== null && now > deadline,
      blockedBy: isScheduled ? closed : null,
      veto: vetoes.get(commitment) ?? null,
    };
    return { ...report, next: nextOfStatement(report, { now, isOpen }) };
  });
}
