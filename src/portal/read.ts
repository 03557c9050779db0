import { getAddress, Interface, type InterfaceAbi } from "ethers";
import {
  asked,
  assertChain,
  readGuardianStep,
  readScheduledFacts,
  readStatementSteps,
  type TimelockView,
} from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { type ChainBlock, readLane, type StatementReport } from "../watch/index.js";
import { isCodeOf } from "./deployed-code.js";
import { checkBaselines } from "./lane-baselines.js";
import { checkLane, type Reading } from "./lane-checks.js";
import { type FoundStatement, laneEvents } from "./lane-events.js";
import type { PageState, PortalChain, PortalData } from "./model.js";
import { type Answers, type NodeOptions, PageNode } from "./node.js";
import { pageProvider } from "./provider.js";
import { blockQuestion, chainIdQuestion, codeQuestion } from "./questions.js";
import { checkStatement } from "./statement-checks.js";
import { turnsOf } from "./turns.js";
import { TwoNodes } from "./two-nodes.js";

/** How often the newest block may be replaced while all of it is read. */
const ATTEMPTS = 3;
/** So many proofs are verified without being asked for: of those that are scheduled first, and of the newest ones. */
const VERIFIED = 20;

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
 *   `readScheduledFacts`, `readStatementSteps` and `readGuardianStep`; `pageProblem` tells what it means to a reader.
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
    provider: pageProvider(answers.all, BigInt(chain.chainId)),
  };
  const { fromBlock, proxies } = chain;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lane = await readLane(timelock, { fromBlock, proxies: Object.values(proxies) });
    const rest = await readRest({ chain, data, timelock, lane }, shown).catch((error: unknown) => ({
      error,
    }));
    // An error counts only of what is still there: of a block that was replaced a node knows nothing any more.
    if (!(await isStill(answers.all, lane.block))) continue;
    if ("error" in rest) throw rest.error;
    const readAt = Math.floor(Date.now() / 1000);
    return { chain, nodes: answers.all.hosts, readAt, lane, ...rest };
  }
  throw new SealpatchError("chain/moving-head", "the newest block was replaced while the lane was read", {
    details: { attempts: ATTEMPTS },
    remedy: "run it again, or ask another node",
  });
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

async function isStill(answers: Answers, { number, hash }: ChainBlock): Promise<boolean> {
  return (await asked("reading a block", () => answers.ask(blockQuestion(number))))?.hash === hash;
}

/** All that is known beside the lane, at the end of the same block. */
async function readRest(
  reading: Reading,
  shown: string | undefined,
): Promise<Pick<PageState, "statements" | "checks">> {
  const { chain, timelock, lane } = reading;
  const { fromBlock } = chain;
  const found = Promise.all(
    lane.statements.map(async (report): Promise<FoundStatement> => {
      const place = { commitment: report.commitment, fromBlock };
      const [facts, steps, vetoed] = await Promise.all([
        readScheduledFacts(timelock, place),
        readStatementSteps(timelock, place),
        report.state === "vetoed" ? readGuardianStep(timelock, place) : undefined,
      ]);
      return { report, facts, steps, ...(vetoed === undefined ? {} : { vetoed }) };
    }),
  );
  const [statements, events, ...checks] = await Promise.all([
    found,
    laneEvents(reading),
    checkLane(reading),
    checkBaselines(reading),
  ]);
  const isShown = ({ commitment, id }: StatementReport) =>
    shown !== undefined && [String(commitment), `0x${commitment.toString(16)}`, id].includes(shown);
  const reports = lane.statements;
  const isScheduled = ({ state }: StatementReport) => state === "scheduled";
  const inTurn = [...reports.filter(isScheduled), ...reports.filter((report) => !isScheduled(report))];
  const wanted = new Set([...inTurn.slice(0, VERIFIED), ...reports.filter(isShown)]);
  return {
    statements: await Promise.all(
      statements.map(async (one) => {
        const [turns, own] = await Promise.all([
          turnsOf(reading, events, one),
          checkStatement(reading, events, one, wanted.has(one.report)),
        ]);
        return { ...one, turns, checks: own };
      }),
    ),
    checks: checks.flat(),
  };
}
