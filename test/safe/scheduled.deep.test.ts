import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id, type TransactionRequest, toBeHex } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TimelockClient } from "../../src/chain/index.js";
import { type DrillSafe, deploySafes } from "../../src/drill/safe.js";
import type { ScheduleMember } from "../../src/lane/index.js";
import { readManifest } from "../../src/manifest.js";
import type { PatchBundle, PatchPolicy } from "../../src/patch/index.js";
import {
  actionOf,
  addSignature,
  checkSafeFolder,
  executionCall,
  plainCall,
  readSafe,
  readSafeFolder,
  type SafeFolder,
  type SafeKnown,
  safeRequest,
  sendThroughSafe,
} from "../../src/safe/index.js";
import { type ReplayedDisclosure, replayedDisclosure } from "../lane/replayed-disclosure.js";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { linesThat, writtenFolder } from "./folders.js";
import { signTyped } from "./real-safes.js";

// A real statement with a real proof, scheduled by a council that is a Safe.

let lane: ReplayedLane;
let disclosed: ReplayedDisclosure;
let council: DrillSafe;
let stranger: DrillSafe;
let timelock: TimelockClient;
let known: SafeKnown & { readonly policy: PatchPolicy; readonly bundle: PatchBundle };

beforeAll(async () => {
  const place = mkdtempSync(join(tmpdir(), "sealpatch-scheduled-"));
  lane = await replayedLane(place);
  disclosed = await replayedDisclosure(lane, place);
  const { incident } = lane;
  const relay = await incident.provider.getSigner(3);
  [council, stranger] = (await deploySafes(relay, [
    { owners: 3, threshold: 2 },
    { owners: 1, threshold: 1 },
  ])) as [DrillSafe, DrillSafe];
  timelock = incident.timelock.as(relay);
  const grant = (role: string) => ({
    target: timelock.address,
    data: timelock.interface.encodeFunctionData("grantRole", [id(`${role}_ROLE`), council.address]),
  });
  await incident.govern(grant("COUNCIL"), grant("GUARDIAN"));
  known = {
    timelock: { chainId: 31_337n, address: timelock.address },
    client: timelock,
    policy: disclosed.policy,
    bundle: disclosed.disclosure.bundle,
  };
});

afterAll(() => lane?.stop());

/** A folder of a call by the council, or by another Safe. */
async function folderOf(
  { target, data }: { readonly target: string; readonly data: string },
  schedule?: readonly ScheduleMember[],
  safe = council.address,
): Promise<SafeFolder> {
  const account = await readSafe(lane.incident.provider, safe);
  const request = safeRequest(account, plainCall({ to: target, data, nonce: account.nonce }));
  return writtenFolder(request, schedule);
}

const hexOf = (value: bigint) => toBeHex(value, 32);
const scheduling = () => timelock.parts.scheduleCall(lane.incident.scheduling);

describe("calls that a Safe makes instead of an account", () => {
  const reason = "an auditor lost a key";

  it.each([
    ["schedule", () => scheduling(), (client) => client.parts.schedule(lane.incident.scheduling)],
    [
      "disclose",
      () => timelock.parts.discloseCall(lane.incident.disclosure),
      (client) => client.parts.disclose(lane.incident.disclosure),
    ],
    [
      "veto",
      () => timelock.vetoCall({ commitment: 12n, reason }),
      (client) => client.veto({ commitment: 12n, reason }),
    ],
    ["halt", () => timelock.haltCall(reason), (client) => client.halt(reason)],
  ] as [
    string,
    () => ReturnType<TimelockClient["haltCall"]>,
    (client: TimelockClient) => Promise<unknown>,
  ][])("are byte for byte what is sent, and known: %s", async (name, call, send) => {
    const sent: TransactionRequest[] = [];
    const recording = timelock.through(async (transaction) => {
      sent.push(transaction);
      throw new Error("recorded, not sent");
    });
    await expect(send(recording)).rejects.toThrow();
    const { target, data } = call();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ to: target, data });
    const folder = await folderOf({ target, data });
    expect(await actionOf(folder.request, folder.request.transaction)).toMatchObject({ name });
  });
});

