import { AbiCoder, keccak256, ZeroAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TimelockClient } from "../../src/chain/index.js";
import { type LaneReport, readLane } from "../../src/watch/index.js";
import { type AcceptingLane, acceptingLane, DELAY, DISCLOSURE, GRACE } from "./accepting-lane.js";

let lane: AcceptingLane;
let proxy: string;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
}, 120_000);
afterAll(() => lane.stop());

const snapshot = <T>(work: () => Promise<T>) => lane.onSnapshot(work);
const read = (proxies: readonly string[] = []) => readLane(lane.timelock, { fromBlock: lane.block, proxies });
const groupOf = (...commitments: bigint[]) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["uint256[]"], [commitments]));
const statement = ({ statements }: LaneReport, commitment: bigint) =>
  statements.find((one) => one.commitment === commitment)!;
const status = ({ proxies }: LaneReport, of = proxy) => proxies.find((one) => one.proxy === of)!;
const steps = (next: LaneReport["statements"][number]["next"]) =>
  next.map(({ who, action }) => `${who} ${action}`);

/** Every statement of a report is in the state that the contract says, asked one by one. */
async function expectStates(report: LaneReport): Promise<void> {
  for (const { commitment, state } of report.statements)
    expect(await lane.timelock.state(commitment)).toBe(state);
}

