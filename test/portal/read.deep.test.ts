import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { getAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundryBinary } from "../../src/foundry.js";
import type { PageState, PageStatement, PortalChain, PortalData } from "../../src/portal/model.js";
import { pageProblem } from "../../src/portal/problem.js";
import { readPage } from "../../src/portal/read.js";
import { type Answerer, type OddNode, startOddNode } from "../chain/odd-node.js";
import { type ReplayedIncident, replayIncident } from "../chain/replayed-incident.js";
import { pageData } from "./page-data.js";

let incident: ReplayedIncident;
let chain: PortalChain;
let data: PortalData;
let node: OddNode;
let answer: Answerer = () => undefined;
beforeAll(async () => {
  incident = await replayIncident();
  ({ chain, data } = await pageData(incident.timelock));
  node = await startOddNode((question, pass) => answer(question, pass), { behind: incident.anvil.url });
}, 120_000);
afterAll(async () => {
  await node.stop();
  await incident.stop();
});

const abi = () => incident.timelock.interface.fragments;
const read = (of: Partial<PortalData["key"]> = {}, nodes = [node.url]): Promise<PageState> =>
  readPage(chain, { ...data, key: { ...data.key, ...of } }, nodes, abi());
const checked = ({ checks }: Pick<PageStatement, "checks">, id: string) =>
  checks.find((check) => check.id === id)!;
const outcomes = ({ checks }: Pick<PageStatement, "checks">) =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));
/** Reads with a node that answers oddly. */
async function problemWith(odd: Answerer, nodes = [node.url]) {
  answer = odd;
  try {
    return await read({}, nodes).then(
      () => undefined,
      (error: unknown) =>
        pageProblem(
          error,
          nodes.map((url) => new URL(url).host),
        ),
    );
  } finally {
    answer = () => undefined;
  }
}
async function withAnswers<T>(odd: Answerer, work: () => Promise<T>): Promise<T> {
  answer = odd;
  try {
    return await work();
  } finally {
    answer = () => undefined;
  }
}
/** What the node behind answers, with a change in its result. */
const changed =
  (method: string, change: (result: never) => unknown): Answerer =>
  async (question, pass) => {
    if (question.method !== method) return undefined;
    const reply = (await pass()) as { result: never };
    return { result: change(reply.result) };
  };

