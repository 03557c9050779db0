import { getAddress, Interface, type InterfaceAbi } from "ethers";
import {
  asked,
  assertChain,
  readScheduledFacts,
  readStatementSteps,
  type TimelockView,
} from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { type ChainBlock, readLane } from "../watch/index.js";
import { isCodeOf } from "./deployed-code.js";
import { checkLane } from "./lane-checks.js";
import type { PageState, PortalChain, PortalData } from "./model.js";
import { type Answers, type NodeOptions, PageNode } from "./node.js";
import { pageProvider } from "./provider.js";
import { blockQuestion, chainIdQuestion, codeQuestion } from "./questions.js";
import { checkStatement, type FoundStatement, laneEvents } from "./statement-checks.js";
import { TwoNodes } from "./two-nodes.js";

/** How often the newest block may be replaced while all of it is read. */
const ATTEMPTS = 3;
/** Proofs that are verified without being asked for: those of the newest statements, and of all that are scheduled. */
const NEWEST = 20;

/** How a page reads. */
export interface ReadPageOptions extends NodeOptions {
  /** A statement of which the proof is verified however old it is, by its commitment or its id, as decimal or hex. */
  readonly shown?: string | undefined;
}

/**
 * All that a page shows of a lane, at the end of one block, with what was checked here. Nothing is believed before the chain's id and the
 * timelock's code are those that the page is made for.
 * @param nodes URLs of one node, or of two that have to say the same.
 * @param abi of FastTrackTimelock, as the page was built with.
 * @throws SealpatchError `chain/other-chain`, `chain/no-contract`, `chain/malformed-answer`, `chain/nodes-disagree`, and as `readLane`,
 *   `readScheduledFacts` and `readStatementSteps`; `pageProblem` tells what it means to a reader.
 */
export async function readPage(
  chain: PortalChain,
  data: PortalData,
  nodes: readonly string[],
  abi: InterfaceAbi,
  { shown, ...options }: ReadPageOptions = {},
): Promise<PageState> {
  const answers = answersOf(nodes, options);
  await assertPlace(answers.each, answers.all, { chain, data });
  const timelock: TimelockView = {
    address: getAddress(chain.timelock),
    interface: new Interface(abi),
    provider: pageProvider(answers.all),
  };
  for (let attempt = 1; ; attempt++) {
    const read = await readOnce(timelock, { chain, data, shown }).catch((error: unknown) => ({ error }));
    if ("error" in read) {
      if (attempt < ATTEMPTS && mayHaveMoved(read.error)) continue;
      throw read.error;
    }
    if (await isStill(answers.all, read.lane.block)) return { ...read, chain, nodes: answers.all.hosts };
    if (attempt === ATTEMPTS)
      throw new SealpatchError("chain/moving-head", "the newest block was replaced while the lane was read");
  }
}

function answersOf(nodes: readonly string[], options: NodeOptions) {
  const each = nodes.map((url) => new PageNode(url, options));
  const [first, second] = each;
  if (first === undefined || each.length > 2) throw new RangeError("a page asks one node or two");
  return { each, all: second === undefined ? first : new TwoNodes(first, second) };
}

/** Checks chain id and code before anything else is read. */
async function assertPlace(
  each: readonly PageNode[],
  all: Answers,
  { chain, data }: { readonly chain: PortalChain; readonly data: PortalData },
): Promise<void> {
  const { timelock } = chain;
  const code = asked("reading the timelock's code", () => all.ask(codeQuestion(timelock, "latest")));
  // It goes out with the other questions, and is looked at after them.
  code.catch(() => {});
  const ids = await Promise.all(
    each.map((node) => asked("reading the chain id", () => node.ask(chainIdQuestion))),
  );
  for (const [place, served] of ids.entries())
    try {
      assertChain(served, BigInt(chain.chainId));
    } catch (error) {
      const { code, message, why, remedy, details } = error as SealpatchError;
      throw new SealpatchError(code, message, {
        details: { ...details, node: each[place]!.hosts[0] },
        ...(why === undefined ? {} : { why }),
        ...(remedy === undefined ? {} : { remedy }),
      });
    }
  const found = await code;
  if (found !== "0x" && isCodeOf("FastTrackTimelock", found, data.key) !== false) return;
  throw new SealpatchError("chain/no-contract", "there is no timelock of this package at the address", {
    details: { address: timelock },
    why: found === "0x" ? "the account has no code" : "its code is not that of this release",
    remedy: "check the address of the timelock and the chain",
  });
}

/** Errors that a reorganisation makes: what a log told of is gone. */
function mayHaveMoved(error: unknown): boolean {
  if (!(error instanceof SealpatchError)) return false;
  return ["chain/missing-logs", "chain/no-event"].includes(error.code);
}

async function isStill(answers: Answers, { number, hash }: ChainBlock): Promise<boolean> {
  return (await asked("reading a block", () => answers.ask(blockQuestion(number))))?.hash === hash;
}

async function readOnce(
  timelock: TimelockView,
  { chain, data, shown }: { chain: PortalChain; data: PortalData; shown: string | undefined },
): Promise<Omit<PageState, "chain" | "nodes">> {
  const { fromBlock, proxies } = chain;
  const lane = await readLane(timelock, { fromBlock, proxies: Object.values(proxies) });
  const reading = { chain, data, timelock, lane };
  const found = Promise.all(
    lane.statements.map(async (report): Promise<FoundStatement> => {
      const place = { commitment: report.commitment, fromBlock };
      const [facts, steps] = await Promise.all([
        readScheduledFacts(timelock, place),
        readStatementSteps(timelock, place),
      ]);
      return { report, facts, steps };
    }),
  );
  const [statements, events, checks] = await Promise.all([found, laneEvents(reading), checkLane(reading)]);
  const isShown = ({ report: { commitment, id } }: FoundStatement) =>
    shown !== undefined && [String(commitment), `0x${commitment.toString(16)}`, id].includes(shown);
  return {
    readAt: Math.floor(Date.now() / 1000),
    lane,
    statements: await Promise.all(
      statements.map(async (one, place) => {
        const isWanted = place < NEWEST || one.report.state === "scheduled" || isShown(one);
        return { ...one, checks: await checkStatement(reading, events, one, isWanted) };
      }),
    ),
    checks,
  };
}