describe("a lane that is read", () => {
  it("has who holds which role, also after changes", () =>
    snapshot(async () => {
      const { governance, executor, council, guardian, timelock } = lane;
      const { roles, verifier, block, halt, nextDisclosure } = await read();
      expect(roles).toEqual({
        proposer: [governance.address],
        executor: [executor.address],
        council: [council.address],
        guardian: [guardian.address],
      });
      expect({ halt, nextDisclosure }).toEqual({ halt: null, nextDisclosure: null });
      expect(block.number).toBe(await lane.provider.getBlockNumber());
      expect(await timelock.setupHash()).toBe((await read()).setupHash);
      const hash = await timelock.provider.call({
        to: timelock.address,
        data: timelock.interface.encodeFunctionData("EXECUTOR_ROLE"),
      });
      await lane.govern(
        lane.call("grantRole", hash, ZeroAddress),
        lane.call("revokeRole", hash, executor.address),
        lane.call("setVerifier", await lane.newVerifier()),
      );
      const changed = await read();
      expect(changed.roles.executor).toEqual([ZeroAddress]);
      expect(changed.verifier).not.toBe(verifier);
      await lane.schedule({ commitment: 5n, proxy });
      expect(steps(statement(await read(), 5n).next)).toEqual(["anybody execute", "guardian veto"]);
    }));

  it("has each statement in every state, as the contract says, with who may do what next", () =>
    snapshot(async () => {
      const other = await lane.openProxy();
      await lane.schedule({ commitment: 10n, proxy: other, validFor: DELAY + 3600 });
      await lane.later(DELAY + 3601);
      await lane.schedule({ commitment: 11n, proxy });
      await lane.schedule({ commitment: 12n, proxy });
      await lane.veto(11n, "not announced");
      const before = await read();
      await expectStates(before);
      expect(statement(before, 10n)).toMatchObject({ state: "expired", deadline: null, next: [] });
      expect(statement(before, 11n)).toMatchObject({
        state: "vetoed",
        veto: { guardian: lane.guardian.address, reason: "not announced" },
        next: [],
      });
      const waiting = statement(before, 12n);
      expect(waiting).toMatchObject({ state: "scheduled", blockedBy: null, group: null, veto: null });
      expect(waiting.deadline).toBe(waiting.eta + BigInt(GRACE));
      expect(waiting.next).toEqual([
        { who: "executor", action: "execute", from: waiting.eta, until: waiting.deadline },
        { who: "guardian", action: "veto", from: null, until: waiting.deadline },
      ]);

      await lane.later(DELAY);
      expect(statement(await read(), 12n).next[0]).toMatchObject({ action: "execute", from: null });
      await lane.schedule({ commitment: 13n, proxy });
      await lane.execute(12n);
      const executed = await read();
      await expectStates(executed);
      expect(statement(executed, 13n)).toMatchObject({ state: "superseded", next: [] });
      const due = executed.nextDisclosure!;
      expect(statement(executed, 12n)).toMatchObject({ state: "executed", deadline: due, isOverdue: false });
      expect(statement(executed, 12n).next).toEqual([
        { who: "council", action: "disclose", from: null, until: due },
      ]);
      expect(due - executed.block.timestamp).toBe(BigInt(DISCLOSURE));

      await lane.disclose(12n);
      const disclosed = await read();
      await expectStates(disclosed);
      expect(statement(disclosed, 12n)).toMatchObject({ state: "disclosed", deadline: null, next: [] });
      expect(disclosed.nextDisclosure).toBeNull();
      expect(disclosed.statements.map(({ commitment }) => commitment)).toEqual([13n, 12n, 11n, 10n]);
    }));

  it("is frozen by an overdue disclosure, from the very second, until it is waived", () =>
    snapshot(async () => {
      await lane.schedule({ commitment: 20n, proxy });
      await lane.later(DELAY);
      await lane.execute(20n);
      await lane.later(DISCLOSURE);
      const last = await read();
      expect(statement(last, 20n).isOverdue).toBe(false);
      expect(status(last).status).toBe("open");
      await lane.later(1);
      const frozen = await read();
      expect(status(frozen)).toMatchObject({ status: "frozen" });
      expect(statement(frozen, 20n)).toMatchObject({ state: "executed", isOverdue: true });
      expect(steps(statement(frozen, 20n).next)).toEqual(["anybody disclose", "governance clear-freeze"]);
      await lane.govern(lane.call("clearFreeze", 20n));
      const cleared = await read();
      expect(status(cleared).status).toBe("open");
      expect(statement(cleared, 20n)).toMatchObject({ state: "executed", deadline: null, isOverdue: false });
      expect(steps(statement(cleared, 20n).next)).toEqual(["anybody disclose"]);
    }));

  it("says of each proxy why its lane is closed, and what opens it", () =>
    snapshot(async () => {
      const [bare, noBaseline, stale, changed] = [
        await lane.proxy(),
        await lane.proxy(),
        await lane.openProxy(),
        await lane.openProxy(),
      ];
      await lane.govern(lane.policyCall(noBaseline));
      const upgrade = `0x3659cfe6${"00".repeat(32)}`; // upgradeTo
      await lane.govern({ target: stale, data: upgrade });
      const implementation = status(await read(), changed).implementation;
      await lane.provider.send("anvil_setCode", [implementation, "0x5f5f"]);
      const report = await read([bare]);
      const found = [proxy, bare, noBaseline, stale, changed].map((one) => status(report, one));
      expect(found.map(({ status }) => status)).toEqual([
        "open",
        "no-policy",
        "no-baseline",
        "baseline-stale",
        "baseline-code-changed",
      ]);
      for (const each of found) expect(await lane.timelock.laneStatus(each.proxy)).toBe(each.status);
      expect(found.map(({ next }) => steps(next)[0])).toEqual([
        "council schedule",
        "governance set-policy",
        ...Array(3).fill("governance set-baseline"),
      ]);
      await lane.schedule({ commitment: 30n, proxy });
      await lane.halt("a key was lost");
      const halted = await read();
      expect(halted.halt).toEqual({ guardian: lane.guardian.address, reason: "a key was lost" });
      expect(steps(status(halted).next)).toEqual(["governance resume"]);
      expect(statement(halted, 30n)).toMatchObject({ state: "scheduled", blockedBy: "halted" });
      expect(steps(statement(halted, 30n).next)).toEqual(["guardian veto"]);
      await lane.govern(lane.call("resume"));
      expect((await read()).halt).toBeNull();
    }));

  it("knows a group's order however it was scheduled, whether it is whole, and that one member ends it", () =>
    snapshot(async () => {
      const members = [42n, 40n, 41n];
      const proxies = [proxy, await lane.openProxy(), await lane.openProxy()];
      const group = groupOf(...members);
      const at = (commitment: bigint) => ({
        commitment,
        proxy: proxies[members.indexOf(commitment)]!,
        group,
      });
      await lane.schedule(at(40n));
      await lane.schedule(at(41n));
      const part = await read();
      expect(statement(part, 40n)).toMatchObject({
        blockedBy: "group-incomplete",
        group: { isWhole: false },
      });
      expect(await lane.timelock.groupState(members)).toBe("none");
      await lane.schedule(at(42n));
      const whole = await read();
      for (const member of members) {
        expect(statement(whole, member).group).toEqual({ hash: group, members, isWhole: true });
        expect(statement(whole, member).blockedBy).toBeNull();
      }
      await snapshot(async () => {
        await lane.later(DELAY);
        await lane.execute(...members);
        await expectStates(await read());
        expect(statement(await read(), 41n).state).toBe("executed");
      });
      await lane.veto(41n);
      const ended = await read();
      expect(statement(ended, 42n)).toMatchObject({ state: "scheduled", blockedBy: "group-ended" });
      expect(steps(statement(ended, 42n).next)).toEqual(["guardian veto"]);
      expect(await lane.timelock.groupState(members)).toBe("vetoed");
    }));

  it("is refused where no timelock is, or another contract", async () => {
    for (const address of [lane.guardian.address, proxy]) {
      const other = await TimelockClient.at(address, lane.provider);
      await expect(readLane(other)).rejects.toMatchObject({ code: "chain/no-contract" });
    }
  });
});
