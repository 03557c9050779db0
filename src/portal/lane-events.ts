import {
  eventsOf,
  type GuardianStep,
  LogReader,
  type ScheduledFacts,
  type StatementSteps,
  type TimelockEvent,
} from "../chain/index.js";
import type { StatementReport } from "../watch/index.js";
import type { Reading } from "./lane-checks.js";
import type { shownCommitment } from "./openings.js";

/** Events that take the nonce of their proxy a step on. */
export const STEPS = ["StatementExecuted", "PolicySet", "PolicyRemoved", "BaselineSet"] as const;
/** Other events that concern statements which were scheduled before. */
const OTHERS = [
  "VerifierSet",
  "StatementVetoed",
  "LaneHalted",
  "LaneResumed",
  "UpgradeObserved",
  "FreezeCleared",
] as const;

/** A statement as its readers found it. */
export interface FoundStatement {
  readonly report: StatementReport;
  readonly facts: ScheduledFacts;
  readonly steps: StatementSteps;
  readonly vetoed?: GuardianStep;
}

/** What the timelock's own events say that no reader gives back. */
export interface LaneEvents {
  /** The verifier that each commitment was scheduled under. */
  readonly verifiers: ReadonlyMap<bigint, string>;
  /** By commitment. */
  readonly executions: ReadonlyMap<bigint, Execution>;
  /** Of turns and scheduling, the oldest first. */
  readonly history: readonly TimelockEvent[];
  /** Where in it each commitment was scheduled. */
  readonly places: ReadonlyMap<bigint, number>;
  /** What opened it last. */
  readonly disclosures: ReadonlyMap<bigint, Parameters<typeof shownCommitment>[0]>;
}

interface Execution {
  readonly proxy: string;
  readonly implementation: string;
  readonly codehash: string;
  readonly order: number;
}

/** Events of the lane, of logs that were read before. @throws SealpatchError as `LogReader` does. */
export async function laneEvents({ timelock, chain, lane }: Reading): Promise<LaneEvents> {
  const { address, interface: abi, provider } = timelock;
  const logs = { address, interface: abi, logs: new LogReader(provider) };
  const range = { fromBlock: chain.fromBlock, toBlock: lane.block.number };
  const of = (...names: string[]) => eventsOf(logs, names, [], range);
  const executed = await of("StatementExecuted");
  const disclosed = await of("StatementDisclosed");
  const history = await of("StatementScheduled", ...STEPS, ...OTHERS);
  const verifiers = new Map<bigint, string>();
  const places = new Map<bigint, number>();
  let verifier = "";
  for (const [place, { event }] of history.entries()) {
    if (event.name === "VerifierSet") verifier = event.args.verifier;
    if (event.name !== "StatementScheduled") continue;
    verifiers.set(event.args.commitment, verifier);
    places.set(event.args.commitment, place);
  }
  return {
    ...{ verifiers, history, places },
    executions: new Map(
      executed.map(({ event: { args } }, order) => {
        const { commitment, proxy, implementation, codehash } = args;
        return [commitment, { proxy, implementation, codehash, order }];
      }),
    ),
    disclosures: new Map(disclosed.map(({ event: { args } }) => [args.commitment, args.opening])),
  };
}
