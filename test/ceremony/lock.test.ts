import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyBeacon, contribute, finalizeCeremony, receiveContribution } from "../../src/ceremony/index.js";
import { withLock } from "../../src/ceremony/lock.js";
import { scratchFolder } from "../proof/circuit.js";
import { expectRefusal } from "./forged.js";
import { STEPS } from "./steps.js";
import { ANSWER, holdTinyCeremony, type TinyCeremony, verifying } from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;
/** A process that lives as long as these tests. */
let other: ChildProcess;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
  other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
});
afterAll(() => other.kill());

const lockOf = (folder: string) => join(folder, ".lock");
const held = () => JSON.stringify({ pid: other.pid, host: hostname() });
/** A process that is no more. */
async function dead(): Promise<string> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
  return JSON.stringify({ pid: child.pid, host: hostname() });
}

describe("a folder in which another process works", () => {
  it("is refused by every step that writes, with who works there, and left alone", async () => {
    const folder = await ceremony.copy(fresh(), 3);
    await writeFile(lockOf(folder), held());
    const refusal = { code: "ceremony/locked", details: { pid: other.pid, host: hostname() } };
    for (const step of [
      () => contribute(folder, { name: "Dora" }),
      () => receiveContribution(folder, [join(ceremony.folder, "0004")]),
      () => applyBeacon(folder, ANSWER),
      () => finalizeCeremony(folder, verifying(ceremony)),
    ])
      await expectRefusal(folder, refusal, step);
    const empty = fresh();
    await mkdir(empty);
    await writeFile(lockOf(empty), held());
    await expectRefusal(empty, refusal, () => STEPS.init(empty, ceremony.powersOfTau));
  });

  it("is refused where that is on another machine, whose processes nobody here sees", async () => {
    const folder = await ceremony.copy(fresh(), [0]);
    await writeFile(lockOf(folder), JSON.stringify({ pid: 2 ** 22 + 1, host: "elsewhere" }));
    const refusal = { code: "ceremony/locked", details: { host: "elsewhere" }, why: /on elsewhere holds it/ };
    await expectRefusal(folder, refusal, () => contribute(folder, { name: "Dora" }));
  });
});

describe("a lock that was left", () => {
  it.each(["by a process that is no more", "torn", "empty", "with something else in it"])(
    "%s is taken over, and gone afterwards",
    async (how) => {
      const folder = await ceremony.copy(fresh(), [0]);
      const texts: Record<string, string> = { torn: held().slice(0, 9), empty: "" };
      texts["with something else in it"] = '{"pid": "1"}';
      await writeFile(lockOf(folder), texts[how] ?? (await dead()));
      await contribute(folder, { name: "Dora" });
      expect((await readdir(folder)).sort()).toEqual(["0000", "0001", "ceremony.json"]);
    },
  );

  it("is taken over by one alone of several that find it", async () => {
    const folder = fresh();
    await mkdir(folder);
    const left = await dead();
    let [inside, most, refused] = [0, 0, 0];
    for (let round = 0; round < 20; round++) {
      await writeFile(lockOf(folder), left);
      const work = async () => {
        most = Math.max(most, ++inside);
        await setTimeout(2);
        inside--;
      };
      const all = Array.from({ length: 6 }, () =>
        withLock(folder, work).catch((error: unknown) => {
          expect(error).toMatchObject({ code: "ceremony/locked" });
          refused++;
        }),
      );
      await Promise.all(all);
    }
    expect(most).toBe(1);
    expect(refused).toBeGreaterThan(20);
    expect(await readdir(folder)).toEqual([]);
  });
});
