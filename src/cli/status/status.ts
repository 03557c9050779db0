import { assertChain } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { quoted } from "../../foreign-text.js";
import { nearestName } from "../../nearest-name.js";
import { fullHex, printJson } from "../../terminal/index.js";
import { type LaneReport, readLane } from "../../watch/index.js";
import { type Clocks, clocksAt, secondsLeft } from "../lane/clocks.js";
import { type LaneSource, namesOf, type ReadingOptions, withLane } from "../lane/reading.js";
import { printLane } from "./print.js";

interface StatusOptions extends ReadingOptions {
  readonly all?: boolean;
}

/** `status`. */
export async function status(options: StatusOptions): Promise<void> {
  await withLane(options, async (source) => {
    const { timelock, fromBlock } = source;
    const chosen = options.proxy?.map((name) => addressOf(name, source));
    const proxies = chosen ?? [...source.proxies.values()];
    const whole = await readLane(timelock, { fromBlock, proxies });
    assertChain(whole.chainId, source.chainId);
    const report = chosen === undefined ? whole : onlyOf(whole, chosen);
    const clocks = clocksAt(report.block.timestamp);
    if (options.json) printJson(laneToJson(report, source, clocks));
    else printLane(report, { source, clocks, options });
  });
}

/** The address of a proxy that the command line names. @throws SealpatchError `config/no-such-proxy`. */
function addressOf(name: string, { proxies }: LaneSource): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(name)) return name.toLowerCase();
  const address = proxies.get(name);
  if (address !== undefined) return address;
  const names = [...proxies.keys()];
  const nearest = nearestName(name, names);
  throw new SealpatchError(
    "config/no-such-proxy",
    `there is no proxy ${quoted(name.slice(0, 40))} on this chain`,
    {
      details: { proxy: name.slice(0, 40), nearest: nearest ?? null },
      remedy:
        nearest === undefined
          ? `there are: ${names.join(", ") || "none by name; give an address"}`
          : `write ${nearest}, if that is meant`,
    },
  );
}

/** A report of some proxies alone; what is due of others still freezes their lanes, and stays in it. */
function onlyOf(report: LaneReport, chosen: readonly string[]): LaneReport {
  const wanted = new Set(chosen.map((address) => address.toLowerCase()));
  const isWanted = ({ proxy }: { readonly proxy: string }) => wanted.has(proxy.toLowerCase());
  return {
    ...report,
    proxies: report.proxies.filter(isWanted),
    statements: report.statements.filter((one) => isWanted(one) || one.isOverdue),
  };
}

/** The report as JSON: commitments as hex, times as numbers, and what is left of them by both clocks. */
function laneToJson(report: LaneReport, source: LaneSource, clocks: Clocks): object {
  const nameOf = namesOf(source);
  const seconds = (time: bigint | null) => (time === null ? null : Number(time));
  const left = (time: bigint | null) => (time === null ? null : secondsLeft(time, clocks));
  const steps = (next: LaneReport["statements"][number]["next"]) =>
    next.map(({ from, until, ...step }) => ({
      ...step,
      from: seconds(from),
      until: seconds(until),
      secondsLeft: { from: left(from), until: left(until) },
    }));
  return {
    chain: source.chain ?? null,
    chainId: report.chainId,
    timelock: report.timelock,
    block: { ...report.block, timestamp: Number(report.block.timestamp) },
    clock: { chain: Number(clocks.chain), machine: Number(clocks.machine) },
    halt: report.halt,
    verifier: report.verifier,
    setupHash: report.setupHash,
    nextDisclosure: seconds(report.nextDisclosure),
    proxies: report.proxies.map(({ next, nonce, ...proxy }) => ({
      name: nameOf(proxy.proxy) ?? null,
      ...proxy,
      nonce: Number(nonce),
      next: steps(next),
    })),
    statements: report.statements.map(({ commitment, group, eta, windowEnd, deadline, next, ...one }) => ({
      commitment: fullHex(commitment),
      name: nameOf(one.proxy) ?? null,
      ...one,
      eta: seconds(eta),
      windowEnd: seconds(windowEnd),
      deadline: seconds(deadline),
      secondsLeft: { eta: left(eta), deadline: left(deadline) },
      group: group && { ...group, members: group.members.map(fullHex) },
      next: steps(next),
    })),
    roles: report.roles,
  };
}
