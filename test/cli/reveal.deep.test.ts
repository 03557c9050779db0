import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDisclosureFacts } from "../../src/chain/index.js";
import {
  disclosureHash,
  encryptBundle,
  newSalt,
  parseDisclosure,
  verifyDisclosure,
} from "../../src/patch/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { executeReplayed, type ReplayedDisclosure, replayedDisclosure } from "../lane/replayed-disclosure.js";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { put, temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

let lane: ReplayedLane;
let made: ReplayedDisclosure;
const folder = temporaryFolder();
const at = (name: string) => lane.at(name);
const URI = "https://example.org/disclosure.json";

beforeAll(async () => {
  lane = await replayedLane(folder);
  made = await replayedDisclosure(lane, folder);
}, 600_000);
afterAll(() => lane?.stop());

type Who = keyof ReplayedLane["accounts"];
let outs = 0;
/** A folder that is not there yet. */
const fresh = () => at(`out-${outs++}`);
const commitment = () => lane.schedule.attest.statement.commitment;
const state = () => lane.incident.timelock.state(commitment());

/** A command line that reveals, into a folder. */
function words(out: string, change: { who?: Who; bundle?: string; attestations?: readonly string[] } = {}) {
  const { who = "council", bundle = "patch.age", attestations = made.attestations } = change;
  return [
    ...["reveal", at(bundle), at("schedule.json"), ...attestations.map(at)],
    ...["--uri", URI, "--out", out, "--config", at("sealpatch.toml")],
    ...["--keystore", at("member.age"), "--passphrase-file", at("pass.txt")],
    ...[...lane.accounts[who].options, "--yes"],
  ];
}

async function reveal(...args: Parameters<typeof words>) {
  const { code, stdout } = await sealpatch(...words(...args), "--json");
  return { exit: code, ...JSON.parse(stdout) };
}

const executed = <T>(work: () => Promise<T>): Promise<T> =>
  lane.incident.onSnapshot(async () => {
    await executeReplayed(lane);
    return work();
  });

