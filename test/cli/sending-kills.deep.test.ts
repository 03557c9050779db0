import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disclosureHash } from "../../src/patch/index.js";
import { temporaryFolder } from "../project/projects.js";
import type { Point, Watched } from "./killed-at.js";
import { type Ending, journalOf, type Scene, type Stage, type Step, sendingStage } from "./sending-steps.js";

// Commands that send are killed, and given again: they end as if nobody had disturbed them, and nothing is sent twice.

const JOURNAL = ".sealpatch/journal.jsonl";
const SENDING = "eth_sendRawTransaction";
const ROOT = temporaryFolder();
let stage: Stage;

beforeAll(async () => {
  stage = await sendingStage(ROOT);
}, 600_000);
afterAll(() => stage?.stop());

/** Where a command is killed, and what there is to be then. */
interface Kill {
  readonly at: Point;
  /** Stages of the journal's lines that are whole. */
  readonly lines: readonly ("signed" | "mined")[];
  /** Whether the transaction is mined. */
  readonly isMined: boolean;
  /** What becomes of a transaction that the node has not mined, before the command is given again. */
  readonly fate?: keyof typeof FATES;
}

const signed = { lines: ["signed"], isMined: false } as const;
const nothing = { lines: [], isMined: false } as const;
const mined = { lines: ["signed"], isMined: true } as const;
const waiting = { at: { answered: SENDING }, ...signed } as const;
/** Points that every step has. */
const KILLS: Readonly<Record<string, Kill>> = {
  "before the journal's line": { at: { call: `open ${JOURNAL}` }, ...nothing },
  "in the middle of the journal's line": { at: { call: `write ${JOURNAL}` }, ...nothing },
  "before the journal's line is synced": { at: { call: `sync ${JOURNAL}` }, ...signed },
  "between the journal's line and sending": { at: { before: SENDING }, ...signed },
  "in the mempool, mined since": { ...waiting, fate: "mined" },
  "in the mempool, dropped since": { ...waiting, fate: "dropped" },
  "in the mempool, waiting still": { ...waiting, fate: "waits" },
  "in the mempool, too cheap since": { ...waiting, fate: "too cheap" },
  "mined, before the node's answer": { at: { answered: SENDING }, ...mined },
  "mined, as it waits": { at: { answered: "eth_getTransactionReceipt" }, ...mined },
  "before the line that it is mined": { at: { call: `open ${JOURNAL}`, after: 1 }, ...mined },
  "in the middle of the line that it is mined": { at: { call: `write ${JOURNAL}`, after: 1 }, ...mined },
};
const FIRST: Readonly<Record<string, Kill>> = {
  "before anything": { at: { before: 0 }, ...nothing },
  "as it takes the lock": { at: { call: "link .sealpatch/.lock" }, ...nothing },
};
/** Points of the file that `reveal` writes before it sends, and of the report that it writes when it has. */
const FILE: Readonly<Record<string, Kill>> = {
  "in the middle of its file": { at: { call: "write out/disclosure.json.*.tmp" }, ...nothing },
  "before its file has its name": { at: { call: "link out/disclosure.json" }, ...nothing },
  "in the middle of its report": {
    at: { call: "write out/disclosure.html.*.tmp" },
    ...{ lines: ["signed", "mined"], isMined: true },
  },
};
/** Of those that every step has: `reveal` checks for seconds before it comes to them. */
const REVEALED = [
  "between the journal's line and sending",
  "in the mempool, dropped since",
  "in the mempool, too cheap since",
  "mined, before the node's answer",
  "in the middle of the line that it is mined",
] as const;
const POINTS: Readonly<Record<keyof Stage["steps"], Readonly<Record<string, Kill>>>> = {
  schedule: { ...FIRST, ...KILLS },
  execute: KILLS,
  reveal: { ...FILE, ...Object.fromEntries(REVEALED.map((name) => [name, KILLS[name]!])) },
};

/** Gives the command again: it ends like one that nobody disturbed. @returns the transaction that it names. */
async function again(
  step: Step,
  scene: Scene,
  whole: Ending,
  once?: Parameters<Stage["killing"]["run"]>[1],
): Promise<string> {
  const finished = await stage.killing.run(scene.words, once);
  expect(finished.code, finished.stdout).toBe(0);
  const end = await stage.ending(step, scene, finished);
  expect({ ...end, mined: end.mined.length }).toEqual({ ...whole, mined: 1 });
  const [transaction] = end.mined;
  expect(step.transactionOf(JSON.parse(finished.stdout))).toBe(transaction);
  const bundleHash = end.file === undefined ? {} : { bundleHash: disclosureHash(end.file) };
  expect(await step.onChain()).toMatchObject([{ transaction, ...bundleHash }]);
  for (const secret of stage.secrets) expect(finished.stdout + finished.stderr).not.toContain(secret);
  return transaction!;
}

