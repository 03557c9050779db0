import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disclosureHash } from "../../src/patch/index.js";
import { SAFE_TRANSACTION } from "../../src/safe/index.js";
import { executeReplayed, replayedDisclosure } from "../lane/replayed-disclosure.js";
import { temporaryFolder } from "../project/projects.js";
import { type SafeStage, safeStage } from "./safe-stage.js";
import { sealpatch } from "./sealpatch.js";

let stage: SafeStage;
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  stage = await safeStage(folder);
}, 300_000);
afterAll(() => stage?.stop());

const config = () => ["--config", at("sealpatch.toml")];
/** Owners of the council come first, then those of the guardian. */
const COUNCIL = 0;
const GUARDIAN = 5;
const key = (place: number) => stage.owners[place]!.options;
const anybody = () => [...config(), ...stage.lane.accounts.stranger.options, "--yes"];
const onSnapshot = <T>(work: () => Promise<T>) => stage.lane.incident.onSnapshot(work);
const commitment = () => stage.lane.schedule.attest.statement.commitment;

/** A command line that ends with a code, as JSON. */
async function run(code: number, ...words: string[]) {
  const finished = await sealpatch(...words, "--json");
  expect(finished.code, `${words.join(" ")}\n${finished.stdout}${finished.stderr}`).toBe(code);
  return JSON.parse(finished.stdout);
}
/** The same, as people see it. */
async function told(code: number, ...words: string[]): Promise<string> {
  const finished = await sealpatch(...words);
  const all = finished.stdout + finished.stderr;
  expect(finished.code, `${words.join(" ")}\n${all}`).toBe(code);
  return all;
}
const sign = (place: number, path: string, ...words: string[]) =>
  run(0, "safe", "sign", path, ...config(), ...key(place), "--yes", ...words);
let made = 0;
const fresh = () => at(`safe-${made++}/folder`);
const request = async (name: string, ...words: string[]) => {
  const out = fresh();
  const { folders } = await run(0, name, ...words, ...config(), "--safe", "--safe-out", out);
  return { out, ...folders[0] };
};
const requestSchedule = () => request("schedule", at("schedule.json"));
const requestHalt = (reason = "a test") => request("halt", "--reason", reason);

describe("a council that is a Safe", () => {
  it("schedules: three of five sign offline, and anybody sends it once", () =>
    onSnapshot(async () => {
      const { incident } = stage.lane;
      const { out, safeTxHash, nonce } = await requestSchedule();
      expect(nonce).toBe("0");
      expect(await incident.timelock.state(commitment())).toBe("none");
      const checked = await run(2, "safe", "check", out, ...config());
      const open = checked.checks.filter(({ outcome }: { outcome: string }) => outcome !== "holds");
      expect(open.map(({ name }: { name: string }) => name)).toEqual([
        "signal: root of the auditors",
        "signal: threshold of auditors",
        "signal: root of the baseline vectors",
        "signal: vectors that may be waived",
        "signal: root of the storage layout",
        "signal: commitment of the patch",
      ]);
      expect(await sign(COUNCIL, out, "--offline")).toMatchObject({ signed: 1, threshold: 3 });
      await sign(COUNCIL + 3, out, "--offline");
      expect(await run(1, "safe", "send", out, ...anybody())).toMatchObject({
        error: { code: "safe/too-few-signatures", details: { signed: 2, threshold: 3 } },
      });
      // The third owner's device gives a signature by itself.
      const typed = JSON.parse(readFileSync(join(out, "typed-data.json"), "utf8"));
      const signature = await stage.council.owners[1]!.signTypedData(
        typed.domain,
        SAFE_TRANSACTION,
        typed.message,
      );
      expect(await run(0, "safe", "add", out, signature, ...config())).toMatchObject({
        owner: stage.council.owners[1]!.address,
        signed: 3,
      });
      const status = await told(0, "safe", "status", out, ...config());
      expect(status).toContain("3 of the 3 that it takes");
      const sent = await run(0, "safe", "send", out, ...anybody());
      expect(sent.isEarlier).toBe(false);
      expect(await incident.timelock.state(commitment())).toBe("scheduled");
      expect(await run(0, "safe", "send", out, ...anybody())).toMatchObject({
        isEarlier: true,
        transaction: sent.transaction,
      });
      const after = await run(0, "safe", "status", out, ...config());
      expect(after.usedBy).toMatchObject({ isOwn: true, safeTxHash, transaction: sent.transaction });
      expect(await run(0, "schedule", at("schedule.json"), ...config(), "--safe")).toEqual({ folders: [] });
    }));

  it("is shown every signal, and told which one is another", async () => {
    const { out } = await requestSchedule();
    const document = readFileSync(join(out, "VALIDATION.md"), "utf8");
    for (const signal of Object.values(stage.lane.schedule.attest.statement))
      expect(document).toContain(
        signal < 2n ** 64n ? `\`${signal}\`` : `0x${signal.toString(16).padStart(64, "0")}`,
      );
    const text = await told(2, "safe", "check", out, ...config());
    expect(text).toContain("COUNCIL: schedule a hidden patch");
    expect(text).toMatch(/holds +the Safe holds COUNCIL_ROLE/);
  });

  it("is refused where the Safe does not hold the role, with the contract's words", async () => {
    const { error } = await run(
      1,
      ...["schedule", at("schedule.json"), ...config(), "--safe", stage.guardian.address],
    );
    expect(error.code).toBe("chain/reverted");
    expect(error.why).toMatch(/AccessControlUnauthorizedAccount/);
    expect(
      await run(1, "halt", "--reason", "x", ...config(), "--safe", stage.lane.incident.proxy),
    ).toMatchObject({
      error: { code: "chain/not-a-safe" },
    });
    await run(2, "halt", "--reason", " ", ...config(), "--safe");
    await run(2, "halt", "--reason", "x", ...config(), "--safe", "0x12");
    await run(2, "halt", "--reason", "x", ...config(), "--safe", "--safe-nonce", "-1");
  });
});

