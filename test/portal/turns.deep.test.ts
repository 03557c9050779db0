import { Interface } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageStatement, PortalChain, PortalData, TurnName } from "../../src/portal/model.js";
import { readPage } from "../../src/portal/read.js";
import { type AcceptingLane, acceptingLane, DELAY, DISCLOSURE, GRACE } from "../watch/accepting-lane.js";
import { pageData } from "./page-data.js";

// What governance, guardians and other statements did, as a statement's page tells of it: on a real timelock, cause by cause.

const UUPS = new Interface(["function upgradeToAndCall(address, bytes)"]);

let lane: AcceptingLane;
let proxy: string;
let other: string;
let chain: PortalChain;
let data: PortalData;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
  other = await lane.openProxy();
  ({ chain, data } = await pageData(lane.timelock, lane.block));
}, 120_000);
afterAll(() => lane.stop());

/** The page's view of one statement. */
async function shown(commitment: bigint): Promise<PageStatement> {
  const page = await readPage(chain, data, [lane.anvil.url], lane.timelock.interface.fragments);
  return page.statements.find(({ report }) => report.commitment === commitment)!;
}
const told = ({ turns }: PageStatement) => turns.map(({ name }) => name);
const now = async () => BigInt((await lane.provider.getBlock("latest"))!.timestamp);
const resume = () => lane.govern(lane.call("resume"));
const scheduled = async (work: () => Promise<void>) =>
  lane.onSnapshot(async () => {
    await lane.schedule({ commitment: 1n, proxy });
    await work();
  });

describe("a superseded statement is told by what", () => {
  const causes: readonly (readonly [TurnName, () => Promise<void>])[] = [
    [
      "StatementExecuted",
      async () => {
        await lane.schedule({ commitment: 2n, proxy });
        await lane.later(DELAY);
        await lane.execute(2n);
      },
    ],
    ["PolicySet", () => lane.govern(lane.policyCall(proxy))],
    ["PolicyRemoved", () => lane.govern(lane.call("removePolicy", proxy))],
    ["BaselineSet", async () => lane.govern(await lane.baselineCall(proxy))],
    ["VerifierSet", async () => lane.govern(lane.call("setVerifier", await lane.newVerifier()))],
  ];
  it.each(causes)("%s", (name, cause) =>
    scheduled(async () => {
      await cause();
      const at = await now();
      // What comes later does not count any more, nor what is of another proxy.
      await lane.halt();
      await resume();
      await lane.govern(lane.policyCall(proxy));
      const statement = await shown(1n);
      expect(statement.report.state).toBe("superseded");
      expect(statement.turns).toEqual([{ name, at }]);
    }),
  );

  it("and nothing of another proxy does it", () =>
    scheduled(async () => {
      await lane.govern(lane.policyCall(other));
      await lane.govern(await lane.baselineCall(other));
      const statement = await shown(1n);
      expect(statement.report.state).toBe("scheduled");
      expect(statement.turns).toEqual([]);
    }));

  it("also where its window had ended before", () =>
    scheduled(async () => {
      await lane.later(DELAY + GRACE + 1);
      expect((await shown(1n)).report.state).toBe("expired");
      await lane.govern(lane.policyCall(proxy));
      const statement = await shown(1n);
      expect(statement.report.state).toBe("superseded");
      expect(told(statement)).toEqual(["PolicySet"]);
    }));
});

describe("a statement's timeline", () => {
  it("has halts and their ends, with the guardian, while it is scheduled", () =>
    scheduled(async () => {
      await lane.halt("the first");
      const at = await now();
      await resume();
      await lane.halt("the second");
      const statement = await shown(1n);
      expect(told(statement)).toEqual(["LaneHalted", "LaneResumed", "LaneHalted"]);
      expect(statement.turns[0]).toEqual({ name: "LaneHalted", at, guardian: lane.guardian.address });
    }));

  it("has none of before it, nor of after its end", () =>
    lane.onSnapshot(async () => {
      await lane.halt();
      await resume();
      await lane.schedule({ commitment: 1n, proxy });
      await lane.schedule({ commitment: 2n, proxy: other });
      await lane.veto(1n);
      await lane.later(DELAY + GRACE + 1);
      await lane.halt();
      expect(told(await shown(1n))).toEqual([]);
      const expired = await shown(2n);
      expect(expired.report.state).toBe("expired");
      expect(told(expired)).toEqual([]);
    }));

  it("has an upgrade on the slow path, which closes the lane", () =>
    scheduled(async () => {
      await lane.govern({
        target: proxy,
        data: UUPS.encodeFunctionData("upgradeToAndCall", [lane.timelock.address, "0x"]),
      });
      const statement = await shown(1n);
      expect(statement.report).toMatchObject({ state: "scheduled", blockedBy: "baseline-stale" });
      expect(told(statement)).toEqual(["UpgradeObserved"]);
    }));

  it("has that governance waived the disclosure of what was executed", () =>
    scheduled(async () => {
      await lane.schedule({ commitment: 2n, proxy: other });
      await lane.later(DELAY);
      await lane.execute(1n);
      await lane.execute(2n);
      expect(told(await shown(1n))).toEqual([]);
      await lane.later(DISCLOSURE + 1);
      await lane.govern(lane.call("clearFreeze", 1n));
      const waived = await shown(1n);
      expect(waived.report).toMatchObject({ state: "executed", deadline: null });
      expect(told(waived)).toEqual(["FreezeCleared"]);
      const overdue = await shown(2n);
      expect(overdue.report.isOverdue).toBe(true);
      expect(told(overdue)).toEqual([]);
    }));
});
