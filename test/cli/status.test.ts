import { join } from "node:path";
import { AbiCoder, keccak256 } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countdown, shownDuration } from "../../src/cli/lane/clocks.js";
import { programFor } from "../../src/cli/program.js";
import { temporaryFolder } from "../project/projects.js";
import { type AcceptingLane, acceptingLane, DELAY, DISCLOSURE } from "../watch/accepting-lane.js";
import { watchedProject } from "../watch/watched-project.js";
import { sealpatch } from "./sealpatch.js";

let lane: AcceptingLane;
let [vault, token] = ["", ""];
const folder = temporaryFolder();
const config = ["--config", join(folder, "sealpatch.toml")];
const hex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

beforeAll(async () => {
  lane = await acceptingLane();
  vault = await lane.openProxy();
  token = await lane.proxy();
  watchedProject(folder, lane, { proxies: { Vault: vault, Token: token } });
}, 120_000);
afterAll(() => lane.stop());

const snapshot = <T>(work: () => Promise<T>) => lane.onSnapshot(work);

/** What the command prints, whose lines fit into 80 columns. */
async function shown(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await sealpatch("status", ...config, ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  // The path of the test's folder is as long as it is.
  const lines = stdout.replaceAll(config[1]!, "FILE").split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  return lines.join("\n");
}
const told = async (...words: string[]) => {
  const { code, stdout } = await sealpatch("status", ...words, "--json");
  return { exit: code, ...JSON.parse(stdout) };
};

describe("sealpatch status", () => {
  it("shows what is pending, who may do what until when, and the command for it", () =>
    snapshot(async () => {
      await lane.schedule({ commitment: 10n, proxy: vault });
      await lane.schedule({ commitment: 11n, proxy: vault });
      await lane.veto(11n, "not \u001b[31mours\u202e");
      const text = await shown();
      expect(text).toContain(`timelock ${lane.timelock.address}`);
      expect(text).toMatch(/^Vault +open/m);
      expect(text).toMatch(/^Token +closed +no-policy: governance has set no policy/m);
      expect(text).toContain("sealpatch policy operation Token");
      expect(text).toContain("pending: 1");
      expect(text).toMatch(/scheduled {2}Vault\n {2}0x0+a\n {2}executable in (3 h 59 min|4 h 0 min) \(/);
      expect(text).toMatch(/guardian may veto\n {4}until {2}in 2 d \d+ h \(/);
      expect(text).toMatch(/sealpatch veto \\\n +0x0+a \\\n +--reason "WHY" \\\n/);
      expect(text).toMatch(/executor may execute\n {4}from {3}in [34] h .*\n {4}until {2}in 2 d/);
      expect(text).toMatch(/^vetoed +Vault/m);
      expect(text).toContain("\\u001b[31m");
      expect(text).toContain("\\u{202e}");
      for (const raw of ["\u001b", "\u202e"]) expect(text).not.toContain(raw);
      for (const holder of [lane.council, lane.guardian, lane.executor, lane.governance])
        expect(text).toContain(holder.address);
    }));

  it("tells the same as JSON, with what is left by both clocks", () =>
    snapshot(async () => {
      await lane.schedule({ commitment: 10n, proxy: vault });
      await lane.later(3600);
      const { exit, block, clock, statements, proxies, chainId } = await told(...config);
      expect({ exit, chainId }).toEqual({ exit: 0, chainId: "31337" });
      const [one] = statements;
      expect(one).toMatchObject({ commitment: hex(10n), name: "Vault", state: "scheduled", group: null });
      expect(one.secondsLeft.eta).toEqual({
        chain: one.eta - block.timestamp,
        machine: one.eta - clock.machine,
      });
      expect(clock.chain).toBe(block.timestamp);
      expect(one.next.map(({ who, action }: Record<string, string>) => [who, action])).toEqual([
        ["executor", "execute"],
        ["guardian", "veto"],
      ]);
      expect(proxies.map(({ name, status }: Record<string, string>) => [name, status])).toEqual([
        ["Vault", "open"],
        ["Token", "no-policy"],
      ]);
      expect((await told(...config, "--proxy", "Token")).statements).toEqual([]);
    }));

  it("puts a halt and what is overdue first, with what ends them", () =>
    snapshot(async () => {
      await lane.schedule({ commitment: 12n, proxy: vault });
      await lane.later(DELAY);
      await lane.execute(12n);
      const due = await shown();
      expect(due).toMatch(/executed {2}Vault\n {2}0x0+c\n {2}disclosure due in (6 d 23 h|7 d 0 h)/);
      expect(due).toMatch(/council may publish the opening\n {4}until {2}in/);
      await lane.later(DISCLOSURE + 1);
      const overdue = await shown("--proxy", "Token");
      expect(overdue).toMatch(/^FROZEN: every lane is closed/m);
      expect(overdue).toMatch(/^OVERDUE {2}Vault/m);
      expect(overdue).toMatch(/sealpatch operation clear-freeze \\\n +0x0+c/);
      expect(overdue).toMatch(/the newest block is 7 d \d+ h ahead of this machine's clock/);
      expect(overdue).toMatch(/by the chain, in .*by this\s+clock/);
      await lane.halt("we lost \u0007 a key");
      const halted = await shown();
      expect(halted).toMatch(/^HALTED: every lane is closed, by the guardian\s0x/m);
      expect(halted).toContain("\\u0007");
      expect(halted).toContain("sealpatch operation resume");
    }));

  it("says what keeps a group's member from being executed", () =>
    snapshot(async () => {
      const group = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256[]"], [[20n, 21n]]));
      await lane.schedule({ commitment: 20n, proxy: vault, group });
      const text = await shown();
      expect(text).toMatch(/group +1 members so far/);
      expect(text).toMatch(/blocked +group-incomplete: not every member/);
      expect(text).not.toContain("may execute");
    }));

  it("lists the newest ten of those that have ended, and all where it is asked to", () =>
    snapshot(async () => {
      for (let each = 100n; each < 112n; each++) {
        await lane.schedule({ commitment: each, proxy: vault });
        await lane.veto(each);
      }
      const text = await shown();
      expect(text.match(/^vetoed/gm)).toHaveLength(10);
      expect(text).toContain("and 2 more: --all shows them");
      expect((await shown("--all")).match(/^vetoed/gm)).toHaveLength(12);
    }));

  it("needs no configuration where it is told node, timelock and block, and shows no command then", async () => {
    const place = ["--rpc", lane.anvil.url, "--timelock", lane.timelock.address];
    const { exit, proxies, chain } = await told(...place, "--from-block", String(lane.block));
    expect({ exit, chain }).toEqual({ exit: 0, chain: null });
    expect(proxies).toMatchObject([{ proxy: vault, name: null, status: "open" }]);
    const { code, stdout } = await sealpatch("status", ...place, "--proxy", token);
    expect(code).toBe(0);
    expect(stdout).toContain("no-policy");
    expect(stdout).not.toContain("sealpatch ");
    for (const [words, exit] of [
      [["--rpc", lane.anvil.url], 2],
      [["--from-block", "1"], 2],
      [[...place, "--from-block", "many"], 2],
      [[...place, "--from-block", "21000000"], 1],
      [[...place, ...config], 2],
      [["--rpc", "nowhere", "--timelock", lane.timelock.address], 2],
      [["--rpc", lane.anvil.url, "--timelock", vault], 1],
      [[...config, "--proxy", "Valt"], 1],
    ] as const) {
      const refused = await told(...words);
      expect(refused).toMatchObject({ exit, error: { remedy: expect.any(String) } });
    }
  });

  it("names commands that there are", async () => {
    const known = async (...words: string[]) => (await programFor(words)).commands.map((one) => one.name());
    for (const name of ["execute", "halt", "schedule", "veto", "operation", "policy"])
      expect(await known(name)).toEqual([name]);
  });

  it("tells times by both clocks only where they differ", () => {
    expect(["45", "720", "11520", "172799", "442800"].map((each) => shownDuration(BigInt(each)))).toEqual([
      "45 s",
      "12 min",
      "3 h 12 min",
      "47 h 59 min",
      "5 d 3 h",
    ]);
    const time = 1_795_675_200n;
    expect(countdown(time, { chain: time - 11_520n, machine: time - 11_500n })).toBe(
      "in 3 h 12 min (2026-11-26 06:40 UTC)",
    );
    expect(countdown(time, { chain: time - 11_520n, machine: time + 60n })).toBe(
      "in 3 h 12 min by the chain, 1 min ago by this clock (2026-11-26 06:40 UTC)",
    );
  });
});