describe("a page of the incident", () => {
  it("verifies the proof of the scheduled statement, and what the node tells of it", async () => {
    const page = await read();
    const [statement] = page.statements;
    expect(statement!.report.state).toBe("scheduled");
    expect(outcomes(statement!)).toEqual({
      ...{ proof: "holds", signals: "holds", verifier: "holds", baseline: "holds" },
    });
    expect(checked(statement!, "proof").basis).toBe("here");
    expect(checked(statement!, "signals").basis).toBe("nodes");
    expect(outcomes(page)).toEqual({
      ...{
        verifier: "holds",
        "setup-hash": "holds",
        "key-class": "fails",
        roles: "holds",
        baseline: "holds",
      },
    });
    expect(page.nodes).toEqual([new URL(node.url).host]);
    const place = `--rpc NODE --timelock ${chain.timelock}`;
    for (const { command } of statement!.checks)
      expect(command).toBe(`npx sealpatch@0.1.0 verify ${statement!.report.id} ${place} --from-block 0`);
    expect(page.checks.map(({ command }) => command)).toEqual([
      ...[`doctor ${place}`, `doctor ${place}`, `doctor ${place}`, `status ${place} --from-block 0`].map(
        (command) => `npx sealpatch@0.1.0 ${command}`,
      ),
      `cast implementation ${incident.proxy} --rpc-url NODE`,
    ]);
    const production = await read({ keyClass: "production" });
    expect(outcomes(production)["key-class"]).toBe("holds");
    expect(checked(production, "verifier").command).toBe(
      `npx sealpatch@0.1.0 doctor ${place} --keys ${data.key.setupHash.slice(0, 10)}`,
    );
  });

  it("shows the patch that was executed and what was disclosed of it", () =>
    incident.onSnapshot(async () => {
      const { timelock, executor, council, execution, disclosure, patch } = incident;
      await timelock.as(executor).parts.execute(execution);
      const executed = (await read()).statements[0]!;
      expect(outcomes(executed)).toMatchObject({ proof: "holds", code: "holds", commitment: "not checked" });
      expect(checked(executed, "code").values.running).toBe(patch);
      await timelock.as(council).parts.disclose(disclosure);
      const disclosed = (await read()).statements[0]!;
      expect(outcomes(disclosed)).toMatchObject({ code: "holds", commitment: "holds", file: "not checked" });
      expect(checked(disclosed, "commitment").basis).toBe("here");
      expect(checked(disclosed, "file").values).toEqual({
        ...{ bundleHash: disclosure.bundleHash, uri: "file:disclosure.json" },
      });
    }));

  it("does not believe a key, verifier or setup that is not the page's", async () => {
    const [x, ...rest] = data.key.attest.IC;
    const other = { ...data.key.attest, IC: [rest[0]!, x!, ...rest.slice(1)] };
    expect(outcomes((await read({ attest: other })).statements[0]!).proof).toBe("fails");
    expect(outcomes(await read({ setupHash: `0x${"12".repeat(32)}` }))["setup-hash"]).toBe("fails");
    for (const name of ["PatchVerifier", "AttestVerifier", "BindVerifier"]) {
      const { [name]: _, ...others } = data.key.codehashes;
      expect(outcomes(await read({ codehashes: others })).verifier, name).toBe("not checked");
      const wrong = { ...others, [name]: `0x${"12".repeat(32)}` };
      expect(outcomes(await read({ codehashes: wrong })).verifier, name).toBe("fails");
    }
    const codehashes = { ...data.key.codehashes, FastTrackTimelock: `0x${"12".repeat(32)}` };
    await expect(read({ codehashes })).rejects.toMatchObject({ code: "chain/no-contract" });
  });

  it("sees a proxy that no longer runs what the statement is for", async () => {
    const page = await withAnswers(
      changed("eth_getStorageAt", () => `0x${"00".repeat(12)}${"71".repeat(20)}`),
      () => read(),
    );
    expect(outcomes(page.statements[0]!).baseline).toBe("fails");
    // The timelock cannot see it: it says that the lane is open.
    expect(page.lane.proxies.map(({ status }) => status)).toEqual(["open"]);
    expect(outcomes(page).baseline).toBe("fails");
  });

  it("names the command that reads the same of a proxy", async () => {
    const { command, values } = checked(await read(), "baseline");
    const [program, ...words] = command.replace("NODE", incident.anvil.url).split(" ");
    expect(program).toBe("cast");
    const { stdout } = await promisify(execFile)(foundryBinary("cast"), words);
    expect(getAddress(stdout.trim())).toBe(values.running);
  });

  it("sees a signal, a target or a proof that a node changed", async () => {
    const { topicHash } = incident.timelock.interface.getEvent("StatementScheduled")!;
    // Each word of the event's data: nonce, validUntil, eta, deadline, group, leaf and seven signals, in whatever order.
    const { data: text } = (
      await incident.provider.getLogs({ address: chain.timelock, topics: [topicHash], fromBlock: 0 })
    )[0]!;
    let found = 0;
    for (let word = 0; word < (text.length - 2) / 64; word++) {
      const at = 2 + 64 * word + 63;
      const bit = text[at] === "0" ? "1" : "0";
      const odd = changed("eth_getLogs", (logs: { topics: string[]; data: string }[]) =>
        logs.map((log) =>
          log.topics[0] === topicHash
            ? { ...log, data: `${log.data.slice(0, at)}${bit}${log.data.slice(at + 1)}` }
            : log,
        ),
      );
      const page = await withAnswers(odd, () => read()).catch(() => undefined);
      const { proof, signals } = page === undefined ? {} : outcomes(page.statements[0]!);
      if (proof === "fails" || signals === "fails" || page === undefined) found++;
    }
    // Times of the window are the timelock's own: the statement does not have them.
    expect(found).toBe((text.length - 2) / 64 - 2);
    const proof = incident.recorded.attest.proof.a[0];
    const hex = BigInt(proof).toString(16).padStart(64, "0");
    const other = (BigInt(proof) + 1n).toString(16).padStart(64, "0");
    const page = await withAnswers(
      changed("eth_getTransactionByHash", (sent: { input: string }) => ({
        ...{ ...sent, input: sent.input.replace(hex, other) },
      })),
      () => read(),
    );
    expect(outcomes(page.statements[0]!).proof).toBe("fails");
  });

  it("says of a statement that it was scheduled under another verifier than is asked now", () =>
    incident.onSnapshot(async () => {
      const { timelock, provider, govern } = incident;
      const verifier = await new (await import("ethers")).Contract(
        timelock.address,
        timelock.interface,
        provider,
      ).getFunction("verifier")();
      const code = await provider.getCode(verifier);
      const copy = `0x${"77".repeat(20)}`;
      await provider.send("anvil_setCode", [copy, code]);
      const encoded = timelock.interface.encodeFunctionData("setVerifier", [copy]);
      await govern({ target: timelock.address, data: encoded });
      const page = await read();
      expect(page.statements[0]!.report.state).toBe("superseded");
      expect(checked(page.statements[0]!, "verifier")).toMatchObject({
        ...{ outcome: "not checked", values: { scheduledUnder: verifier, verifier: page.lane.verifier } },
      });
      expect(outcomes(page).verifier).toBe("holds");
    }));
});

