import { afterAll, beforeAll, expect } from "vitest";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

/** Seconds between schedule and execution. */
export const DELAY = 4 * 3600;

export type Who = keyof ReplayedLane["accounts"];

/** The commands of the lane over the replayed incident, proven and not scheduled, for the tests of one file. */
export function laneCommands() {
  let lane: ReplayedLane;
  const folder = temporaryFolder();
  beforeAll(async () => {
    lane = await replayedLane(folder);
  }, 300_000);
  afterAll(() => lane?.stop());

  const at = (name: string) => lane.at(name);
  const config = () => ["--config", at("sealpatch.toml")];
  const as = (who: Who) => [...config(), ...lane.accounts[who].options, "--yes"];
  const opened = () => ["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")];
  /** Runs a command line, and gives what it printed as JSON with its exit code. */
  const run = async (...words: string[]) => {
    const { code, stdout } = await sealpatch(...words, "--json");
    return { exit: code, ...JSON.parse(stdout) };
  };
  const schedule = (who: Who = "council", file = "schedule.json") => run("schedule", at(file), ...as(who));
  const later = async (seconds: number) => {
    await lane.incident.provider.send("evm_increaseTime", [seconds]);
    await lane.incident.provider.send("evm_mine", []);
  };
  return {
    ...{ folder, at, config, as, opened, run, schedule, later },
    /** Once the tests run. */
    get lane() {
      return lane;
    },
    commitment: () => lane.schedule.attest.statement.commitment,
    execute: (who: Who = "executor", ...words: string[]) =>
      run("execute", at("execution.age"), ...opened(), ...as(who), ...words),
    /** Schedules, and lets the delay pass. */
    scheduled: async () => {
      expect(await schedule()).toMatchObject({ exit: 0 });
      await later(DELAY);
    },
    snapshot: <T>(work: () => Promise<T>) => lane.incident.onSnapshot(work),
  };
}

/** A field element as the commands print it. */
export const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;
