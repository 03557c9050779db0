import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dataSlice, keccak256, toBeHex } from "ethers";
import { readStatementSteps } from "../../src/chain/index.js";
import { withState } from "../../src/state/index.js";
import { IMPLEMENTATION_SLOT } from "../../src/vectors/index.js";
import { executeReplayed, type ReplayedDisclosure, replayedDisclosure } from "../lane/replayed-disclosure.js";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { type Killing, startKilling } from "./killed-at.js";
import type { Finished } from "./sealpatch.js";

// Commands that send one transaction each, with what they leave on the chain and on disk.

// biome-ignore lint/suspicious/noExplicitAny: what a command prints, for tests that expect of it what they like.
type Printed = any;

/** A command that sends one transaction. */
export interface Step {
  readonly who: "council" | "executor";
  /** Its command line, without what all have. @param at path of a file of the project. */
  words(at: (name: string) => string): readonly string[];
  /** Brings the chain to where it is given. */
  prepare(): Promise<void>;
  /** The transaction that it says did it. */
  transactionOf(printed: Printed): unknown;
  /** The transactions that the timelock's events name, and the hash of what was published. */
  onChain(): Promise<readonly { readonly transaction: string; readonly bundleHash?: string }[]>;
}

/** A step in a copy of the project of its own, on a copy of the chain. */
export interface Scene {
  readonly folder: string;
  /** Its command line. */
  readonly words: readonly string[];
  /** What there was of its account before it. */
  readonly since: { readonly nonce: number; readonly block: number };
}

