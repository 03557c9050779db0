import { hexlify, randomBytes } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  commitmentDisclosedBy,
  readDisclosureFacts,
  readExecutionFacts,
  readGuardianStep,
  readStatementSteps,
} from "../../src/chain/index.js";
import { readLane } from "../../src/watch/index.js";
import { type ReplayedIncident, replayIncident } from "./replayed-incident.js";

const DAY = 86_400;

let incident: ReplayedIncident;
beforeAll(async () => {
  incident = await replayIncident();
}, 600_000);
afterAll(() => incident?.stop());

const place = () => ({ commitment: incident.execution.commitment });
const steps = () => readStatementSteps(incident.timelock, place());
const execute = () => incident.timelock.as(incident.executor).parts.execute(incident.execution);
const disclose = () => incident.timelock.as(incident.council).parts.disclose(incident.disclosure);

describe("what a guardian did", () => {
  it("is told with its transaction and reason: the last halt, and the veto of the very statement", () =>
    incident.onSnapshot(async () => {
      const { timelock } = incident;
      for (const what of [{}, place()])
        await expect(readGuardianStep(timelock, what)).rejects.toMatchObject({ code: "chain/no-event" });
      const signer = await incident.provider.getSigner(18);
      const guardian = timelock.as(signer);
      const halted = await guardian.halt("first");
      await expect(readGuardianStep(timelock, place())).rejects.toMatchObject({ code: "chain/no-event" });
      const vetoed = await guardian.veto({ ...place(), reason: "second" });
      const { address: sender } = signer;
      expect(await readGuardianStep(timelock)).toMatchObject({
        ...{ transaction: halted.hash, block: halted.receipt.blockNumber, reason: "first", sender },
      });
      expect(await readGuardianStep(timelock, place())).toMatchObject({
        ...{ transaction: vetoed.hash, block: vetoed.receipt.blockNumber, reason: "second", sender },
      });
      await incident.govern(timelock.resumeCall());
      const again = await guardian.halt("third");
      expect(await readGuardianStep(timelock)).toMatchObject({ transaction: again.hash, reason: "third" });
    }));
});

describe("the steps of a statement", () => {
  it("are told as far as it has come", () =>
    incident.onSnapshot(async () => {
      const { timelock } = incident;
      const early = await steps();
      expect(early).toMatchObject({ scheduled: { sender: incident.council.address }, disclosed: [] });
      expect(early).not.toHaveProperty("executed");
      const executed = await execute();
      const disclosed = await disclose();
      const told = await steps();
      const at = async (block: number) => BigInt((await timelock.provider.getBlock(block))!.timestamp);
      const { receipt } = executed;
      expect(told.executed).toEqual({
        transaction: executed.hash,
        block: receipt.blockNumber,
        at: await at(receipt.blockNumber),
        sender: incident.executor.address,
        gasUsed: executed.gasUsed,
      });
      expect(told.disclosed).toMatchObject([
        {
          ...{ transaction: disclosed.hash, uri: incident.disclosure.uri },
          bundleHash: incident.disclosure.bundleHash,
        },
      ]);
      expect(told.executed!.at - told.scheduled.at).toBeGreaterThanOrEqual(4n * 3_600n);
    }));

  it("are told where somebody published what is no text", () =>
    incident.onSnapshot(async () => {
      const { timelock, provider } = incident;
      await execute();
      await provider.send("evm_increaseTime", [15 * DAY]);
      await provider.send("evm_mine", []);
      // The calldata of a place in two bytes that are no UTF-8, by somebody without a role.
      const { commitment, opening, bundleHash } = incident.disclosure;
      const text = timelock.interface.encodeFunctionData("disclose", [commitment, opening, bundleHash, "ab"]);
      const stranger = await provider.getSigner(3);
      const data = text.replace(/6162(0+)$/, "ff80$1");
      expect(data).not.toBe(text);
      await (await stranger.sendTransaction({ to: timelock.address, data })).wait();
      const { disclosed } = await steps();
      expect(disclosed).toMatchObject([{ uri: "\ufffd", sender: stranger.address }]);
      await disclose();
      // Nobody who looks at the lane is kept from it by such a text.
      const { statements } = await readLane(timelock);
      expect(statements).toMatchObject([{ commitment, state: "disclosed" }]);
      expect((await steps()).disclosed.map(({ uri }) => uri)).toEqual(["\ufffd", incident.disclosure.uri]);
    }));

  it("do not begin where it was never scheduled", async () => {
    const read = readStatementSteps(incident.timelock, { commitment: 7n });
    await expect(read).rejects.toMatchObject({ code: "chain/no-event" });
  });
});

describe("the facts of an execution", () => {
  it("are those of its disclosure, and there before it", () =>
    incident.onSnapshot(async () => {
      const { timelock } = incident;
      await expect(readExecutionFacts(timelock, place())).rejects.toMatchObject({ code: "chain/no-event" });
      await execute();
      const before = await readExecutionFacts(timelock, place());
      await expect(readDisclosureFacts(timelock, place())).rejects.toMatchObject({ code: "chain/no-event" });
      await disclose();
      const { disclosed, ...facts } = await readDisclosureFacts(timelock, place());
      expect(facts).toEqual(before);
      expect(disclosed.bundleHashes).toEqual([incident.disclosure.bundleHash]);
    }));
});

describe("a disclosure", () => {
  it("is tried without being sent", () =>
    incident.onSnapshot(async () => {
      const { timelock, council, executor, disclosure } = incident;
      const as = (who: typeof council) => timelock.as(who).parts.tryDisclose(disclosure);
      await expect(as(council)).rejects.toMatchObject({ details: { error: "StatementUnexpectedState" } });
      await execute();
      await expect(as(executor)).rejects.toMatchObject({ details: { error: "FastTrackDisclosureReserved" } });
      await as(council);
      expect(await timelock.state(disclosure.commitment)).toBe("executed");
    }));

  it("is found by the hash of its file", () =>
    incident.onSnapshot(async () => {
      const { timelock, disclosure } = incident;
      await execute();
      await disclose();
      expect(await commitmentDisclosedBy(timelock, disclosure.bundleHash)).toBe(disclosure.commitment);
      const other = commitmentDisclosedBy(timelock, hexlify(randomBytes(32)));
      await expect(other).rejects.toMatchObject({ code: "report/other-disclosure" });
    }));
});
