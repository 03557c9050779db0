import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Interface, id, toBeHex } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILD } from "../../src/places.js";
import type { SentenceName } from "../../src/portal/page/text.js";
import { temporaryFolder } from "../project/projects.js";
import { fromDisk, PageBrowser, type StaticServer, serve } from "./browser.js";
import { basis, checks, overflowing, problem, ready, sentence, textOf, violations } from "./page.js";
import { type PortalStage, portalStage } from "./stage.js";

// Every state of a statement and of the lane, with a real proof that a real Safe scheduled, reached by moving the chain's time.

const DAY = 86_400;
const DELAY = 4 * 3600;
const PICTURES = join(BUILD, "portal");
/** Where a gateway of IPFS has the file. */
const GATEWAY = "ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/portal.html";
const WIDTHS = [360, 768, 1280];
const ADMIN = new Interface(["function upgradeAndCall(address, address, bytes)"]);
/** EIP-1967. */
const IMPLEMENTATION = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);

let stage: PortalStage;
let browser: PageBrowser;
let file: string;
let server: StaticServer;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  stage = await portalStage(temporaryFolder());
  file = await stage.page([stage.incident.anvil.url]);
  server = await serve({ "portal.html": file, [GATEWAY]: file });
  browser = await PageBrowser.start();
}, 600_000);
afterAll(async () => {
  await browser?.stop();
  server?.close();
  await stage?.stop();
});

/** From disk, from a static host, and from IPFS. */
const urls = () => [fromDisk(file), ...["portal.html", GATEWAY].map((path) => `${server.url}/${path}`)];
const commitment = () => stage.incident.scheduling.commitment;
const executed = async () => {
  await stage.schedule();
  await stage.later(DELAY);
  const { timelock, executor, execution } = stage.incident;
  await timelock.as(executor).parts.execute(execution);
};
/** Governance upgrades the proxy on the slow path, to the code that it runs already. */
const upgraded = () => {
  const { admin, proxy, current } = stage.incident;
  const data = ADMIN.encodeFunctionData("upgradeAndCall", [proxy, current, "0x"]);
  return stage.incident.govern({ target: admin, data });
};

interface State {
  readonly name: string;
  readonly reach: () => Promise<unknown>;
  /** Sentences that the page then has. */
  readonly says: readonly SentenceName[];
  /** Sentences of other states. */
  readonly silent: readonly SentenceName[];
}

const STATES: readonly State[] = [
  {
    name: "scheduled",
    reach: () => stage.schedule(),
    says: ["laneOpen", "scheduled", "executableIn", "windowEndsIn", "stopWho", "wordsProven", "wordsResults"],
    silent: ["windowOpen", "vetoed", "executed", "wordsFalse", "wordsClaimed", "timelineVetoed"],
  },
  {
    name: "window-open",
    reach: async () => {
      await stage.schedule();
      await stage.later(DELAY + 1);
    },
    says: ["windowOpen", "windowEndsIn", "stopWho"],
    silent: ["scheduled", "executableIn", "expired", "executed"],
  },
  {
    name: "vetoed",
    reach: async () => {
      await stage.schedule();
      await stage.guardian.veto({ commitment: commitment(), reason: "an auditor lost a key" });
    },
    says: ["vetoed", "stopEnded", "timelineVetoed"],
    silent: ["scheduled", "windowOpen", "stopSend"],
  },
  {
    name: "expired",
    reach: async () => {
      await stage.schedule();
      await stage.later(30 * DAY);
    },
    says: ["expired", "stopEnded"],
    silent: ["scheduled", "windowOpen"],
  },
  {
    name: "superseded",
    reach: async () => {
      await stage.schedule();
      await stage.incident.govern(stage.incident.setPolicy({ threshold: 1 }));
    },
    says: ["superseded", "timelinePolicySet", "stopEnded"],
    silent: ["scheduled", "windowOpen", "expired", "timelineExecutedOther"],
  },
  {
    name: "executed",
    reach: executed,
    says: ["executed", "lanePending", "afterExecuted", "afterCode"],
    silent: ["overdue", "disclosed", "windowOpen"],
  },
  {
    name: "overdue",
    reach: async () => {
      await executed();
      await stage.later(14 * DAY + 1);
    },
    says: ["overdue", "laneFrozen", "lanePast"],
    silent: ["executed", "lanePending", "laneOpen", "disclosed"],
  },
  {
    name: "disclosed",
    reach: async () => {
      await executed();
      await stage.council.parts.disclose(stage.incident.disclosure);
    },
    says: ["disclosed", "afterPublished", "afterHash", "afterPlace"],
    silent: ["executed", "overdue"],
  },
  {
    name: "halted",
    reach: async () => {
      await stage.schedule();
      await stage.guardian.halt("the compiler has a fault");
    },
    says: ["laneHalted", "haltedBy", "blockedLane", "timelineHalted"],
    silent: ["laneOpen"],
  },
  {
    name: "baseline-stale",
    reach: async () => {
      await stage.schedule();
      await upgraded();
    },
    says: ["laneStale", "blockedLane", "timelineUpgraded"],
    silent: ["laneOpen"],
  },
];

