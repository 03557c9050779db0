import { Contract, toBeHex } from "ethers";
import { describe, expect, it } from "vitest";
import type { PortalData } from "../../src/portal/model.js";
import { type Answerer, type OddNode, type Question, startOddNode } from "../chain/odd-node.js";
import { fromDisk, type OpenedPage } from "./browser.js";
import { checks, problem, ready, sentence, statements, textOf } from "./page.js";
import { scheduledInBrowser } from "./scheduled.js";

// Nodes that lie, and pages and chains that were changed: each lie is named by the page.

const on = scheduledInBrowser();
const pages: string[] = [];
const nodes: string[] = [];

/** Opens a page that asks these nodes, at the chain's time. */
async function openedFor(
  urls: readonly string[],
  change?: (data: PortalData) => PortalData,
): Promise<OpenedPage> {
  const file = fromDisk(await on.stage.page(urls, change));
  pages.push(file);
  nodes.push(...urls);
  const now = await on.stage.incident.timelock.now();
  const opened = await on.browser.open(file, {
    before: (page) => page.clock.setFixedTime(new Date(Number(now) * 1000)),
  });
  await ready(opened.page);
  return opened;
}

/** A node that answers as the real one, but for what it changes. */
async function lying(reply: Answerer, look: (opened: OpenedPage, node: OddNode) => Promise<void>) {
  const node = await startOddNode(reply, { behind: on.stage.incident.anvil.url });
  try {
    const opened = await openedFor([node.url]);
    await look(opened, node);
    await opened.page.context().close();
  } finally {
    await node.stop();
  }
}

/** Changes the text of each result of a method. */
const changing =
  (is: (question: Question) => boolean, change: (json: string) => string): Answerer =>
  async (question, pass) => {
    if (!is(question)) return undefined;
    const reply = await pass();
    return JSON.parse(change(JSON.stringify(reply)));
  };
const method =
  (...names: readonly string[]) =>
  (question: Question) =>
    names.includes(question.method);
const word = (value: bigint | string) => toBeHex(value, 32).slice(2);
const proof = () => on.stage.incident.recorded.attest.proof;
const signals = () => on.stage.incident.recorded.attest.signals;
const TRANSACTION = [
  "eth_getTransactionByHash",
  "eth_getBlockByNumber",
  "eth_getTransactionByBlockHashAndIndex",
];

describe("a node that lies", () => {
  it("about nothing is believed", async () => {
    await lying(
      () => undefined,
      async ({ page }, { asked }) => {
        expect(asked.length).toBeGreaterThan(3);
        expect(await problem(page)).toBeUndefined();
        expect(await checks(page)).toMatchObject({
          checkProof: "outcomeHolds",
          checkSignals: "outcomeHolds",
          checkVerifier: "outcomeHolds",
        });
      },
    );
  });

  it("about its chain is not believed in anything", async () => {
    await lying(
      changing(method("eth_chainId"), () => '{"result":"0x1"}'),
      async ({ page }) => {
        expect((await problem(page))?.name).toBe("problemOtherChain");
        expect(await statements(page).count()).toBe(0);
      },
    );
  });

  it("about the timelock's code is not believed in anything", async () => {
    const { address } = on.stage.incident.timelock;
    const isCode = ({ method, params }: Question) =>
      method === "eth_getCode" && String(params[0]).toLowerCase() === address.toLowerCase();
    await lying(
      changing(isCode, () => '{"result":"0x"}'),
      async ({ page }) => {
        expect((await problem(page))?.name).toBe("problemNoTimelock");
        expect(await statements(page).count()).toBe(0);
      },
    );
  });

  it("about the proof has it fail", async () => {
    // Another point of the curve, so that only the pairing is wrong.
    const change = (json: string) =>
      json.replaceAll(word(proof().a[0]) + word(proof().a[1]), word(1n) + word(2n));
    await lying(changing(method(...TRANSACTION), change), async ({ page }) => {
      expect((await checks(page)).checkProof).toBe("outcomeFails");
      const text = await textOf(page);
      expect(text).toMatch(sentence("wordsFalse"));
      expect(text).not.toMatch(sentence("wordsProven"));
    });
  });

  it("about the transaction, which then holds no proof of the statement, has nothing verified", async () => {
    const change = (json: string) => json.replaceAll(word(proof().a[0]), "");
    await lying(changing(method(...TRANSACTION), change), async ({ page }) => {
      expect((await checks(page)).checkProof).not.toBe("outcomeHolds");
      expect(await textOf(page)).not.toMatch(sentence("wordsProven"));
    });
  });

  it("about a signal has proof or signals fail", async () => {
    // The root of the targets, of which the event tells.
    const targets = word(signals()[6]!);
    const change = (json: string) => json.replaceAll(targets, word(BigInt(signals()[6]!) ^ 1n));
    let changed = 0;
    const reply: Answerer = async (question, pass) => {
      const answer = await pass();
      const json = JSON.stringify(answer);
      if (question.method.startsWith("eth_getTransaction") || !json.includes(targets)) return answer;
      changed += 1;
      return JSON.parse(change(json));
    };
    await lying(reply, async ({ page }) => {
      expect(changed).toBeGreaterThan(0);
      const { checkProof, checkSignals } = await checks(page);
      expect([checkProof, checkSignals]).toContain("outcomeFails");
      expect(await textOf(page)).not.toMatch(sentence("wordsProven"));
    });
  });

  it("about the verifier's code has the verifier fail", async () => {
    const { address, interface: abi } = on.stage.incident.timelock;
    const verifier = await new Contract(address, abi, on.stage.incident.provider).getFunction("verifier")();
    const isCode = ({ method, params }: Question) =>
      method === "eth_getCode" && String(params[0]).toLowerCase() === String(verifier).toLowerCase();
    await lying(
      changing(isCode, (json) => json.replace(`"0x`, `"0xfe`)),
      async ({ page }) => {
        expect((await checks(page, "#lane")).checkVerifier).toBe("outcomeFails");
      },
    );
  });

  it("about the time shows a clock that is apart from the reader's", async () => {
    const later = (json: string) =>
      json.replaceAll(
        /"timestamp":"(0x[0-9a-f]+)"/g,
        (_, time) => `"timestamp":"0x${(Number(time) + 36_000).toString(16)}"`,
      );
    await lying(
      changing((question) => question.method.startsWith("eth_getBlockBy"), later),
      async ({ page }) => {
        expect(await textOf(page)).toMatch(sentence("clockApart"));
      },
    );
  });
});

