import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chdir, cwd } from "node:process";
import { Contract } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answerer, type OddNode, startOddNode } from "../chain/odd-node.js";
import { type OpenLane, openLane } from "../doctor/lane-on-chain.js";
import { put, temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

const folder = temporaryFolder();
const elsewhere = temporaryFolder();
const SAID = "upstream-said-this";
const before = cwd();

interface Group {
  readonly title: string;
  readonly checks: readonly { name: string; outcome: string; detail: string; remedy?: string }[];
}

let lane: OpenLane;
let node: OddNode;
let onAsk: Answerer;

beforeAll(async () => {
  lane = await openLane(folder);
  node = await startOddNode((question, pass) => onAsk(question, pass), { behind: lane.anvil.url });
});
afterAll(async () => {
  await node?.stop();
  await lane?.stop();
});
beforeEach(() => {
  onAsk = () => undefined;
  configure();
});
afterEach(() => chdir(before));

const configure = (change: (text: string) => string = (text) => text) =>
  put(folder, { "sealpatch.toml": change(lane.text.replace(lane.anvil.url, node.url)) });

const doctor = (...words: string[]) => sealpatch("doctor", "--config", lane.config, ...words);
/** Names of the lines that do not hold, by group, and the exit code. */
async function open(...words: string[]): Promise<{ code: number | null; open: Record<string, string[]> }> {
  const { code, stdout } = await doctor("--json", ...words);
  expect(stdout).not.toContain(SAID);
  const { groups } = JSON.parse(stdout) as { groups: Group[] };
  const open = groups.map(({ title, checks }) => [
    title,
    checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name),
  ]);
  for (const { outcome, remedy } of groups.flatMap(({ checks }) => checks))
    expect(outcome === "holds" || (remedy ?? "").length > 3).toBe(true);
  return { code, open: Object.fromEntries(open) };
}

/** Works as on a terminal of so many columns, without colours. */
async function onTerminal<T>(columns: number, work: () => Promise<T>): Promise<T> {
  const names = ["isTTY", "columns", "hasColors"] as const;
  const own = names.map((name) => Object.getOwnPropertyDescriptor(process.stdout, name));
  Object.assign(process.stdout, { isTTY: true, columns, hasColors: () => false });
  try {
    return await work();
  } finally {
    for (const [index, name] of names.entries()) {
      Reflect.deleteProperty(process.stdout, name);
      if (own[index] !== undefined) Object.defineProperty(process.stdout, name, own[index]);
    }
  }
}