describe("a page over an odd node", () => {
  it("names another chain, an account without code, and what is no JSON", async () => {
    const host = new URL(node.url).host;
    expect(await problemWith(changed("eth_chainId", () => "0x1"))).toMatchObject({
      ...{ code: "other-chain", node: host, values: { served: "1" } },
    });
    expect(await problemWith(changed("eth_getCode", () => "0x"))).toMatchObject({ code: "no-timelock" });
    expect(await problemWith(() => ({ text: "<html>busy</html>" }))).toMatchObject({
      ...{ code: "malformed-answer", node: host },
    });
    expect(await problemWith(() => ({ text: "<html>busy</html>", status: 503 }))).toMatchObject({
      ...{ code: "unreachable", node: host },
    });
  });

  it("names a node that dies at each of its questions", async () => {
    const before = node.asked.length;
    await read();
    const methods = [...new Set(node.asked.slice(before).map(({ method }) => method))];
    expect(methods.length).toBeGreaterThanOrEqual(7);
    for (const method of methods) {
      const dead: Answerer = (question) => (question.method === method ? "hang up" : undefined);
      expect(await problemWith(dead), method).toMatchObject({ code: "unreachable" });
      const other: Answerer = (question) => (question.method === method ? { result: { odd: 1 } } : undefined);
      expect(await problemWith(other), method).toMatchObject({ code: "malformed-answer" });
    }
  });

  it("reads from nodes that limit logs, each in its own words", async () => {
    await incident.onSnapshot(async () => {
      await incident.provider.send("anvil_mine", ["0xbb8"]);
      const whole = await read();
      const limits = [
        { code: -32005, message: "query returned more than 10000 results" },
        { code: -32602, message: "eth_getLogs is limited to a 1000 blocks range" },
        { code: -32000, message: "exceed maximum block range: 1000" },
      ];
      for (const error of limits) {
        const odd: Answerer = ({ method, params }) => {
          const { fromBlock, toBlock } = (params[0] ?? {}) as Record<string, string>;
          const isLong = method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= 1000;
          return isLong ? { error } : undefined;
        };
        const { lane, statements } = await withAnswers(odd, () => read());
        expect(lane).toEqual(whole.lane);
        expect(statements).toEqual(whole.statements);
      }
    });
  });

  it("takes nothing of a node that changes its mind about a block, and reads again after a reorganisation", async () => {
    let replaced = 1;
    const odd: Answerer = async ({ method, params }, pass) => {
      if (method !== "eth_getBlockByNumber" || params[0] === "latest" || replaced-- <= 0) return undefined;
      const { result } = (await pass()) as { result: object };
      return { result: { ...result, hash: `0x${"77".repeat(32)}` } };
    };
    expect((await withAnswers(odd, () => read())).statements).toHaveLength(1);
    replaced = Number.POSITIVE_INFINITY;
    expect(await problemWith(odd)).toMatchObject({ code: "moving-head" });
  });

  it("sees the lane as it is once a reorganisation took a statement back while it was read", async () => {
    const snapshot = await incident.provider.send("evm_snapshot", []);
    const { timelock, executor, execution } = incident;
    await timelock.as(executor).parts.execute(execution);
    let isTaken = false;
    const odd: Answerer = async ({ method }, pass) => {
      if (method !== "eth_getTransactionByHash" || isTaken) return undefined;
      isTaken = true;
      await incident.provider.send("evm_revert", [snapshot]);
      return pass();
    };
    const page = await withAnswers(odd, () => read());
    expect(isTaken).toBe(true);
    expect(page.statements[0]!.report.state).toBe("scheduled");
    expect(page.lane.block.number).toBe(await incident.provider.getBlockNumber());
  });

  it("believes neither of two nodes that differ in one bit", async () => {
    const two = [incident.anvil.url, node.url];
    const { statements, nodes } = await read({}, two);
    expect(outcomes(statements[0]!).proof).toBe("holds");
    expect(nodes).toEqual(two.map((url) => new URL(url).host));
    const text = changed("eth_getTransactionByHash", ({ input }: { input: string }) => input);
    const bit = changed("eth_getTransactionByHash", (sent: { input: string }) => ({
      ...{
        ...sent,
        input: `${sent.input.slice(0, -1)}${(Number(`0x${sent.input.at(-1)}`) ^ 1).toString(16)}`,
      },
    }));
    expect(await problemWith(text, two)).toMatchObject({ code: "malformed-answer" });
    expect(await problemWith(bit, two)).toMatchObject({
      code: "nodes-disagree",
      node: nodes.join(", "),
      values: { asked: "eth_getTransactionByHash data" },
    });
  });
});