describe("a guardian that is a Safe", () => {
  it("halts with two of three, and a second send is the first one", () =>
    onSnapshot(async () => {
      const { out } = await requestHalt("an auditor lost a key");
      for (const place of [GUARDIAN, GUARDIAN + 2]) await sign(place, out);
      await run(0, "safe", "send", out, ...anybody());
      expect(await stage.lane.incident.timelock.halted()).toBe(true);
    }));

  it("vetoes, by the id or the commitment", () =>
    onSnapshot(async () => {
      const { incident } = stage.lane;
      await incident.timelock.through(stage.council.send).parts.schedule(incident.scheduling);
      const { out } = await request("veto", `${commitment()}`, "--reason", "not announced to us");
      for (const place of [GUARDIAN + 1, GUARDIAN + 2]) await sign(place, out);
      await run(0, "safe", "send", out, ...anybody());
      expect(await incident.timelock.state(commitment())).toBe("vetoed");
    }));
});

describe("a disclosure by a Safe", () => {
  it("is on disk before its folder is written, and reported once it is published", () =>
    onSnapshot(async () => {
      const made = await replayedDisclosure(stage.lane, folder);
      await executeReplayed(stage.lane);
      const { timelock } = stage.lane.incident;
      const disclosed = at("disclosed");
      const words = [
        ...["reveal", at("patch.age"), at("schedule.json"), ...made.attestations.map(at), "--safe"],
        ...["--uri", "https://example.org/disclosure.json", "--out", disclosed],
        ...["--keystore", at("member.age"), "--passphrase-file", at("pass.txt"), ...config()],
      ];
      const out = fresh();
      const { disclosures } = await run(0, ...words, "--safe-out", out);
      const text = readFileSync(join(disclosed, "disclosure.json"), "utf8");
      expect(disclosures[0].bundleHash).toBe(disclosureHash(text));
      expect(await timelock.state(commitment())).toBe("executed");
      const shown = await told(0, "safe", "check", out, ...config());
      expect(shown).toContain(disclosureHash(text));
      expect(shown).toMatch(/holds +the Safe holds COUNCIL_ROLE/);
      for (const place of [COUNCIL + 1, COUNCIL + 2, COUNCIL + 4]) await sign(place, out);
      await run(0, "safe", "send", out, ...anybody());
      expect(await timelock.state(commitment())).toBe("disclosed");
      const { folders, reports } = await run(0, ...words);
      expect(folders).toEqual([]);
      expect(reports).toContain(join(disclosed, "disclosure.html"));
      expect(readFileSync(join(disclosed, "disclosure.json"), "utf8")).toBe(text);
    }));
});

