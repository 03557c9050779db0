import { Interface } from "ethers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readScheduledFacts, type TimelockClient } from "../../src/chain/index.js";
import type { Check } from "../../src/checks.js";
import { type ScheduleMember, scheduleToJson } from "../../src/lane/index.js";
import { attestProofToJson, bindProofToJson } from "../../src/proof/index.js";
import { readVerifiable, verifyProofFile, verifyStatement } from "../../src/verify/index.js";
import { type IncidentBehindNode, incidentBehindNode } from "../chain/incident-behind-node.js";
import type { ReplayedIncident } from "../chain/replayed-incident.js";
import { attestProofOf, bindProofOf, targetsOf } from "../lane/replayed-lane.js";

let incident: ReplayedIncident;
let attest: ScheduleMember["attest"];
/** With a node in front of the chain. */
let odd: IncidentBehindNode;
let viaNode: TimelockClient;

beforeAll(async () => {
  odd = await incidentBehindNode();
  ({ incident, viaNode } = odd);
  attest = attestProofOf(incident.recorded);
});

afterAll(() => odd?.stop());

afterEach(() => {
  odd.answer = () => undefined;
});

type Log = { readonly topics: string[]; readonly data: string };

/** A log of the schedule with other signals; every other log as it is. */
function withSignals(log: Log, signals: readonly bigint[]): Log {
  const { interface: abi } = incident.timelock;
  const event = abi.getEvent("StatementScheduled")!;
  if (log.topics[0] !== event.topicHash) return log;
  const values = [...abi.decodeEventLog(event, log.data, log.topics)];
  values[4] = signals;
  return { ...log, ...abi.encodeEventLog(event, values) };
}

const commitment = () => incident.execution.commitment;
const open = (checks: readonly Check[]) =>
  checks.filter(({ outcome }) => outcome !== "holds").map(({ name, outcome }) => [name, outcome]);

describe("a scheduled statement", () => {
  const verify = () => verifyStatement(incident.timelock, { commitment: commitment() });

  it("holds: target, proof, policy of its block and verifier", async () => {
    const { facts, state, checks } = await verify();
    expect(open(checks)).toEqual([]);
    expect(state).toBe("scheduled");
    expect(facts).toMatchObject({ signals: attest.statement, executed: undefined });
    const names = checks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["the proof verifies", `policy in block ${facts.block}: auditors`]),
    );
    expect(names).toContain("verifier now: code of FastTrackTimelock");
  });

  it("is compared with the policy of its block, whatever governance does later", () =>
    incident.onSnapshot(async () => {
      await incident.govern(incident.setPolicy({ threshold: 1, auditorRoot: 5n }));
      const { state, checks } = await verify();
      expect(open(checks)).toEqual([]);
      expect(state).toBe("superseded");
    }));

  it("fails in the line of a signal that the policy of its block does not have", async () => {
    const other = { ...attest.statement, threshold: 7n, layoutRoot: 8n };
    odd.answer = async ({ method }, pass) => {
      const { result } = (await pass()) as { result: Log[] };
      if (method !== "eth_getLogs") return undefined;
      return { result: result.map((log) => withSignals(log, Object.values(other))) };
    };
    const { checks, facts } = await verifyStatement(viaNode, { commitment: commitment() });
    expect(open(checks)).toEqual([
      // The proof is of other signals then.
      ["the proof verifies", "fails"],
      [`policy in block ${facts.block}: threshold`, "fails"],
      [`policy in block ${facts.block}: storage layout`, "fails"],
    ]);
  });

  it("has its proof found wherever it stands in the calldata, and none where it does not", async () => {
    const { transaction } = await readScheduledFacts(incident.timelock, { commitment: commitment() });
    const { data } = (await incident.provider.getTransaction(transaction))!;
    const safe = new Interface(["function execTransaction(address,uint256,bytes,uint8)"]);
    const inside = safe.encodeFunctionData("execTransaction", [incident.timelock.address, 0n, data, 0]);
    for (const [sent, count] of [
      [inside, 1],
      [`${data}${inside.slice(2)}`, 2],
      [data.slice(0, 100), 0],
      ["0x", 0],
    ] as const) {
      odd.answer = async ({ method }, pass) => {
        if (method !== "eth_getTransactionByHash") return undefined;
        const { result } = (await pass()) as { result: object };
        return { result: { ...result, input: sent } };
      };
      const { proofs } = await readScheduledFacts(viaNode, { commitment: commitment() });
      expect(proofs).toHaveLength(count);
      const { checks } = await verifyStatement(viaNode, { commitment: commitment() });
      expect(open(checks)).toEqual(count > 0 ? [] : [["the proof verifies", "not checked"]]);
    }
  });
});