describe("two nodes", () => {
  it("that agree are both named", async () => {
    const second = await startOddNode(() => undefined, { behind: on.stage.incident.anvil.url });
    try {
      const { page } = await openedFor([on.stage.incident.anvil.url, second.url]);
      expect(await problem(page)).toBeUndefined();
      expect(second.asked.length).toBeGreaterThan(3);
      expect(await textOf(page)).toMatch(sentence("twoNodes"));
    } finally {
      await second.stop();
    }
  });

  it("that differ in one bit are told with both answers, and neither is shown", async () => {
    const flip = (json: string) =>
      json.replace(/([0-9a-f])"\}?$/, (_, digit) => `${(Number.parseInt(digit, 16) ^ 1).toString(16)}"}`);
    const second = await startOddNode(changing(method("eth_call"), flip), {
      behind: on.stage.incident.anvil.url,
    });
    try {
      const { page } = await openedFor([on.stage.incident.anvil.url, second.url]);
      const shown = await problem(page);
      expect(shown?.name).toBe("problemDisagree");
      for (const url of [on.stage.incident.anvil.url, second.url])
        expect(shown?.text).toContain(new URL(url).host);
      expect(await statements(page).count()).toBe(0);
    } finally {
      await second.stop();
    }
  });
});

describe("what was changed", () => {
  it("in the page, another key, has proof and setup hash fail", async () => {
    const change = (data: PortalData): PortalData => {
      const { attest } = data.key;
      const swapped = { ...attest, vk_alpha_1: attest.IC[0]! } as typeof attest;
      return { ...data, key: { ...data.key, setupHash: `0x${"12".repeat(32)}`, attest: swapped } };
    };
    const { page } = await openedFor([on.stage.incident.anvil.url], change);
    expect(await checks(page)).toMatchObject({ checkProof: "outcomeFails" });
    expect(await checks(page, "#lane")).toMatchObject({ checkSetup: "outcomeFails" });
    expect(await textOf(page)).not.toMatch(sentence("wordsProven"));
  });

  it("by governance, another verifier, is told, and that the statement is of an older one", async () => {
    await on.stage.incident.onSnapshot(async () => {
      const { timelock, provider } = on.stage.incident;
      const signer = await provider.getSigner(16);
      const accepting = "0x6019600a5f3960195ff33660a414600f5760015f5260205ff35b6084355f5260205ff3";
      const made = (await (await signer.sendTransaction({ data: accepting })).wait())!.contractAddress!;
      const data = timelock.interface.encodeFunctionData("setVerifier", [made]);
      await on.stage.incident.govern({ target: timelock.address, data });
      const { page } = await openedFor([on.stage.incident.anvil.url]);
      expect((await checks(page, "#lane")).checkVerifier).toBe("outcomeFails");
      expect((await checks(page)).checkVerifier).not.toBe("outcomeHolds");
      expect(await page.locator("article").textContent()).toContain("scheduledUnder");
      // The statement's own proof still holds, by the key of the page.
      expect((await checks(page)).checkProof).toBe("outcomeHolds");
    });
  });
});

it("no request of these tests left for anything but the files and their nodes", () => {
  expect(on.browser.requested.length).toBeGreaterThan(20);
  expect(on.browser.strangers(pages, nodes)).toEqual([]);
});