const POLICY_LINES = [
  ["auditorRoot", "signal: root of the auditors"],
  ["threshold", "signal: threshold of auditors"],
  ["vectorRoot", "signal: root of the baseline vectors"],
  ["maxWaivers", "signal: vectors that may be waived"],
  ["layoutRoot", "signal: root of the storage layout"],
] as const;
const PROOF = "the proof is valid for its seven signals";

describe("a folder that schedules a real statement", () => {
  it("holds in every line, with policy, bundle and node", async () => {
    const folder = await folderOf(scheduling(), [lane.schedule]);
    const { checks } = await checkSafeFolder(folder, known);
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    expect(checks.filter(({ name }) => name.startsWith("signal: "))).toHaveLength(7);
  });

  it("holds for an owner who has no proving key", async () => {
    const folder = await folderOf(scheduling(), [lane.schedule]);
    const manifest = await readManifest();
    const { attest } = manifest.circuits;
    const without = { ...attest, zkey: "none.zkey" };
    const own = { ...manifest, circuits: { ...manifest.circuits, attest: without } };
    expect(await linesThat("fails", folder, { ...known, manifest: own })).toEqual([]);
    expect(await linesThat("not checked", folder, { ...known, manifest: own })).toEqual([]);
  });

  it("says of each line what it needs, and nothing holds that was not looked at", async () => {
    const folder = await folderOf(scheduling(), [lane.schedule]);
    expect(await linesThat("fails", folder)).toEqual([]);
    expect(await linesThat("not checked", folder)).toEqual([
      ...POLICY_LINES.map(([, line]) => line),
      "signal: commitment of the patch",
      "the call goes to the protocol's timelock",
      "the Safe is as the folder says",
      "the Safe computes the same hash",
      "the nonce is not used",
      "the Safe holds COUNCIL_ROLE",
      "its deadline is ahead",
    ]);
  });

  it.each(POLICY_LINES)("fails where the statement says another %s", async (signal, line) => {
    const { attest, ...rest } = lane.schedule;
    const statement = { ...attest.statement, [signal]: attest.statement[signal] + 1n };
    const folder = await folderOf(scheduling(), [{ ...rest, attest: { ...attest, statement } }]);
    expect(new Set(await linesThat("fails", folder, known))).toEqual(new Set([PROOF, line]));
  });

  it("is not read where the statement says other targets", async () => {
    const { folder } = await folderOf(scheduling(), [lane.schedule]);
    const path = join(folder, "schedule.json");
    const { targetsRoot } = lane.schedule.attest.statement;
    const text = readFileSync(path, "utf8");
    for (const root of [hexOf(targetsRoot), String(targetsRoot)])
      writeFileSync(
        path,
        text.replaceAll(
          root,
          root.replace(/.$/, (last) => (last === "1" ? "2" : "1")),
        ),
      );
    expect(readFileSync(path, "utf8")).not.toBe(text);
    await expect(readSafeFolder(folder)).rejects.toMatchObject({ code: "lane/other-targets" });
  });

  it("fails where the statement says another commitment", async () => {
    const { attest, ...rest } = lane.schedule;
    const statement = { ...attest.statement, commitment: attest.statement.commitment + 1n };
    const folder = await folderOf(scheduling(), [{ ...rest, attest: { ...attest, statement } }]);
    expect(await linesThat("fails", folder, known)).toEqual(["the calldata is that of schedule.json"]);
  });

  it.each(POLICY_LINES)("fails in one line where the policy says another %s", async (signal, line) => {
    const { policy } = known;
    const { auditors, baseline } = policy;
    const others = {
      auditorRoot: { auditors: Object.create(auditors, { root: { value: auditors.root + 1n } }) },
      threshold: { threshold: policy.threshold + 1 },
      vectorRoot: { baseline: { ...baseline, vectors: baseline.vectors.slice(1) } },
      maxWaivers: { maxWaivers: policy.maxWaivers + 1 },
      layoutRoot: { layoutRoot: policy.layoutRoot + 1n },
    };
    const folder = await folderOf(scheduling(), [lane.schedule]);
    const other = { ...known, policy: { ...policy, ...others[signal] } };
    expect(await linesThat("fails", folder, other)).toEqual([line]);
  });

  it("fails in one line where the bundle is of another patch", async () => {
    const folder = await folderOf(scheduling(), [lane.schedule]);
    const bundle = { ...known.bundle, salt: known.bundle.salt + 1n };
    expect(await linesThat("fails", folder, { ...known, bundle })).toEqual([
      "signal: commitment of the patch",
    ]);
  });

  it.each(["schedule.json is of nothing", "deadline", "proxy", "proof", "path"])(
    "fails where the calldata is not what was proven: %s",
    async (part) => {
      const { scheduling: own } = lane.incident;
      const { target, proof } = own;
      const changed = {
        "schedule.json is of nothing": {},
        deadline: { target: { ...target, validUntil: target.validUntil + 1n } },
        proxy: { target: { ...target, proxy: timelock.address } },
        proof: { proof: { ...proof, a: [proof.a[1], proof.a[0]] as const } },
        path: { path: [] },
      }[part]!;
      const call = timelock.parts.scheduleCall({ ...own, ...changed } as typeof own);
      const schedule = part === "schedule.json is of nothing" ? [] : [lane.schedule];
      const folder = schedule.length === 0 ? await folderOf(call) : await folderOf(call, schedule);
      expect(await linesThat("fails", folder, known)).toEqual(["the calldata is that of schedule.json"]);
    },
  );
});