describe("sealpatch doctor, of a project", () => {
  it("ends with 0 where every line of machine, project and chain holds", async () => {
    const account = lane.signer.address.toLowerCase();
    const { code, open: none } = await open("--relay", node.url, "--account", account);
    expect(none).toEqual({ "this machine": [], project: [], "chain chain-31337": [] });
    expect(code).toBe(0);
  });

  it("prints groups of lines, within the columns of a terminal but for words that are longer", async () => {
    const { code, stdout } = await onTerminal(80, () => doctor("--chain", "chain-31337"));
    expect(code).toBe(0);
    const wide = stdout.split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => /\S \S/.test(line))).toEqual([]);
    expect(stdout.split("\n").some((line) => line.length > 60)).toBe(true);
    expect(stdout).toMatch(/^this machine\nholds {8}Node\n/);
    expect(stdout).toMatch(/\n\nproject\nholds {8}configuration\n/);
    expect(stdout).toMatch(/\n\nchain chain-31337\nholds {8}node\n/);
    for (const name of ["forged proof of bind", "role GUARDIAN", "policy of Vault", "baseline of Vault"])
      expect(stdout).toContain(`\nholds        ${name}\n`);
    expect(stdout).not.toContain("to do:");
  });

  it("shows below a line that fails what to do, and ends with 1", async () => {
    onAsk = () => ({ text: `<html>${SAID}</html>` });
    const { code, stdout, stderr } = await doctor();
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(
      /\nfails {8}node\n {13}it answers with HTTP status 200, and no JSON-RPC\n {13}to do: check the URL/,
    );
    expect(stdout).toMatch(/\nnot checked {2}verifier\n {13}it waits for: node\n/);
    expect(stdout).not.toContain(SAID);
  });

  it.each<[string, Answerer, string[]]>([
    [
      "of another chain",
      ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined),
      ["chain id"],
    ],
    [
      "that does not trace",
      ({ method }) => (method === "debug_traceCall" ? { error: { code: -32601, message: SAID } } : undefined),
      ["traces"],
    ],
  ])("finds a node %s", async (_, answerer, lines) => {
    onAsk = answerer;
    const { code, open: found } = await open();
    expect(code).toBe(1);
    expect(found["chain chain-31337"]!.slice(0, lines.length)).toEqual(lines);
  });

  it("finds a verifier that is another, with a remedy for each of its lines", async () => {
    const { address: of, interface: abi, provider } = lane.timelock;
    const views = new Contract(of, abi, provider);
    const address = String(await views.getFunction("verifier").staticCall()).toLowerCase();
    onAsk = ({ method, params }) =>
      method === "eth_getCode" && String(params[0]).toLowerCase() === address
        ? { result: "0x00" }
        : undefined;
    const { code, open: found } = await open();
    expect(code).toBe(1);
    const lines = ["attest", "bind"].flatMap((circuit) => [
      `code of the verifier of ${circuit}`,
      `forged proof of ${circuit}`,
    ]);
    expect(found["chain chain-31337"]).toEqual(["code of PatchVerifier", "setup hash", ...lines]);
  });

  it("finds what the configuration says otherwise than the chain", async () => {
    const other = `0x${"ab".repeat(20)}`;
    configure((text) =>
      text
        .replace('min_delay = "7d"', 'min_delay = "8d"')
        .replace(`council = ["${lane.signer.address}"]`, `council = ["${other}"]`)
        .replace('delay = "4h"', 'delay = "5h"'),
    );
    expect(await open()).toMatchObject({
      code: 1,
      open: { "chain chain-31337": ["role COUNCIL", "delay of the slow path", "policy of Vault"] },
    });
  });

  it("finds a timelock that is none, and one that nobody names", async () => {
    configure((text) =>
      text.replace(`timelock = "${lane.timelock.address}"`, `timelock = "0x${"cd".repeat(20)}"`),
    );
    const { open: none } = await open();
    const found = none["chain chain-31337"]!;
    expect(found[0]).toBe("timelock");
    expect(found).toEqual(expect.arrayContaining(["verifier", "archive", "logs", "halt", "lane of Vault"]));
    configure((text) => text.replace(`timelock = "${lane.timelock.address}"`, ""));
    expect((await open()).open["chain chain-31337"]![0]).toBe("timelock");
  });

  it("finds the project from a folder below it, and outside of one looks at the machine alone", async () => {
    mkdirSync(join(folder, "src/deep"), { recursive: true });
    chdir(join(folder, "src/deep"));
    const within = JSON.parse((await sealpatch("doctor", "--json")).stdout) as { groups: Group[] };
    expect(within.groups.map(({ title }) => title)).toEqual(["this machine", "project", "chain chain-31337"]);
    chdir(elsewhere);
    const { code, stdout } = await sealpatch("doctor", "--json");
    expect((JSON.parse(stdout) as { groups: Group[] }).groups.map(({ title }) => title)).toEqual([
      "this machine",
    ]);
    expect(code).toBe(0);
    for (const words of [
      ["--chain", "mainnet"],
      ["--relay", "http://localhost"],
      ["--account", lane.signer.address],
    ])
      expect((await sealpatch("doctor", ...words)).code).toBe(2);
  });

  it("says of a configuration that it cannot be read, and of the machine all the same", async () => {
    writeFileSync(join(elsewhere, "broken.toml"), "[");
    const { code, stdout } = await sealpatch("doctor", "--config", join(elsewhere, "broken.toml"));
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nfails {8}configuration\n/);
    expect(stdout).toMatch(/^this machine\nholds/);
  });

  it("ends with 2 where options contradict each other, and with 1 for a chain that is none", async () => {
    expect((await doctor("--rpc", node.url, "--timelock", lane.timelock.address)).code).toBe(2);
    expect((await doctor("--timelock", lane.timelock.address)).code).toBe(2);
    expect((await doctor("--rpc", node.url)).code).toBe(2);
    expect((await doctor("--relay", "nowhere")).code).toBe(2);
    expect((await doctor("--account", "0x12")).code).toBe(2);
    const { code, stdout } = await doctor("--chain", "mainet", "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([1, "config/no-such-chain"]);
  });
});