describe("a proof with its statement", () => {
  it("holds, with what the chain has of it", async () => {
    const { timelock } = incident;
    const file = { circuit: "attest", proven: attest } as const;
    expect(open(await verifyProofFile(file, { timelock }))).toEqual([]);
    const bind = { circuit: "bind", proven: bindProofOf(incident.recorded) } as const;
    const line = "the proof is of the code that was executed";
    expect(open(await verifyProofFile(bind, { timelock }))).toEqual([[line, "not checked"]]);
    await incident.onSnapshot(async () => {
      await timelock.as(incident.executor).parts.execute(incident.execution);
      expect(open(await verifyProofFile(bind, { timelock }))).toEqual([]);
      const { statement, proof } = bind.proven;
      const proven = { statement: { ...statement, point: statement.point + 1n }, proof };
      expect(open(await verifyProofFile({ circuit: "bind", proven }, { timelock }))).toEqual([
        ["the proof verifies", "fails"],
        [line, "fails"],
      ]);
    });
  });

  it("fails where a signal is another, and is not held against a chain that is not given", async () => {
    const proven = { ...attest, statement: { ...attest.statement, maxWaivers: 9n } };
    const { timelock } = incident;
    expect(open(await verifyProofFile({ circuit: "attest", proven }, { timelock }))).toEqual([
      ["the proof verifies", "fails"],
      ["the public signals are those that the contract computed", "fails"],
    ]);
    expect(open(await verifyProofFile({ circuit: "attest", proven: attest }))).toEqual([
      ["the statement is scheduled", "not checked"],
      ["the public signals are those that the contract computed", "not checked"],
    ]);
  });

  it("is found not to be scheduled, and what follows from that waits", async () => {
    const proven = { ...attest, statement: { ...attest.statement, commitment: 5n } };
    const { timelock } = incident;
    expect(await verifyProofFile({ circuit: "attest", proven }, { timelock })).toMatchObject([
      { outcome: "fails" },
      { name: "the statement is scheduled", outcome: "fails" },
      { outcome: "not checked", detail: "waits for: the statement is scheduled" },
    ]);
  });
});

describe("a file that can be verified", () => {
  it("is told by what it says that it is", async () => {
    const schedule = scheduleToJson([{ targets: targetsOf(incident.recorded), attest }]);
    for (const [json, kind] of [
      [attestProofToJson(attest), "proof"],
      [bindProofToJson(bindProofOf(incident.recorded)), "proof"],
      [schedule, "schedule"],
    ] as const)
      expect(await readVerifiable(JSON.stringify(json))).toMatchObject({ kind });
  });

  it("is none where it says something else, or nothing", async () => {
    for (const text of [
      "",
      "[]",
      "null",
      "1",
      "{}",
      '{"schema":1}',
      '{"schema":"sealpatch.target/2"}',
      '{"schema":"sealpatch.patch/3"}',
    ])
      await expect(readVerifiable(text), text).rejects.toMatchObject({ code: "verify/unknown-file" });
    // Another version is read by the form's own reader, which says what it is not.
    const newer = JSON.stringify({ schema: "sealpatch.disclosure/9" });
    await expect(readVerifiable(newer)).rejects.toMatchObject({ code: "patch/malformed-disclosure" });
  });
});
