import { getAddress, Interface, type JsonRpcProvider, toBeHex, toQuantity, zeroPadValue } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PROXY_SLOTS, readDisclosureFacts, type TimelockClient } from "../../src/chain/index.js";
import type { SealpatchError } from "../../src/errors.js";
import type { DisclosureFacts } from "../../src/patch/index.js";
import { installedNow, installedThen } from "../../src/patch/installed.js";
import { type IncidentBehindNode, incidentBehindNode } from "./incident-behind-node.js";
import type { Answerer, Question, Reply } from "./odd-node.js";
import type { ReplayedIncident } from "./replayed-incident.js";

const ADMIN = new Interface([
  "function upgradeAndCall(address proxy, address implementation, bytes data) payable",
]);

let incident: ReplayedIncident;
/** With a node in front of the chain. */
let odd: IncidentBehindNode;
let viaNode: TimelockClient;
let behind: JsonRpcProvider;

beforeAll(async () => {
  odd = await incidentBehindNode();
  ({ incident, viaNode, behind } = odd);
});

afterAll(() => odd?.stop());

afterEach(() => {
  odd.answer = () => undefined;
});

/** The outcome of a check, and what it says where it was not made. */
function outcome(check: () => string): string {
  try {
    check();
    return "holds";
  } catch (error) {
    const { code, message } = error as SealpatchError;
    return code === "patch/not-checked" ? `not checked: ${message}` : code;
  }
}

/** What the two checks of the proxy say: after the execution, and now. */
const looks = ({ executed, installed }: DisclosureFacts): string[] => [
  outcome(() => installedThen(executed.implementation, installed)),
  outcome(() => installedNow(executed.implementation, installed)),
];

const setSlot = (implementation: string): Promise<unknown> =>
  incident.provider.send("anvil_setStorageAt", [
    incident.proxy,
    PROXY_SLOTS.implementation,
    zeroPadValue(implementation, 32),
  ]);

const call = (name: string, ...values: readonly unknown[]) => {
  const { address, interface: abi } = incident.timelock;
  return { target: address, data: abi.encodeFunctionData(name, values) };
};

describe("P04: an execution", () => {
  const execute = () => viaNode.as(executor).parts.execute(incident.execution);
  let executor: Awaited<ReturnType<JsonRpcProvider["getSigner"]>>;

  beforeAll(async () => {
    executor = await behind.getSigner(incident.executor.address);
  });

  const slotIs = (reply: Reply) => {
    odd.answer = ({ method }) => (method === "eth_getStorageAt" ? reply : undefined);
  };

  it("is compared with the slot of its proxy", () =>
    incident.onSnapshot(async () => {
      const { hash } = await execute();
      expect(await behind.getTransactionReceipt(hash)).toMatchObject({ status: 1 });
    }));

  it("is refused where the slot holds something else", () =>
    incident.onSnapshot(async () => {
      slotIs({ result: zeroPadValue(incident.current, 32) });
      await expect(execute()).rejects.toMatchObject({
        code: "chain/not-installed",
        details: { running: getAddress(incident.current), executed: incident.patch },
      });
    }));

  it("is not taken for one that holds where the node does not show the slot", () =>
    incident.onSnapshot(async () => {
      slotIs({ error: { code: -32000, message: "missing trie node" } });
      await expect(execute()).rejects.toMatchObject({
        code: "chain/not-checked",
        details: { cause: "chain/rejected", transaction: expect.stringMatching(/^0x/) },
      });
    }));

  it("that would revert is not sent", () =>
    incident.onSnapshot(async () => {
      const asked = odd.node.asked.length;
      const wrong = { ...incident.execution, opening: { ...incident.execution.opening, codeDigest: 1n } };
      await expect(viaNode.as(executor).parts.execute(wrong)).rejects.toMatchObject({
        code: "chain/reverted",
        details: { error: "FastTrackBindProofRejected" },
      });
      const methods = odd.node.asked.slice(asked).map(({ method }) => method);
      expect(methods).toContain("eth_estimateGas");
      expect(methods.filter((method) => method.startsWith("eth_send"))).toEqual([]);
    }));
});

