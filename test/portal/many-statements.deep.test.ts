import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PortalChain, PortalData } from "../../src/portal/model.js";
import { type ReadPageOptions, readPage } from "../../src/portal/read.js";
import { readLane } from "../../src/watch/index.js";
import { type AcceptingLane, acceptingLane, DELAY } from "../watch/accepting-lane.js";
import { pageData } from "./page-data.js";

let lane: AcceptingLane;
let proxy: string;
let chain: PortalChain;
let data: PortalData;
beforeAll(async () => {
  lane = await acceptingLane();
  proxy = await lane.openProxy();
  ({ chain, data } = await pageData(lane.timelock, lane.block));
}, 120_000);
afterAll(() => lane.stop());

/** Reads a page, and counts requests of HTTP. */
async function counted(options: ReadPageOptions = {}) {
  let requests = 0;
  const counting: typeof fetch = (...request) => {
    requests++;
    return fetch(...request);
  };
  const nodes = [lane.anvil.url];
  const abi = lane.timelock.interface.fragments;
  const page = await readPage(chain, data, nodes, abi, { ...options, fetch: counting });
  return { page, requests };
}

describe("a page of many statements", () => {
  it("is read in at most 12 requests where there are 20, in several states", () =>
    lane.onSnapshot(async () => {
      for (let commitment = 1n; commitment <= 18n; commitment++) await lane.schedule({ commitment, proxy });
      await lane.veto(3n);
      await lane.later(DELAY);
      await lane.execute(5n);
      await lane.disclose(5n);
      for (const commitment of [19n, 20n]) await lane.schedule({ commitment, proxy }).catch(() => {});
      const { page, requests } = await counted();
      expect(requests).toBeLessThanOrEqual(12);
      expect(page.lane).toEqual(await readLane(lane.timelock, { fromBlock: lane.block }));
      expect(page.statements.length).toBe(page.lane.statements.length);
      expect(page.statements.length).toBe(20);
      expect(
        page.statements.map(({ report, facts }) => facts.signals.commitment === report.commitment),
      ).not.toContain(false);
      // The verifier that takes everything is not this page's, and its proofs are none.
      expect(page.checks.find(({ id }) => id === "verifier")!.outcome).toBe("fails");
      for (const { checks } of page.statements)
        expect(checks.find(({ id }) => id === "proof")!.outcome).toBe("fails");
      const disclosed = page.statements.find(({ report }) => report.commitment === 5n)!;
      const opened = disclosed.checks.find(({ id }) => id === "commitment")!;
      expect(opened.outcome).toBe("fails");
      expect(BigInt(opened.values.opened!)).not.toBe(5n);
    }));

  it(
    "is whole where there are 500, and verifies proofs of old ones where they are shown alone",
    () =>
      lane.onSnapshot(async () => {
        const commitments = Array.from({ length: 500 }, (_, index) => BigInt(1000 + index));
        await lane.scheduleMany(commitments, proxy);
        await lane.veto(1250n);
        await lane.veto(1251n);
        const { page, requests } = await counted({ shown: "1250" });
        expect(page.statements.map(({ report }) => report.commitment)).toEqual(commitments.toReversed());
        expect(requests).toBeLessThanOrEqual(40);
        const proof = (commitment: bigint) =>
          page.statements
            .find(({ report }) => report.commitment === commitment)!
            .checks.find(({ id }) => id === "proof")!.outcome;
        expect(proof(1250n)).toBe("fails");
        expect(proof(1251n)).toBe("not checked");
        expect(proof(1499n)).toBe("fails");
        expect(proof(1000n)).toBe("not checked");
      }),
    120_000,
  );

  it("is read where guardian and council write what is no UTF-8, turns text around, or is 100 kB long", () =>
    lane.onSnapshot(async () => {
      for (const commitment of [31n, 32n, 33n]) await lane.schedule({ commitment, proxy });
      const { timelock, guardian } = lane;
      const veto = timelock.interface.encodeFunctionData("veto", [31n, "AAAA"]);
      const malformed = veto.replace(/41414141/, "fffe80c3");
      await (await guardian.sendTransaction({ to: timelock.address, data: malformed })).wait();
      const reason = `\u202e<script>\u0000${"x".repeat(100_000)}`;
      await lane.veto(32n, reason);
      await lane.later(DELAY);
      await lane.execute(33n);
      await lane.disclose(33n, "javascript:alert(1)\u202e\u0007");
      const { page } = await counted();
      const of = (commitment: bigint) =>
        page.statements.find(({ report }) => report.commitment === commitment)!;
      expect(of(31n).report.veto!.reason).toMatch(/^\ufffd+$/);
      expect(of(32n).report.veto!.reason).toBe(reason);
      const { uri } = of(33n).checks.find(({ id }) => id === "file")!.values;
      expect(uri).toBe("javascript:alert(1)\\u{202e}\\u{7}");
    }));
});
