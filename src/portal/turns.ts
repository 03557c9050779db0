import { asked, type TimelockEvent } from "../chain/index.js";
import { missingLogs } from "../watch/index.js";
import type { Reading } from "./lane-checks.js";
import { type FoundStatement, type LaneEvents, STEPS } from "./lane-events.js";
import type { PageTurn, TurnName } from "./model.js";

/**
 * What governance, guardians and other statements did that concerns a statement, from its scheduling to its end, the oldest first; once it
 * was executed, that its disclosure was waived.
 * @throws SealpatchError `chain/missing-logs` where it is superseded and no event tells by what, and as `asked` does.
 */
export async function turnsOf(
  { timelock: { provider } }: Reading,
  { history, places }: LaneEvents,
  { report, facts }: FoundStatement,
): Promise<readonly PageTurn[]> {
  const { commitment, proxy, state, windowEnd } = report;
  const place = places.get(commitment);
  if (place === undefined) throw missingLogs("no event tells of the scheduling of a statement");
  const after = history.slice(place + 1);
  const isOwn = ({ event }: TimelockEvent) => event.args.commitment === commitment;
  // A step of the proxy's nonce, or another verifier, ends what was scheduled before; its own execution is such a step.
  const end = after.findIndex(
    (each) =>
      each.event.name === "VerifierSet" ||
      (isOf(STEPS, each) && each.event.args.proxy === proxy) ||
      (each.event.name === "StatementVetoed" && isOwn(each)),
  );
  const last = after[end];
  const isSuperseded = state === "superseded";
  if (isSuperseded && (last === undefined || isOwn(last)))
    throw missingLogs("a statement is superseded, and no event tells by what");
  const turns = [
    ...(last === undefined ? after : after.slice(0, end)).filter(
      (each) =>
        isOf(["LaneHalted", "LaneResumed"], each) ||
        // What a transaction upgrades on its way to the end is part of that.
        (each.transaction !== last?.transaction && isUpgradeOf(each, [proxy, facts.ground.admin])),
    ),
    ...(isSuperseded ? [last!] : []),
    ...after.filter((each) => each.event.name === "FreezeCleared" && isOwn(each)),
  ];
  const told = await Promise.all(
    turns.map(async ({ event: { name, args }, blockNumber }) => {
      const block = await asked("reading a block", () => provider.getBlock(blockNumber));
      if (block === null) throw missingLogs("the node has an event without its block");
      const who = name === "LaneHalted" ? { guardian: String(args.guardian) } : {};
      return { name: name as TurnName, at: BigInt(block.timestamp), ...who };
    }),
  );
  // That a statement expired no event tells.
  return state === "expired" ? told.filter(({ at }) => at <= windowEnd) : told;
}

const isOf = (names: readonly string[], { event }: TimelockEvent) => names.includes(event.name);

function isUpgradeOf({ event }: TimelockEvent, subjects: readonly string[]): boolean {
  return event.name === "UpgradeObserved" && subjects.includes(event.args.subject);
}