describe("sealpatch reveal", () => {
  it("shows what becomes public, writes the file, and commits to its hash on chain", () =>
    executed(async () => {
      const out = fresh();
      const { code, stdout } = await sealpatch(...words(out));
      expect(code).toBe(0);
      const text = readFileSync(`${out}/disclosure.json`, "utf8");
      expect(statSync(`${out}/disclosure.json`).mode & 0o777).toBe(0o600);
      for (const shown of [
        disclosureHash(text),
        URI,
        "incidents    2",
        "CouncilTimelock",
        "checks       14 hold",
      ])
        expect(stdout).toContain(shown);
      expect(await state()).toBe("disclosed");
      const facts = await readDisclosureFacts(lane.incident.timelock, { commitment: commitment() });
      const checks = await verifyDisclosure(text, facts);
      expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
      const journal = readFileSync(at(".sealpatch/journal.jsonl"), "utf8").trim().split("\n");
      const { hash, ...signed } = JSON.parse(journal.at(-2)!);
      expect(signed).toMatchObject({ stage: "signed", what: "disclose" });
      const page = readFileSync(`${out}/disclosure.html`, "utf8");
      for (const shown of [disclosureHash(text), "after 4 h", "<td>not known"]) expect(page).toContain(shown);
      // Once more: nothing is sent, and it says so.
      expect(await reveal(out)).toMatchObject({ exit: 0, disclosed: [{ transaction: hash }] });
      expect(readFileSync(at(".sealpatch/journal.jsonl"), "utf8").trim().split("\n")).toEqual(journal);
    }));

  it("writes the same report for whoever has the file, and none for another file", () =>
    executed(async () => {
      const out = fresh();
      const found = ["--found", "2026-03-01T14:05Z"];
      expect((await sealpatch(...words(out), ...found)).code).toBe(0);
      const report = (file: string, ...more: string[]) =>
        sealpatch("report", file, "--out", at("reports"), "--config", at("sealpatch.toml"), ...more);
      expect((await report(`${out}/disclosure.json`, ...found)).code).toBe(0);
      for (const form of ["html", "md"]) {
        const name = `disclosure.${form}`;
        const text = readFileSync(at(`reports/${name}`), "utf8");
        expect(text).toBe(readFileSync(`${out}/${name}`, "utf8"));
        expect(text.replaceAll("\\", "")).toContain("2026-03-01 14:05:00 UTC");
      }
      put(folder, { "other.json": `${readFileSync(`${out}/disclosure.json`, "utf8")}\n` });
      const { code, stdout } = await report(at("other.json"), "--json");
      expect([code, JSON.parse(stdout).error.code]).toEqual([1, "report/other-disclosure"]);
      expect(existsSync(at("reports/other.html"))).toBe(false);
      for (const time of ["yesterday", "2026-03-01", "2026-13-01T00:00Z", "1960-01-01T00:00Z"])
        expect((await report(at("other.json"), "--found", time)).code, time).toBe(2);
    }));

  it("leaves out an attestation for another bundle, and counts one given twice once", () =>
    executed(async () => {
      const [first, ...rest] = made.disclosure.attestations;
      const json = JSON.parse(readFileSync(at(made.attestations[0]!), "utf8"));
      put(folder, { "stray.json": { ...json, S: "1" } });
      const out = fresh();
      const given = [...made.attestations, made.attestations[0]!, "stray.json"];
      const { code, stdout } = await sealpatch(...words(out, { attestations: given }));
      expect(code).toBe(0);
      expect(stdout).toMatch(/left out .*attestation-0\.json: repeated/);
      expect(stdout).toMatch(/left out .*stray\.json: for another bundle/);
      const { attestations } = parseDisclosure(readFileSync(`${out}/disclosure.json`, "utf8"));
      expect(attestations).toEqual([first, ...rest]);
    }));

  it("refuses, writes nothing and sends nothing", async () => {
    const { incident, accounts } = lane;
    const salted = { ...made.disclosure.bundle, salt: newSalt() };
    writeFileSync(at("other.age"), await encryptBundle(salted, [lane.recipient]));
    const vetoed = async () => {
      await executeReplayed(lane, { execute: false });
      const guardian = await incident.provider.getSigner(accounts.guardian.address);
      await incident.timelock.as(guardian).veto({ commitment: commitment(), reason: "a test" });
    };
    const cases: [string, () => Promise<unknown>, string, Parameters<typeof words>[1]?][] = [
      ["before it is scheduled", async () => {}, "lane/not-executed"],
      ["before it is executed", () => executeReplayed(lane, { execute: false }), "lane/not-executed"],
      ["after a veto", vetoed, "lane/not-executed"],
      ["an account without the role", () => executeReplayed(lane), "chain/reverted", { who: "stranger" }],
      [
        "too few attestations",
        () => executeReplayed(lane),
        "lane/too-few-attestations",
        { attestations: made.attestations.slice(1) },
      ],
      ["another bundle", () => executeReplayed(lane), "lane/other-bundle", { bundle: "other.age" }],
      [
        "a policy with other auditors",
        async () => {
          await executeReplayed(lane);
          const policy = JSON.parse(readFileSync(at("policies/Vault.json"), "utf8"));
          put(folder, {
            "policies/Vault.json": { ...policy, auditors: [...policy.auditors].toReversed() },
          });
        },
        "lane/not-disclosable",
      ],
      [
        "by another file",
        async () => {
          await executeReplayed(lane);
          await incident.timelock.as(incident.council).parts.disclose(incident.disclosure);
        },
        "lane/other-disclosure",
      ],
    ];
    for (const [name, prepare, expected, change] of cases)
      await incident.onSnapshot(async () => {
        const policy = readFileSync(at("policies/Vault.json"), "utf8");
        await prepare();
        const before = await state();
        const out = fresh();
        const { exit, error } = await reveal(out, change);
        expect([error.code, exit], `${name}: ${error.message}`).toEqual([expected, 1]);
        expect(existsSync(out), name).toBe(false);
        expect(await state(), name).toBe(before);
        put(folder, { "policies/Vault.json": policy });
      });
  }, 600_000);

  it("refuses a command line that is not whole, with 2", async () => {
    const out = fresh();
    const line = words(out);
    const without = (name: string) => line.filter((word) => word !== at(name));
    for (const odd of [
      without("schedule.json"),
      [...line, "--uri", "https://example.org/second.json"],
      [...without("patch.age").slice(0, 1), at("schedule.json"), at("schedule.json"), ...line.slice(3)],
      line.filter((word) => word !== "--uri" && word !== URI),
    ])
      expect((await sealpatch(...odd, "--json")).code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it("killed between the file and the transaction, takes the same file in the next run", () =>
    executed(async () => {
      const { anvil } = lane.incident;
      const out = fresh();
      let child: ChildProcess | undefined;
      // The transaction reaches the node, which dies with it; the process is killed as it waits.
      const dead = await startOddNode(
        ({ method }) => {
          if (!method.startsWith("eth_sendRaw")) return undefined;
          child?.kill("SIGKILL");
          return "silence";
        },
        { behind: anvil.url },
      );
      try {
        lane.configure(dead.url);
        child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...words(out)], {
          stdio: "ignore",
        });
        const ended = await new Promise((resolve) => child!.once("exit", (_, signal) => resolve(signal)));
        expect(ended).toBe("SIGKILL");
      } finally {
        lane.configure(anvil.url);
        await dead.stop();
      }
      const text = readFileSync(`${out}/disclosure.json`, "utf8");
      expect(await state()).toBe("executed");
      // The attestations in another order would make another text.
      const attestations = made.attestations.toReversed();
      const { exit, disclosed } = await reveal(out, { attestations });
      expect([exit, disclosed[0].bundleHash]).toEqual([0, disclosureHash(text)]);
      expect(readFileSync(`${out}/disclosure.json`, "utf8")).toBe(text);
      expect(await state()).toBe("disclosed");
    }));

  it("sends nothing where another file is in the way, or the folder cannot be written to", () =>
    executed(async () => {
      const out = fresh();
      put(out, { "disclosure.json": "{}" });
      expect((await reveal(out)).error.code).toBe("patch/malformed-disclosure");
      const file = at("a-file");
      writeFileSync(file, "");
      expect((await reveal(`${file}/folder`)).error.code).toMatch(/unreadable-file|unwritable-disclosure/);
      expect(await state()).toBe("executed");
    }));
});
