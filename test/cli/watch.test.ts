import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { watch } from "../../src/cli/watch/watch.js";
import { temporaryFolder } from "../project/projects.js";
import { type AcceptingLane, acceptingLane } from "../watch/accepting-lane.js";
import { printed, sealpatch } from "./sealpatch.js";
import { newWatched } from "./watched.js";

let lane: AcceptingLane;
let proxy: string;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
}, 120_000);
afterAll(() => lane.stop());

const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

describe("sealpatch watch", () => {
  it("prints a line an event, in its next run only what is new", async () => {
    const { lines, json } = newWatched(lane, proxy);
    const first = await lines();
    expect(first[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\w/);
    for (const line of [
      / {2}baseline {3}Vault runs 0x/,
      / {2}policy {5}of Vault set$/,
      / {2}role {7}guardian given to 0x/,
      / {2}slow path {2}schedules setPolicy in 5 s, 0x/,
      / {2}slow path {2}executes setBaseline, 0x/,
      / {2}verifier {3}0x/,
    ])
      expect(first.filter((each) => line.test(each)).length).toBeGreaterThan(0);
    expect(first.filter((each) => each.length > 80)).toEqual([]);
    expect(await lines()).toEqual([]);
    await lane.schedule({ commitment: 1n, proxy });
    await lane.veto(1n, "not \u001b[31mours\u202e\nfake line");
    const next = await lines();
    expect(next).toHaveLength(2);
    expect(next[0]).toMatch(
      / scheduled {2}Vault 0x000000\.\.\w{4} \d\d-\d\d \d\d:\d\d to \d\d-\d\d \d\d:\d\d$/,
    );
    expect(next[0]!.length).toBeLessThanOrEqual(80);
    expect(next[1]).toContain('"not \\u001b[31mours\\u{202e}\\nfake line"');
    await lane.halt("an incident");
    const [halted] = await json();
    expect(halted).toMatchObject({
      ...{ chain: "chain-31337", chainId: "31337", timelock: lane.timelock.address, name: "LaneHalted" },
      ...{ takenBack: false, values: { guardian: lane.guardian.address, reason: "an incident" } },
    });
    await lane.govern(lane.call("resume"));
  });

  it("marks what a reorganisation took back", async () => {
    const { lines, json } = newWatched(lane, proxy);
    await lines("--from-now");
    await lane.later(3);
    await lines();
    const fork = await lane.provider.send("evm_snapshot", []);
    await lane.schedule({ commitment: 10n, proxy });
    const [given] = await json();
    await lane.provider.send("evm_revert", [fork]);
    await lane.later(5);
    await lane.mine(2);
    const [back] = await json();
    expect(back).toEqual({ ...given, id: `${given.id}-taken-back`, takenBack: true });
    const { lines: other } = newWatched(lane, proxy);
    expect((await other()).join("\n")).not.toContain("TAKEN BACK");
    await lane.schedule({ commitment: 11n, proxy });
    await lines();
    await lane.provider.send("evm_revert", [await lane.provider.send("evm_snapshot", [])]);
  });

  it("begins with the next block where it is told to, once", async () => {
    const { lines } = newWatched(lane, proxy);
    expect(await lines("--from-now")).toEqual([]);
    await lane.schedule({ commitment: 15n, proxy });
    expect(await lines("--from-now")).toHaveLength(1);
  });

  it("gives the event to a command by its standard input alone, says where it fails, and goes on", async () => {
    const { lines, once, folder } = newWatched(lane, proxy);
    await lines("--from-now");
    await lane.schedule({ commitment: 20n, proxy });
    await lane.veto(20n, "$(touch injected) `touch injected`; touch injected");
    await lane.schedule({ commitment: 21n, proxy });
    const out = join(folder, "out.jsonl");
    const run = `cat >> '${out}'; touch '${folder}/ran'; exit 3`;
    const { code, stdout, stderr } = await once("--on", "StatementVetoed", "--run", run);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(4);
    expect(stderr).toMatch(/the command of --run failed on 0x[0-9a-f]{64}-\d+: it ended with 3/);
    const given = readFileSync(out, "utf8").trim().split("\n");
    expect(given).toHaveLength(1);
    expect(JSON.parse(given[0]!)).toMatchObject({
      name: "StatementVetoed",
      values: { commitment: hex(20n) },
    });
    for (const place of [folder, process.cwd()]) expect(existsSync(join(place, "injected"))).toBe(false);

    await lane.schedule({ commitment: 22n, proxy });
    await lane.veto(22n);
    expect((await once("--run", `cat >> '${out}'`)).stderr).toBe("");
    expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(3);
  });

  it("tells an event again that nobody read, for a reader may stop early", async () => {
    const { lines, config, json } = newWatched(lane, proxy);
    await lines("--from-now");
    await lane.schedule({ commitment: 40n, proxy });
    await lane.schedule({ commitment: 41n, proxy });
    let written = 0;
    await printed(async () => {
      const { write } = process.stdout;
      process.stdout.write = ((text: string, done: (error?: Error) => void) => {
        if (++written === 1) return write.call(process.stdout, text, done as never);
        done(Object.assign(new Error("closed"), { code: "EPIPE" }));
        return false;
      }) as typeof write;
      await watch({ config, interval: 1, confirmations: 0 });
      return 0;
    });
    expect(written).toBe(2);
    expect((await json()).map(({ values }) => values.commitment)).toEqual([hex(41n)]);
  });

  it("needs no configuration where it is told node, timelock and folder", async () => {
    const place = ["watch", "--once", "--rpc", lane.anvil.url, "--timelock", lane.timelock.address];
    const cursor = join(temporaryFolder(), "cursor");
    expect((await sealpatch(...place, "--cursor", cursor)).stdout).toMatch(/baseline {3}0x\w+\.\.\w+ runs/);
    expect(await sealpatch(...place, "--cursor", cursor)).toMatchObject({ code: 0, stdout: "" });
    writeFileSync(join(cursor, "cursor.json"), "{}");
    expect((await sealpatch(...place, "--cursor", cursor)).code).toBe(1);
    expect((await sealpatch(...place)).code).toBe(2);
  });

  it("refuses wrong words before it asks a node", async () => {
    const { once } = newWatched(lane, proxy);
    for (const words of [
      ["--interval", "0"],
      ["--on", "StatementVetoed"],
      ["--on", "StatementVeto", "--run", "true"],
      ["--confirmations", "-1"],
    ]) {
      const { code, stderr } = await once(...words);
      expect({ words, code }).toEqual({ words, code: 2 });
      expect(stderr).toMatch(/to do:/);
    }
    expect((await once("--on", "StatementVeto", "--run", "true")).stderr).toContain("StatementVetoed");
  });
});