describe("the nonce", () => {
  it("that another transaction used is said, with that transaction, and the new folder is written", () =>
    onSnapshot(async () => {
      const { incident } = stage.lane;
      const { out } = await requestHalt();
      for (const place of [GUARDIAN, GUARDIAN + 1]) await sign(place, out);
      const receipt = await incident.timelock
        .through(stage.council.send)
        .parts.schedule(incident.scheduling)
        .then(() =>
          incident.timelock.through(stage.guardian.send).veto({ commitment: commitment(), reason: "first" }),
        );
      const { error } = await run(1, "safe", "send", out, ...anybody());
      expect(error).toMatchObject({ code: "safe/nonce-used", details: { transaction: receipt.hash } });
      expect(error.why).toContain("GUARDIAN: end a scheduled statement");
      const status = await run(0, "safe", "status", out, ...config());
      expect(status.usedBy).toMatchObject({ isOwn: false, action: "veto", transaction: receipt.hash });
      expect(status.next).toBe(error.details.folder);
      const text = await told(0, "safe", "status", out, ...config());
      expect(text).toMatch(/was used by another transaction: the signatures are void/);
      expect(text).toContain(status.next);
      // The old signatures are of no use in the new folder.
      const old = readFileSync(join(out, "signatures", `${stage.guardian.owners[0]!.address}.txt`), "utf8");
      expect(await run(1, "safe", "add", status.next, old.trim(), ...config())).toMatchObject({
        error: {
          code: "safe/other-transaction",
          details: { owner: stage.guardian.owners[0]!.address, nonce: "0" },
        },
      });
      for (const place of [GUARDIAN, GUARDIAN + 1]) await sign(place, status.next);
      await run(0, "safe", "send", status.next, ...anybody());
      expect(await incident.timelock.halted()).toBe(true);
    }));

  it("of two folders is warned of, and the void one makes the other useless", () =>
    onSnapshot(async () => {
      const { out } = await requestHalt();
      const { folder: empty, sameNonce } = await run(0, "safe", "void", out, ...config());
      expect(sameNonce).toEqual([out]);
      expect(await told(0, "safe", "check", out, ...config())).toContain("is for the same nonce");
      expect(await told(0, "safe", "status", out, ...config())).toContain("is for the same nonce");
      for (const place of [GUARDIAN, GUARDIAN + 1]) await sign(place, empty);
      await run(0, "safe", "send", empty, ...anybody());
      const status = await run(0, "safe", "status", out, ...config());
      expect(status.usedBy).toMatchObject({ isOwn: false, action: "void" });
      expect(await stage.lane.incident.timelock.halted()).toBe(false);
    }));

  it("ahead of the Safe waits for those before it", async () => {
    const out = fresh();
    const words = [...config(), "--safe", "--safe-nonce", "3", "--safe-out", out];
    expect(await told(0, "halt", "--reason", "x", ...words)).toContain(
      "3 transactions of the Safe have to come",
    );
    for (const place of [GUARDIAN, GUARDIAN + 1]) await sign(place, out);
    expect(await run(1, "safe", "send", out, ...anybody())).toMatchObject({
      error: { code: "safe/not-next", details: { nonce: "3", next: "0" } },
    });
  });
});

describe("a folder that was changed on its way", () => {
  it("is not signed and not sent, whatever was changed", async () => {
    const { out } = await requestHalt();
    for (const place of [GUARDIAN, GUARDIAN + 1]) await sign(place, out);
    const names = readdirSync(out).filter((name) => name.includes("."));
    expect(names.sort()).toEqual([
      "VALIDATION.md",
      "safe-tx.json",
      "transaction-builder.json",
      "typed-data.json",
    ]);
    for (const name of names) {
      const copy = fresh();
      mkdirSync(copy, { recursive: true });
      cpSync(out, copy, { recursive: true });
      const text = readFileSync(join(copy, name), "utf8");
      const last = text.lastIndexOf("0x") + 4;
      const other = text[last] === "0" ? "1" : "0";
      writeFileSync(join(copy, name), `${text.slice(0, last)}${other}${text.slice(last + 1)}`);
      const checked = await run(1, "safe", "check", copy, ...config());
      expect(
        checked.checks.some(({ outcome }: { outcome: string }) => outcome === "fails"),
        name,
      ).toBe(true);
      for (const words of [
        ["sign", copy, ...config(), ...key(GUARDIAN + 2), "--yes"],
        ["send", copy, ...anybody()],
      ])
        expect(await run(1, "safe", ...words), name).toMatchObject({ error: { code: "safe/not-checked" } });
    }
  });

  it("for another timelock is refused, also by who has no node", async () => {
    const { out } = await requestHalt();
    const other = `0x${"ab".repeat(20)}`;
    const text = await told(1, "safe", "check", out, "--offline", "--timelock", other, ...config());
    expect(text).toMatch(/fails +the call goes to the protocol's timelock/);
    const alone = await run(2, "safe", "check", out, "--offline", ...config());
    expect(alone.checks.filter(({ outcome }: { outcome: string }) => outcome === "fails")).toEqual([]);
  });
});