/** What the journal says of all that was signed: the one that was mined, and for the others that it took their place. */
async function expectSettled({ folder }: Scene, transaction: string): Promise<void> {
  const lines = await journalOf(folder);
  for (const { hash } of lines.filter(({ stage }) => stage === "signed"))
    expect(lines.findLast((line) => line.hash === hash)).toMatchObject(
      hash === transaction ? { stage: "mined" } : { stage: "replaced", by: transaction },
    );
}

/** Nonces that the account has used, and those with what waits, when the command is given again. */
const FATES = { mined: [1, 1], dropped: [0, 0], waits: [0, 1], "too cheap": [0, 1] } as const;

/** What becomes of a transaction that waits, while nobody runs. */
async function meanwhile(fate: keyof typeof FATES): Promise<void> {
  const { rpc, killing } = stage;
  if (fate === "mined") await rpc("evm_mine");
  if (fate === "dropped") await rpc("anvil_dropAllTransactions");
  if (fate !== "too cheap") return;
  await rpc("anvil_setNextBlockBaseFeePerGas", "0x2540be400");
  await rpc("evm_mine");
  // The node threw it away with that block; others would keep it, as this one does where the next block is cheap.
  await rpc("anvil_setNextBlockBaseFeePerGas", "0x0");
  await rpc(SENDING, killing.sent[0]!.transaction.serialized);
}

/** When the node mines again: at once, or as the command waits for a transaction that nobody mines. */
function miningAgain(fate: keyof typeof FATES | undefined) {
  const act = () => stage.rpc("evm_setAutomine", true);
  if (fate === "waits") return { answered: "eth_getTransactionReceipt", act };
  if (fate === "too cheap") return { answered: SENDING, act };
  return act().then(() => undefined);
}

describe.each(["schedule", "execute", "reveal"] as const)("%s", (name) => {
  const step = () => stage.steps[name];
  let undisturbed: Watched;
  let whole: Ending;

  beforeAll(() =>
    stage.begun(step(), async (scene) => {
      undisturbed = await stage.killing.killedAt(undefined, ...scene.words);
      whole = await stage.ending(step(), scene, undisturbed);
      expect(whole, undisturbed.stdout).toMatchObject({ exit: 0, nonces: [1, 1] });
      expect(whole.mined).toEqual([step().transactionOf(JSON.parse(undisturbed.stdout))]);
      await expectSettled(scene, whole.mined[0]!);
    }),
  );

  it.each(Object.entries(POINTS[name]))("killed %s", (_, kill) =>
    stage.begun(step(), async (scene) => {
      await stage.rpc("evm_setAutomine", kill.fate === undefined);
      const killed = await stage.killing.killedAt(kill.at, ...scene.words);
      expect(killed.signal, killed.stdout).toBe("SIGKILL");
      const mined = await stage.minedOf(step(), scene);
      const file = join(scene.folder, JOURNAL);
      const raw = existsSync(file) ? readFileSync(file, "utf8") : "";
      const lines = raw.split("\n").slice(0, -1);
      expect([lines.map((line) => JSON.parse(line).stage), mined.length]).toEqual([
        kill.lines,
        kill.isMined ? 1 : 0,
      ]);
      if (kill.fate !== undefined) {
        await meanwhile(kill.fate);
        expect(await stage.noncesOf(step(), scene)).toEqual(FATES[kill.fate]);
      }

      const transaction = await again(step(), scene, whole, await miningAgain(kill.fate));
      // The same was signed again, unless it had to offer more.
      if (kill.lines.length > 0)
        expect(transaction === JSON.parse(lines[0]!).hash).toBe(kill.fate !== "too cheap");
      const journal = readFileSync(file, "utf8");
      await expectSettled(scene, transaction);
      // Once more: nothing is left to be done or said. `reveal` checks for seconds each time, so not at every point of it.
      if (name !== "reveal" || kill.isMined) {
        expect(await again(step(), scene, whole)).toBe(transaction);
        expect(readFileSync(file, "utf8")).toBe(journal);
      }
      // At most one of them is ever mined, and each was on disk before it left.
      expect(stage.killing.sent).not.toEqual([]);
      for (const sent of stage.killing.sent)
        expect([sent.transaction.nonce, sent.isJournaled]).toEqual([scene.since.nonce, true]);
      const texts = killed.stdout + killed.stderr + raw + journal;
      for (const secret of stage.secrets) expect(texts).not.toContain(secret);
    }),
  );
});
