import { getAddress, Interface, id, type JsonRpcSigner, ZeroAddress, ZeroHash } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  LogReader,
  PROXY_SLOTS,
  providerOf,
  type SlowPathCall,
  TimelockClient,
} from "../../src/chain/index.js";
import { Lines } from "../../src/doctor/finding.js";
import { proxyLines, timelockLines } from "../../src/doctor/lanes.js";
import { roleLines } from "../../src/doctor/roles.js";
import { type Project, parseConfiguration } from "../../src/project/index.js";
import { startOddNode } from "../chain/odd-node.js";
import { type ReplayedIncident, replayIncident } from "../chain/replayed-incident.js";
import { laneConfiguration } from "../lane/lane-project.js";
import { expectOpen, lineOf, open } from "./outcomes.js";

const DAY = 86_400;
const STRANGER = "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB";
const ACCESS = new Interface([
  "function grantRole(bytes32, address)",
  "function revokeRole(bytes32, address)",
]);

let replayed: ReplayedIncident;
let roles: Record<"proposers" | "executors" | "council" | "guardians", string[]>;
let project: Project;
let guardian: JsonRpcSigner;

beforeAll(async () => {
  replayed = await replayIncident();
  const { provider, council, executor, proxy, admin, timelock } = replayed;
  const governance = await provider.getSigner(16);
  guardian = await provider.getSigner(18);
  roles = {
    proposers: [governance.address],
    executors: [executor.address],
    council: [council.address],
    guardians: [guardian.address],
  };
  const text = laneConfiguration({
    rpc: replayed.anvil.url,
    roles: {
      proposers: governance.address,
      executors: executor.address,
      council: council.address,
      guardians: guardian.address,
    },
    ...{ proxy, kind: "transparent-v5", admin },
  }).replace('# timelock = "0x.."', `timelock = "${timelock.address}"`);
  project = { configuration: parseConfiguration(text), file: "sealpatch.toml", folder: "/nowhere" };
});
afterAll(() => replayed?.stop());

async function rolesNow(wanted: typeof roles | undefined = roles, timelock = replayed.timelock) {
  const lines = new Lines();
  const head = await replayed.provider.getBlockNumber();
  const logs = new LogReader(timelock.provider);
  await roleLines(lines, timelock, { logs, range: [0, head], roles: wanted }, []);
  return lines.findings;
}

async function lanesNow(minDelay = 7 * DAY) {
  const lines = new Lines();
  const head = (await replayed.provider.getBlock("latest"))!;
  await timelockLines(lines, replayed.timelock, { minDelay, head }, []);
  await proxyLines(lines, replayed.timelock, { project, name: "Vault" }, []);
  return lines.findings;
}

/** The project lies nowhere: nobody can build its policy. */
const NO_POLICY = "policy of Vault";
const failing = async (minDelay?: number) => {
  const findings = await lanesNow(minDelay);
  expect(lineOf(findings, NO_POLICY)).toMatchObject({
    outcome: "not checked",
    detail: expect.stringMatching(/^the configuration makes no policy: /),
    code: "config/unreadable-file",
  });
  return findings.filter(({ name }) => name !== NO_POLICY);
};

const selfCall = (name: "grantRole" | "revokeRole", role: string, account: string): SlowPathCall => ({
  target: replayed.timelock.address,
  data: ACCESS.encodeFunctionData(name, [role, account]),
});

describe("the doctor, of roles", () => {
  it("holds where exactly those hold them that the configuration names", async () => {
    const findings = await rolesNow();
    expect(open(findings)).toEqual([]);
    expect(lineOf(findings, "role COUNCIL").detail).toBe(roles.council[0]);
    expect(lineOf(findings, "role DEFAULT_ADMIN").detail).toBe(replayed.timelock.address);
  });

  it.each<[string, keyof typeof roles, readonly string[]]>([
    ["PROPOSER", "proposers", ["role PROPOSER", "role CANCELLER"]],
    ["EXECUTOR", "executors", ["role EXECUTOR"]],
    ["COUNCIL", "council", ["role COUNCIL"]],
    ["GUARDIAN", "guardians", ["role GUARDIAN"]],
  ])(
    "%s: another than the configuration names fails, and so does one that it misses",
    async (role, key, lines) => {
      for (const [wanted, detail] of [
        [[...roles[key], STRANGER], `${STRANGER} should hold it, and does not`],
        [[STRANGER], `${roles[key][0]} holds it, and should not`],
      ] as const) {
        const findings = await rolesNow({ ...roles, [key]: [...wanted] });
        expect(open(findings)).toEqual(lines);
        expect(lineOf(findings, `role ${role}`)).toMatchObject({ outcome: "fails" });
        expect(lineOf(findings, `role ${role}`).detail).toContain(detail);
      }
    },
  );

  it.each<[string, string, string, RegExp]>([
    ["an admin beside the timelock", "DEFAULT_ADMIN", STRANGER, /^0xABaB\w+ holds it, and should not$/],
    ["a guardian more", "GUARDIAN", STRANGER, /^0xABaB\w+ holds it, and should not$/],
    ["everybody as executor", "EXECUTOR", ZeroAddress, /everybody holds it, and should not$/],
  ])("%s, granted since, fails", async (_, role, account, detail) => {
    await replayed.onSnapshot(async () => {
      const hash = role === "DEFAULT_ADMIN" ? ZeroHash : id(`${role}_ROLE`);
      await replayed.govern(selfCall("grantRole", hash, account));
      expectOpen(await rolesNow(), { name: `role ${role}`, outcome: "fails", detail });
      await replayed.govern(selfCall("revokeRole", hash, account));
      expect(open(await rolesNow())).toEqual([]);
    });
  });

  it("a role that nobody holds any more fails", async () => {
    await replayed.onSnapshot(async () => {
      await replayed.govern(selfCall("revokeRole", id("COUNCIL_ROLE"), roles.council[0]!));
      expectOpen(await rolesNow(), { name: "role COUNCIL", outcome: "fails", detail: /^nobody holds it$/ });
    });
  });

  it("without holders in the configuration nobody knows who is meant to", async () => {
    const lines = new Lines();
    const logs = new LogReader(replayed.provider);
    const head = await replayed.provider.getBlockNumber();
    await roleLines(lines, replayed.timelock, { logs, range: [0, head], roles: undefined }, []);
    const names = ["PROPOSER", "CANCELLER", "EXECUTOR", "COUNCIL", "GUARDIAN"].map((role) => `role ${role}`);
    expect(open(lines.findings)).toEqual(names);
    for (const name of names) expect(lineOf(lines.findings, name).outcome).toBe("not checked");
  });

  it("logs that a node leaves out are noticed: the first, and one that its state contradicts", async () => {
    let keep = (_: readonly string[]): boolean => true;
    const node = await startOddNode(
      async ({ method }, pass) => {
        if (method !== "eth_getLogs") return undefined;
        const { result } = (await pass()) as { result: { topics: string[] }[] };
        return { result: result.filter(({ topics }) => keep(topics)) };
      },
      { behind: replayed.anvil.url },
    );
    const provider = providerOf(node.url);
    try {
      const timelock = await TimelockClient.at(replayed.timelock.address, provider);
      const of = (role: string) => `role ${role}`;
      keep = (topics) => topics[1] !== ZeroHash;
      const waiting = ["DEFAULT_ADMIN", "PROPOSER", "CANCELLER", "EXECUTOR", "COUNCIL", "GUARDIAN"].map(of);
      const history = { name: "history of roles", outcome: "not checked", detail: /first log/ } as const;
      expectOpen(await rolesNow(roles, timelock), history, waiting);
      keep = (topics) => topics[1] !== id("COUNCIL_ROLE");
      const council = {
        name: "role COUNCIL",
        outcome: "not checked",
        detail: /logs and its state differ/,
      } as const;
      expectOpen(await rolesNow(roles, timelock), council);
    } finally {
      provider.destroy();
      await node.stop();
    }
  });
});