/** The steps, and their chain. */
export interface Stage {
  readonly lane: ReplayedLane;
  readonly killing: Killing;
  readonly steps: Readonly<Record<"schedule" | "execute" | "reveal", Step>>;
  /** What nothing prints and no journal has: the patch, what hides it, keys. */
  readonly secrets: readonly string[];
  begun<T>(step: Step, work: (scene: Scene) => Promise<T>): Promise<T>;
  /** Hashes of the transactions of its account that were mined since it began. */
  minedOf(step: Step, scene: Scene): Promise<readonly string[]>;
  /** How far the account's nonce has come, and how far it would with what waits. */
  noncesOf(step: Step, scene: Scene): Promise<readonly [number, number]>;
  /** What is to be the same whatever happened on the way, once a step has ended: on the chain, on disk and of what was printed. */
  ending(step: Step, scene: Scene, finished: Finished): Promise<Ending>;
  rpc(method: string, ...params: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** What a step left. */
export interface Ending {
  readonly exit: number | null;
  /** Transactions of its account since the step began. */
  readonly mined: readonly string[];
  /** As `noncesOf` gives them. */
  readonly nonces: readonly [number, number];
  readonly state: string;
  /** keccak256 of the code that the proxy runs. */
  readonly code: string;
  /** What it printed, without the transaction's hash, block and gas. */
  readonly printed: Printed;
  /** The disclosure's file, where it has one. */
  readonly file?: string;
}

/** Lines of a project's journal, as the package reads them. */
export const journalOf = (folder: string) => withState(folder, async ({ journal }) => [...journal.lines]);

/** Makes it in a folder. The project's node is one behind which commands are killed. */
export async function sendingStage(root: string): Promise<Stage> {
  const project = join(root, "project");
  mkdirSync(project);
  const lane = await replayedLane(project);
  const made = await replayedDisclosure(lane, project);
  const { incident, accounts } = lane;
  const { provider, timelock } = incident;
  const killing = await startKilling(incident.anvil.url);
  lane.configure(killing.url);
  const { commitment } = lane.schedule.attest.statement;
  const steps = stepsOf(lane, made);
  const rpc = (method: string, ...params: readonly unknown[]) => provider.send(method, [...params]);
  let copies = 0;

  const begun: Stage["begun"] = (step, work) =>
    incident.onSnapshot(async () => {
      await step.prepare();
      const folder = join(root, `copy-${copies++}`);
      cpSync(project, folder, { recursive: true });
      killing.begin(folder);
      const at = (name: string) => join(folder, name);
      const { address, options } = accounts[step.who];
      const since = {
        nonce: await provider.getTransactionCount(address),
        block: await provider.getBlockNumber(),
      };
      const words = [...step.words(at), "--config", at("sealpatch.toml"), ...options, "--yes", "--json"];
      try {
        return await work({ folder, words, since });
      } finally {
        await rpc("anvil_dropAllTransactions");
        await rpc("evm_setIntervalMining", 0);
        await rpc("evm_setAutomine", true);
      }
    });

  const minedOf: Stage["minedOf"] = async (step, { since }) => {
    const mined: string[] = [];
    for (let block = since.block + 1; block <= (await provider.getBlockNumber()); block++)
      for (const { from, hash } of (await provider.getBlock(block, true))!.prefetchedTransactions)
        if (from === accounts[step.who].address) mined.push(hash);
    return mined;
  };
  const noncesOf: Stage["noncesOf"] = async (step, { since }) => {
    const { address } = accounts[step.who];
    const [latest, pending] = [
      await provider.getTransactionCount(address),
      await provider.getTransactionCount(address, "pending"),
    ];
    return [latest - since.nonce, pending - since.nonce];
  };
  const ending: Stage["ending"] = async (step, scene, { code, stdout }) => {
    const { folder } = scene;
    const slot = await provider.getStorage(incident.proxy, IMPLEMENTATION_SLOT);
    const file = join(folder, "out/disclosure.json");
    return {
      exit: code,
      mined: await minedOf(step, scene),
      nonces: await noncesOf(step, scene),
      state: await timelock.state(commitment),
      code: keccak256(await provider.getCode(dataSlice(slot, 12))),
      printed: JSON.parse(stdout.replaceAll(folder, "FOLDER"), (name, value) =>
        ["transaction", "block", "gasUsed"].includes(name) ? undefined : value,
      ),
      ...(existsSync(file) ? { file: readFileSync(file, "utf8") } : {}),
    };
  };

  const code = Buffer.from(lane.execution.initCode).toString("hex");
  const { salt } = made.disclosure.bundle;
  return {
    ...{ lane, killing, steps, begun, minedOf, noncesOf, ending, rpc },
    secrets: [
      ...[code.slice(0, 64), code.slice(2_000, 2_064), toBeHex(salt, 32).slice(2), `${salt}`],
      ...Object.values(accounts).map(({ wallet }) => wallet.privateKey.slice(2)),
    ],
    stop: async () => {
      await killing.stop();
      await lane.stop();
    },
  };
}

function stepsOf(lane: ReplayedLane, made: ReplayedDisclosure): Stage["steps"] {
  const { commitment } = lane.schedule.attest.statement;
  const happened = () => readStatementSteps(lane.incident.timelock, { commitment });
  const opened = (at: (name: string) => string) => [
    ...["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")],
  ];
  return {
    schedule: {
      who: "council",
      words: (at) => ["schedule", at("schedule.json")],
      prepare: async () => {},
      transactionOf: (printed) => printed.scheduled[0].transaction,
      onChain: async () => [(await happened()).scheduled],
    },
    execute: {
      who: "executor",
      words: (at) => ["execute", at("execution.age"), ...opened(at)],
      prepare: () => executeReplayed(lane, { execute: false }),
      transactionOf: (printed) => printed.transaction,
      onChain: async () => [(await happened()).executed!],
    },
    reveal: {
      who: "council",
      words: (at) => [
        ...["reveal", at("patch.age"), at("schedule.json"), ...made.attestations.map(at)],
        ...["--uri", "https://example.org/disclosure.json", "--out", at("out"), ...opened(at)],
      ],
      prepare: () => executeReplayed(lane),
      transactionOf: (printed) => printed.disclosed[0].transaction,
      onChain: async () => (await happened()).disclosed,
    },
  };
}