describe("the facts of a disclosure", () => {
  const facts = (fromBlock = 0, timelock = viaNode): Promise<DisclosureFacts> =>
    readDisclosureFacts(timelock, { commitment: incident.execution.commitment, fromBlock });
  let snapshot: string;
  let block: number;

  const disclose = () => incident.timelock.as(incident.council).parts.disclose(incident.disclosure);

  beforeEach(async () => {
    snapshot = await incident.provider.send("evm_snapshot", []);
    const mined = await incident.timelock.as(incident.executor).parts.execute(incident.execution);
    block = mined.receipt.blockNumber;
  });

  afterEach(() => incident.provider.send("evm_revert", [snapshot]));

  it("are those of the time of the execution", async () => {
    await disclose();
    const read = await facts();
    expect(read).toMatchObject({
      replaced: { implementation: getAddress(incident.current) },
      executed: { implementation: incident.patch },
      migrationCaller: incident.admin,
      installed: { afterExecution: incident.patch, now: incident.patch, inExecution: [incident.patch] },
      disclosed: { bundleHashes: [incident.disclosure.bundleHash] },
    });
    expect(looks(read)).toEqual(["holds", "holds"]);
  });

  it("P04: say that the slot was set back, before the disclosure or after it", async () => {
    await incident.onSnapshot(async () => {
      await setSlot(incident.current);
      await disclose();
      expect(looks(await facts())).toEqual(["patch/check-fails", "patch/check-fails"]);
    });
    await disclose();
    await setSlot(incident.current);
    expect(looks(await facts())).toEqual(["holds", "patch/check-fails"]);
  });

  it("stay what they are whatever governance does later", async () => {
    await disclose();
    const before = await facts();
    const { proxy, timelock, setPolicy, govern, admin } = incident;
    await govern(
      setPolicy({ threshold: 1, auditorRoot: 5n }),
      timelock.setBaselineCall(proxy, { implementation: incident.current, layoutRoot: 3n, currentCode: 4n }),
    );
    expect(await facts()).toEqual(before);
    await govern(call("removePolicy", proxy));
    expect(await facts()).toEqual(before);
    const data = ADMIN.encodeFunctionData("upgradeAndCall", [proxy, incident.current, "0x"]);
    await govern({ target: admin, data });
    const after = await facts();
    expect(after).toEqual({
      ...before,
      installed: {
        ...before.installed,
        now: getAddress(incident.current),
        afterwards: [getAddress(incident.current)],
      },
    });
    expect(looks(after)).toEqual(["holds", "holds"]);
  });

  it("are read from a node that has no state of that block, and say so", async () => {
    await disclose();
    const whole = await facts();
    const old = (question: Question) =>
      ["eth_getStorageAt", "eth_getCode"].includes(question.method) &&
      question.params.at(-1) === toQuantity(block);
    const replies: Reply[] = [
      { error: { code: -32000, message: "missing trie node 5f3b (path ) <nil>" } },
      { error: { code: -32603, message: "historical state is not available" } },
      { error: { code: -32601, message: "method not found" } },
    ];
    const missing = { ...whole, installed: { ...whole.installed, afterExecution: null } };
    for (const reply of replies) {
      odd.answer = (question) => (old(question) ? reply : undefined);
      const read = await facts();
      expect(read).toEqual(missing);
      expect(looks(read)).toEqual([expect.stringMatching(/^not checked: needs a node with state/), "holds"]);
    }
    // And some answer with nothing where they have nothing.
    odd.answer = ({ method, ...rest }) =>
      old({ method, ...rest }) ? { result: method === "eth_getCode" ? "0x" : toBeHex(0, 32) } : undefined;
    expect(await facts()).toEqual(missing);
  });

  it("do not take a node that cannot be asked for one without state", async () => {
    await disclose();
    odd.answer = ({ method }) => (method === "eth_getStorageAt" ? { text: "down", status: 500 } : undefined);
    await expect(facts()).rejects.toMatchObject({ code: "chain/unreachable" });
  });

  it("take a later upgrade in the same block for no contradiction", async () => {
    await incident.provider.send("evm_revert", [snapshot]);
    snapshot = await incident.provider.send("evm_snapshot", []);
    const { provider, timelock, executor, proxy, admin, current } = incident;
    const data = ADMIN.encodeFunctionData("upgradeAndCall", [proxy, current, "0x"]);
    const operation = await incident.ready({ target: admin, data });
    await provider.send("evm_setAutomine", [false]);
    try {
      const executed = timelock.as(executor).parts.execute(incident.execution);
      const told = executed.catch((error: SealpatchError) => error.code);
      await untilPending(1);
      const upgraded = timelock.as(executor).executeSlowPath(operation);
      await untilPending(2);
      await provider.send("evm_mine", []);
      await upgraded;
      expect(await told).toBe("chain/not-checked");
    } finally {
      await provider.send("evm_setAutomine", [true]);
    }
    await disclose();
    const read = await facts();
    expect(read.installed).toMatchObject({
      afterExecution: getAddress(current),
      inExecution: [incident.patch],
      laterInBlock: [getAddress(current)],
    });
    expect(looks(read)).toEqual([expect.stringMatching(/^not checked: a later upgrade/), "holds"]);
  });

  async function untilPending(count: number): Promise<void> {
    for (;;) {
      const { pending } = await incident.provider.send("txpool_status", []);
      if (Number(pending) >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("are read from nodes that limit ranges or results, in whatever words", async () => {
    await disclose();
    const whole = await facts();
    const refusals: Reply[] = [
      { error: { code: -32600, message: "eth_getLogs is limited to a 1000 blocks range" } },
      { error: { code: -32005, message: "query returned more than 10000 results" } },
      { error: { code: -32602, message: "Log response size exceeded" }, status: 400 },
      { text: "Block range is too large", status: 413 },
    ];
    for (const refusal of refusals) {
      odd.answer = ({ method, params }) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string };
        return method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= 4 ? refusal : undefined;
      };
      expect(await facts()).toEqual(whole);
    }
  });

  it("begin where the timelock was deployed, if that is given", async () => {
    await disclose();
    const first = await incident.timelock.provider.getLogs({
      address: incident.timelock.address,
      fromBlock: 0,
    });
    const deployed = first[0]!.blockNumber;
    const before = odd.node.asked.length;
    await facts(deployed);
    const ranges = odd.node.asked.slice(before).filter(({ method }) => method === "eth_getLogs");
    expect(ranges.length).toBeGreaterThan(3);
    for (const { params } of ranges)
      expect(Number((params[0] as { fromBlock: string }).fromBlock)).toBeGreaterThanOrEqual(deployed);
  });

  it("are refused where the node leaves out a log", async () => {
    await disclose();
    const { interface: abi } = incident.timelock;
    /** A node that has no log of this event. */
    const without =
      (name: string): Answerer =>
      async ({ method }, pass) => {
        if (method !== "eth_getLogs") return undefined;
        const { result } = (await pass()) as { result: { topics: string[] }[] };
        return { result: result.filter(({ topics }) => topics[0] !== abi.getEvent(name)!.topicHash) };
      };
    odd.answer = without("BaselineSet");
    await expect(facts()).rejects.toMatchObject({
      code: "chain/missing-logs",
      details: { nonce: 2n, reached: 1n },
    });
    for (const name of ["PolicySet", "CallExecuted", "StatementScheduled", "StatementExecuted"]) {
      odd.answer = without(name);
      await expect(facts(), name).rejects.toMatchObject({ code: "chain/no-event", details: { event: name } });
    }
  });

  it("are no revert where the node has no such method, or does not take the call", async () => {
    odd.answer = ({ method }) =>
      method === "eth_call" ? { error: { code: -32601, message: "Method not found" } } : undefined;
    await expect(viaNode.state(1n)).rejects.toMatchObject({ code: "chain/unsupported-method" });
    odd.answer = ({ method }) =>
      method === "eth_call" ? { error: { code: -32000, message: "node is syncing" } } : undefined;
    await expect(viaNode.state(1n)).rejects.toMatchObject({ code: "chain/rejected" });
  });
});