describe("a folder against the chain", () => {
  it("fails where the Safe is another than it says, in each of its facts", async () => {
    const { request } = await folderOf(timelock.haltCall("test"));
    const [first, ...others] = request.owners;
    const changes = [
      { owners: [timelock.address, ...others] },
      { owners: [first!, ...others, timelock.address] },
      { threshold: 1 },
      { version: "1.4.1" as const },
      { nested: { [first!]: { version: "1.5.0" as const, owners: others, threshold: 1 } } },
    ];
    for (const change of changes) {
      const folder = await writtenFolder({ ...request, ...change });
      const { checks } = await checkSafeFolder(folder, known);
      expect(checks.filter(({ outcome }) => outcome === "fails").map(({ name }) => name)).toEqual([
        "the Safe is as the folder says",
      ]);
    }
  });

  it("fails where the Safe does not hold the role, or the folder is for another chain", async () => {
    const folder = await folderOf(timelock.haltCall("test"), undefined, stranger.address);
    expect(await linesThat("fails", folder, known)).toEqual(["the Safe holds GUARDIAN_ROLE"]);
    const { request } = folder;
    const other = await writtenFolder(safeRequest({ ...request, chainId: 1n }, request.transaction));
    expect(await linesThat("fails", other, known)).toEqual([
      "the call goes to the protocol's timelock",
      "the Safe is as the folder says",
    ]);
  });

  it("fails once the deadline has passed, and once the nonce is used", () =>
    lane.incident.onSnapshot(async () => {
      const { provider, scheduling: own } = lane.incident;
      const folder = await folderOf(scheduling(), [lane.schedule]);
      for (const owner of council.owners.slice(0, 2))
        await addSignature(folder, signTyped(owner, folder.request));
      const { target, data } = await executionCall(provider, folder);
      const relay = await provider.getSigner(3);
      await (await relay.sendTransaction({ to: target, data })).wait();
      expect(await linesThat("fails", folder, known)).toEqual(["the nonce is not used"]);
      expect((await timelock.statement(own.commitment)).eta).toBeGreaterThan(0n);

      const late = await folderOf(scheduling(), [lane.schedule]);
      await provider.send("evm_setNextBlockTimestamp", [Number(own.target.validUntil)]);
      await provider.send("evm_mine", []);
      expect(await linesThat("fails", late, known)).toEqual(["its deadline is ahead"]);
    }));

  it("executes as the same Safe sends at once", () =>
    lane.incident.onSnapshot(async () => {
      const { provider } = lane.incident;
      const relay = await provider.getSigner(3);
      const [a, b] = council.owners;
      const send = sendThroughSafe({ safe: council.address, owners: [a!, b!], relay });
      const folder = await folderOf(timelock.haltCall("test"));
      for (const owner of [a!, b!]) await addSignature(folder, signTyped(owner, folder.request));
      const { data } = await executionCall(provider, folder);
      await timelock.through(send).halt("test");
      const block = await provider.getBlock("latest", true);
      expect(block!.prefetchedTransactions[0]!.data).toBe(data);
    }));
});
