import { describe, expect, it } from "vitest";
import type { Answers } from "../../src/portal/node.js";
import { blockQuestion, codeQuestion, logsQuestion, type Question } from "../../src/portal/questions.js";
import { TwoNodes } from "../../src/portal/two-nodes.js";

const WORD = `0x${"11".repeat(32)}`;
const ACCOUNT = `0x${"22".repeat(20)}`;

/** What answers with JSON by the method, or by a block's number. */
class Told implements Answers {
  readonly hosts: readonly string[];
  readonly #answers: Readonly<Record<string, unknown>>;
  constructor(host: string, answers: Readonly<Record<string, unknown>>) {
    this.hosts = [host];
    this.#answers = answers;
  }
  async ask<T>({ method, params, read }: Question<T>): Promise<T> {
    const answer = this.#answers[method] ?? this.#answers[String(params[0])];
    if (answer === undefined) throw new Error(`${this.hosts[0]} is dead`);
    return read(answer);
  }
}

const both = (first: Record<string, unknown>, second: Record<string, unknown>) =>
  new TwoNodes(new Told("a.example", first), new Told("b.example", second));
const block = (number: number, timestamp: number, hash = WORD) => ({
  ...{ number: `0x${number.toString(16)}`, hash, timestamp: `0x${timestamp.toString(16)}` },
});
const log = {
  ...{ address: ACCOUNT, topics: [WORD], data: "0x", blockNumber: "0x1", blockHash: WORD },
  ...{ transactionHash: WORD, logIndex: "0x0" },
};

describe("two nodes", () => {
  it("are believed where they say the same, whatever else they add to it", async () => {
    const nodes = both({ eth_getLogs: [{ ...log, blockTimestamp: "0x1" }] }, { eth_getLogs: [log] });
    const query = { address: ACCOUNT, topics: [], fromBlock: 0, toBlock: 1 };
    expect(await nodes.ask(logsQuestion(query))).toHaveLength(1);
    expect(nodes.hosts).toEqual(["a.example", "b.example"]);
  });

  it("are believed neither where they differ, and both answers are shown around the difference", async () => {
    const code = `0x${"ab".repeat(5000)}`;
    const other = `${code.slice(0, 5001)}c${code.slice(5002)}`;
    const nodes = both({ eth_getCode: code }, { eth_getCode: other });
    const error = await nodes.ask(codeQuestion(ACCOUNT, 1)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "chain/nodes-disagree",
      details: { node: "a.example, b.example", asked: "eth_getCode" },
    });
    const { first, second } = (error as { details: Record<string, string> }).details;
    expect(first).not.toBe(second);
    for (const part of [first!, second!]) expect(part.length).toBeLessThan(60);
    const query = { address: ACCOUNT, topics: [], fromBlock: 0, toBlock: 1 };
    for (const logs of [[], [{ ...log, data: "0x01" }], [{ ...log, blockHash: `0x${"12".repeat(32)}` }]])
      await expect(
        both({ eth_getLogs: [log] }, { eth_getLogs: logs }).ask(logsQuestion(query)),
      ).rejects.toMatchObject({ code: "chain/nodes-disagree" });
    await expect(
      both({ latest: block(1, 1) }, { latest: null }).ask(blockQuestion("latest")),
    ).rejects.toMatchObject({ code: "chain/nodes-disagree" });
  });

  it("are of no use where one of them does not answer", async () => {
    await expect(both({ eth_getCode: "0x" }, {}).ask(codeQuestion(ACCOUNT, 1))).rejects.toThrow("b.example");
  });

  it("have the newest block that both have, unless one is kept behind", async () => {
    const [older, newer] = [block(9, 1000), block(10, 1012)];
    const nodes = both({ latest: older, "0x9": older }, { latest: newer, "0x9": older });
    expect(await nodes.ask(blockQuestion("latest"))).toMatchObject({ number: 9 });
    const fork = both(
      { latest: older, "0x9": older },
      { latest: newer, "0x9": { ...older, timestamp: "0x1" } },
    );
    await expect(fork.ask(blockQuestion("latest"))).rejects.toMatchObject({ code: "chain/nodes-disagree" });
    const behind = both({ latest: older, "0x9": older }, { latest: block(10, 1121), "0x9": older });
    await expect(behind.ask(blockQuestion("latest"))).rejects.toMatchObject({
      code: "chain/nodes-disagree",
      details: { first: "9", second: "10" },
    });
  });
});
