import { keccak256, toBeHex } from "ethers";
import { runningCode } from "../chain/index.js";
import type { Outcome } from "../checks.js";
import { printable } from "../foreign-text.js";
import { idOfStatement, leafOfTarget } from "../patch/index.js";
import type { LaneReport, StatementReport } from "../watch/index.js";
import { commandOf } from "./commands.js";
import { outcomeOf, type Reading } from "./lane-checks.js";
import type { FoundStatement, LaneEvents } from "./lane-events.js";
import type { PageCheck } from "./model.js";
import { shownCommitment } from "./openings.js";
import { checkProof } from "./proof-check.js";

/** Longest text of somebody else in a check. */
const SHOWN = 200;

/**
 * Checks of one statement.
 * @param isWanted whether its proof is verified, which takes a while.
 * @throws SealpatchError as `asked` does.
 */
export async function checkStatement(
  reading: Reading,
  events: LaneEvents,
  found: FoundStatement,
  isWanted: boolean,
): Promise<PageCheck[]> {
  const { report, facts } = found;
  const command = commandOf(`verify ${report.id}`, reading);
  const older = olderVerifier(reading.lane, events, report.commitment);
  const line = (
    id: string,
    outcome: Outcome,
    values: PageCheck["values"],
    basis: PageCheck["basis"] = "nodes",
  ) => ({
    ...{ id, outcome, basis, values, command },
  });
  const isExecuted = report.state === "executed" || report.state === "disclosed";
  // What nodes are asked goes out first, of all statements at once: proofs take their time.
  const [baseline, code, proof] = await Promise.all([
    report.state === "scheduled" ? baselineCheck(reading, found) : undefined,
    isExecuted ? codeCheck(reading, events, found) : undefined,
    checkProof(reading.data.key.attest, facts, isWanted),
  ]);
  // By another verifier's key it may hold: that it does not by this one's is no finding.
  const isOther = older !== undefined && proof.outcome === "fails";
  const checks = [
    line("proof", isOther ? "not checked" : proof.outcome, { ...proof.values, ...older }, "here"),
    line("signals", ...signalsCheck(reading, found)),
    line(
      "verifier",
      older === undefined ? "holds" : "not checked",
      older ?? { verifier: reading.lane.verifier },
    ),
  ];
  if (baseline !== undefined) checks.push(line("baseline", ...baseline));
  if (code === undefined) return checks;
  checks.push(line("code", ...code));
  checks.push(line("commitment", ...commitmentCheck(events, report), "here"));
  const file = found.steps.disclosed.at(-1);
  if (file !== undefined)
    checks.push({
      // Only whoever has the file can compare it.
      ...line("file", "not checked", {
        bundleHash: file.bundleHash,
        uri: printable(file.uri.slice(0, SHOWN)),
      }),
      command: commandOf("verify disclosure.json", reading),
    });
  return checks;
}

/** The verifier that a statement was scheduled under, where the timelock asks another one now. */
function olderVerifier({ verifier }: LaneReport, { verifiers }: LaneEvents, commitment: bigint) {
  const scheduledUnder = verifiers.get(commitment) ?? "";
  return scheduledUnder === verifier ? undefined : { scheduledUnder, verifier };
}

/** That the event's target and id are of this chain, timelock and proxy, and the signals what governance had registered. */
function signalsCheck(
  { chain, timelock }: Reading,
  { report, facts }: FoundStatement,
): [Outcome, PageCheck["values"]] {
  const { signals, ground, proxy, nonce, validUntil, group } = facts;
  const chainId = BigInt(chain.chainId);
  const { codehash } = ground.replaced;
  const leaf = leafOfTarget({
    chainId,
    timelock: timelock.address,
    proxy,
    codehash,
    nonce,
    validUntil,
    group,
  });
  const { policy } = ground;
  const { commitment } = report;
  const roots = Object.keys(policy) as (keyof typeof policy)[];
  const differing: string[] = roots.filter((name) => policy[name] !== signals[name]);
  if (leaf !== facts.leaf) differing.push("target");
  if (idOfStatement(commitment, leaf) !== facts.id || signals.commitment !== commitment) differing.push("id");
  const values = {
    commitment: toBeHex(commitment, 32),
    auditorRoot: toBeHex(signals.auditorRoot, 32),
    threshold: String(signals.threshold),
    vectorRoot: toBeHex(signals.vectorRoot, 32),
    maxWaivers: String(signals.maxWaivers),
    layoutRoot: toBeHex(signals.layoutRoot, 32),
  };
  if (differing.length === 0) return ["holds", values];
  return ["fails", { ...values, differing: differing.join(", ") }];
}

/** That the proxy still runs what the statement is for. */
async function baselineCheck(
  { timelock: { provider }, lane }: Reading,
  { facts: { proxy, ground } }: FoundStatement,
): Promise<[Outcome, PageCheck["values"]]> {
  const { implementation, codehash } = ground.replaced;
  const running = await runningCode(provider, { proxy, kind: ground.kind });
  const runs = keccak256(running.code);
  const status = lane.proxies.find((one) => one.proxy === proxy)?.status ?? "no-policy";
  const isStale = ["no-policy", "no-baseline", "baseline-stale", "baseline-code-changed"].includes(status);
  const holds = BigInt(running.address) === BigInt(implementation) && runs === codehash && !isStale;
  const values = { proxy, implementation, codehash, running: running.address, runningCodehash: runs, status };
  return [holds ? "holds" : "fails", values];
}

/** That the proxy runs the code that was executed, unless a later statement replaced it. */
async function codeCheck(
  { timelock: { provider } }: Reading,
  { executions }: LaneEvents,
  { report, facts }: FoundStatement,
): Promise<[Outcome, PageCheck["values"]]> {
  const executed = executions.get(report.commitment);
  if (executed === undefined) return ["not checked", {}];
  const { implementation, codehash, order } = executed;
  const running = await runningCode(provider, { proxy: facts.proxy, kind: facts.ground.kind });
  const runs = keccak256(running.code);
  const isRunning = BigInt(running.address) === BigInt(implementation) && runs === codehash;
  const later = [...executions.values()].some(
    (other) => other.proxy === executed.proxy && other.order > order,
  );
  const values = { implementation, codehash, running: running.address, runningCodehash: runs };
  return [outcomeOf(isRunning || (later ? undefined : false)), values];
}

/** That what the council disclosed opens the commitment. */
function commitmentCheck(
  { disclosures }: LaneEvents,
  { commitment, deadline }: StatementReport,
): [Outcome, PageCheck["values"]] {
  const opening = disclosures.get(commitment);
  if (opening === undefined) return ["not checked", { due: String(deadline ?? "") }];
  const opened = shownCommitment(opening);
  const values = {
    commitment: toBeHex(commitment, 32),
    opened: opened === undefined ? "" : toBeHex(opened, 32),
  };
  return [opened === commitment ? "holds" : "fails", values];
}