/** Opens the page at the chain's time. */
async function opened(theme: "light" | "dark", url = fromDisk(file)) {
  const now = await stage.incident.timelock.now();
  const it = await browser.open(url, {
    theme,
    before: (page) => page.clock.setFixedTime(new Date(Number(now) * 1000)),
  });
  await ready(it.page);
  return it;
}

describe("the page of a lane", () => {
  it.each(STATES)("says what there is: $name", async ({ name, reach, says, silent }) => {
    await stage.incident.onSnapshot(async () => {
      await reach();
      for (const theme of ["light", "dark"] as const) {
        const { page, errors } = await opened(theme);
        expect(await problem(page)).toBeUndefined();
        const text = await textOf(page);
        for (const said of says) expect(text, said).toMatch(sentence(said));
        for (const other of silent) expect(text, other).not.toMatch(sentence(other));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          expect(await overflowing(page), `${width} px`).toEqual([]);
          await page.screenshot({
            path: join(PICTURES, `${name}-${theme}-${width}.png`),
            fullPage: true,
          });
        }
        expect(await violations(page), theme).toEqual([]);
        expect(errors).toEqual([]);
        await page.context().close();
      }
    });
  });

  it("verifies the proof itself, out of the Safe's transaction", async () => {
    await stage.incident.onSnapshot(async () => {
      await stage.schedule();
      for (const url of urls()) {
        const { page } = await opened("light", url);
        expect(await checks(page)).toMatchObject({
          checkProof: "outcomeHolds",
          checkSignals: "outcomeHolds",
          checkVerifier: "outcomeHolds",
        });
        expect(await basis(page, "checkProof")).toBe("basisHere");
        expect(await basis(page, "checkVerifier")).toBe("basisNodes");
        await page.context().close();
      }
    });
  });

  it("says where a proxy runs what nobody registered", async () => {
    await stage.incident.onSnapshot(async () => {
      await stage.schedule();
      const { proxy, timelock, provider } = stage.incident;
      await provider.send("anvil_setStorageAt", [proxy, IMPLEMENTATION, toBeHex(timelock.address, 32)]);
      const { page } = await opened("light");
      expect((await checks(page)).checkBaseline).toBe("outcomeFails");
      expect((await checks(page, "#lane")).checkBaseline).toBe("outcomeFails");
      const text = await textOf(page);
      for (const said of ["laneOpenOther", "otherCode"] as const) expect(text, said).toMatch(sentence(said));
      expect(text).not.toMatch(sentence("laneOpen"));
    });
  });

  it("says that a development key proves nothing", async () => {
    const { page } = await opened("light");
    expect(await textOf(page)).toMatch(sentence("developmentKey"));
    expect(await textOf(page)).toMatch(sentence("noStatements"));
  });

  it("has a link that names chain and statement", async () => {
    await stage.incident.onSnapshot(async () => {
      await stage.schedule();
      const { page } = await opened("light");
      const link = await page.locator('a[href*="#31337/"]').first().getAttribute("href");
      const again = await opened("light", new URL(link!, fromDisk(file)).href);
      expect(await textOf(again.page)).not.toMatch(sentence("unknownStatement"));
      const other = await opened("light", `${fromDisk(file)}#31337/${toBeHex(7n, 32)}`);
      expect(await textOf(other.page)).toMatch(sentence("unknownStatement"));
      const chain = await opened("light", `${fromDisk(file)}#5/${toBeHex(7n, 32)}`);
      expect(await textOf(chain.page)).toMatch(sentence("unknownChain"));
    });
  });
});

it("no request of these tests left for anything but the file and its node", () => {
  expect(browser.requested.length).toBeGreaterThan(20);
  expect(browser.strangers(urls(), [stage.incident.anvil.url])).toEqual([]);
});