describe("the doctor, of a timelock and its lanes", () => {
  it("holds where the lane is open", async () => {
    const findings = await failing();
    expect(open(findings)).toEqual([]);
    expect(lineOf(findings, "lane of Vault").detail).toBe("open");
    expect(lineOf(findings, "disclosures").detail).toBe("none is due");
    expect(lineOf(findings, "baseline of Vault").detail).toContain(getAddress(replayed.current));
  });

  it("another delay of the slow path fails", async () => {
    const detail = /^604800 s, and the configuration has 60$/;
    expectOpen(await failing(60), { name: "delay of the slow path", outcome: "fails", detail });
  });

  it("a halt fails, and closes the lane", async () => {
    await replayed.onSnapshot(async () => {
      await replayed.timelock.as(guardian).halt("an incident");
      const findings = await failing();
      expect(open(findings)).toEqual(["halt", "lane of Vault"]);
      expect(lineOf(findings, "lane of Vault").detail).toBe("closed: halted");
    });
  });

  it("a disclosure that is due is told of, and one that is overdue fails and freezes the lane", async () => {
    await replayed.onSnapshot(async () => {
      await replayed.timelock.as(replayed.executor).parts.execute(replayed.execution);
      const due = await failing();
      expect(open(due)).toEqual([]);
      expect(lineOf(due, "disclosures").detail).toMatch(/^the next is due at 2\d{3}-.*Z, in 14 d$/);
      await replayed.provider.send("evm_increaseTime", [15 * DAY]);
      await replayed.provider.send("evm_mine", []);
      const overdue = await failing();
      expect(open(overdue)).toEqual(["disclosures", "lane of Vault"]);
      expect(lineOf(overdue, "disclosures").detail).toMatch(
        /^one was due at .*, 24 h ago: the lane is frozen$/,
      );
      expect(lineOf(overdue, "lane of Vault").detail).toBe("closed: frozen");
    });
  });

  it.each<[string, "implementation" | "admin", RegExp]>([
    [
      "runs something else than is registered",
      "implementation",
      /^the proxy runs 0xABaB\w+, and 0x\w+ is registered$/,
    ],
    [
      "has another admin than is registered",
      "admin",
      /^the proxy's admin is not the one that its policy names/,
    ],
  ])("a proxy that %s fails, by its own slot", async (_, slot, detail) => {
    await replayed.onSnapshot(async () => {
      const word = `0x${"00".repeat(12)}${STRANGER.slice(2).toLowerCase()}`;
      await replayed.provider.send("anvil_setStorageAt", [replayed.proxy, PROXY_SLOTS[slot], word]);
      expectOpen(await failing(), { name: "baseline of Vault", outcome: "fails", detail });
    });
  });

  it("a proxy without policy or baseline fails", async () => {
    await replayed.onSnapshot(async () => {
      const data = replayed.timelock.interface.encodeFunctionData("removePolicy", [replayed.proxy]);
      await replayed.govern({ target: replayed.timelock.address, data });
      const without = await failing();
      expect(open(without)).toEqual(["lane of Vault", "baseline of Vault"]);
      expect(lineOf(without, "lane of Vault").detail).toBe("closed: no-policy");
      await replayed.govern(replayed.setPolicy());
      const findings = await failing();
      expect(open(findings)).toEqual(["lane of Vault", "baseline of Vault"]);
      expect(lineOf(findings, "baseline of Vault").detail).toBe("there is none");
    });
  });
});
