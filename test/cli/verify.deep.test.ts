import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { concat, getBytes, hexlify } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployCode } from "../../src/code/index.js";
import { scheduleToJson } from "../../src/lane/index.js";
import { layoutRoot } from "../../src/layout/index.js";
import { policyToJson } from "../../src/patch/index.js";
import { attestProofToJson, bindProofToJson } from "../../src/proof/index.js";
import { readReport, reportHtml } from "../../src/report/index.js";
import { type DisclosedIncident, disclosedIncident } from "../e2e/disclosed-incident.js";
import { laneConfiguration } from "../lane/lane-project.js";
import { put, temporaryFolder } from "../project/projects.js";
import { sealpatch } from "./sealpatch.js";

// A person who was nowhere near the incident: a file, a node and this package.

let incident: DisclosedIncident;
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  incident = await disclosedIncident();
  const { text, proven } = incident;
  const { review, attest, bind } = proven;
  writeFileSync(at("disclosure.json"), text);
  put(folder, {
    "schedule.json": scheduleToJson([{ targets: review.targets.targets, attest }]),
    "attest.json": attestProofToJson(attest),
    "bind.json": bindProofToJson(bind),
    "policy.json": policyToJson(review.policy),
    "other-policy.json": policyToJson({ ...review.policy, threshold: 2 }),
  });
});

afterAll(() => incident?.stop());

type Line = { name: string; outcome: string; detail: string };

/** What a command line found: its exit code, and the lines that do not hold. */
async function run(...words: string[]) {
  const { code, stdout } = await sealpatch("verify", ...words, "--json");
  const { checks = [], shown, error } = JSON.parse(stdout);
  const open = (checks as Line[])
    .filter(({ outcome }) => outcome !== "holds")
    .map(({ name, outcome }) => [name, outcome]);
  return { code, shown, error, open, lines: (checks as Line[]).length };
}
const node = () => ["--rpc", incident.chain.anvil.url];
const timelock = () => ["--timelock", incident.timelock.address];
const statement = () => `0x${incident.proven.attest.statement.commitment.toString(16).padStart(64, "0")}`;

describe("sealpatch verify, of a disclosure", () => {
  it("holds for a person who has the file, a node and nothing else", async () => {
    const found = await run(at("disclosure.json"), ...node(), ...timelock());
    expect(found).toMatchObject({ code: 0, open: [], lines: 14 });
    expect(found.shown.timelock).toBe(`${incident.timelock.address}, named by --timelock`);
    const words = [at("disclosure.json"), ...node(), ...timelock()];
    const { code, stdout, stderr } = await sealpatch("verify", ...words);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.match(/^holds {8}/gm)).toHaveLength(14);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it("is not checked where the file alone says which timelock is the protocol's", async () => {
    const found = await run(at("disclosure.json"), ...node());
    const open = [["the timelock is the protocol's", "not checked"]];
    expect(found).toMatchObject({ code: 2, open, lines: 15 });
    expect(found.shown.timelock).toBe(`${incident.timelock.address}, named by the file`);
  });

  it("is refused where the configuration has another timelock than the file", async () => {
    const holder = `0x${"01".repeat(20)}`;
    const roles = { proposers: holder, executors: holder, council: holder, guardians: holder };
    const configuration = laneConfiguration({ rpc: incident.chain.anvil.url, roles });
    const config = ["--config", at("sealpatch.toml")];
    const write = (address: string) =>
      put(folder, {
        "sealpatch.toml": configuration.replace('# timelock = "0x.."', `timelock = "${address}"`),
      });
    write(incident.timelock.address);
    const same = await run(at("disclosure.json"), ...config);
    expect(same).toMatchObject({ code: 0, open: [] });
    expect(same.shown.timelock).toMatch(/named by the configuration$/);
    write(holder);
    for (const words of [config, [...node(), ...config]]) {
      const { code, error } = await run(at("disclosure.json"), ...words);
      expect([code, error.code]).toEqual([2, "cli/usage"]);
      expect(error.message).toBe("the file is for another timelock than the configuration's");
    }
  });

  it("prints every hash by the command that the report names", async () => {
    const { text, proven } = incident;
    const { commitment } = proven.attest.statement;
    const report = await readReport(incident.timelock, text, { commitment, file: at("disclosure.json") });
    const [, command] = /sealpatch (verify .* --hashes --rpc) NODE/.exec(
      reportHtml(report).replaceAll("&#39;", "'"),
    )!;
    const words = command!.split(" ");
    const { stdout } = await sealpatch(...words, incident.chain.anvil.url, ...timelock(), "--json");
    expect(JSON.parse(stdout).hashes).toEqual(report.hashes);
    const shown = await sealpatch(...words, incident.chain.anvil.url, ...timelock());
    for (const { name, value } of report.hashes) expect(shown.stdout).toContain(`${name}\n  ${value}\n`);
    expect(shown.code).toBe(0);
    const wrong = await run(at("policy.json"), "--hashes");
    expect([wrong.code, wrong.error.code]).toEqual([2, "cli/usage"]);
  });

  it("fails in one line beside that of the file where one part is altered", async () => {
    const json = JSON.parse(incident.text);
    json.bundle.salt = `${BigInt(json.bundle.salt) + 1n}`;
    put(folder, { "altered.json": json });
    expect(await run(at("altered.json"), ...node())).toMatchObject({
      code: 1,
      open: expect.arrayContaining([
        ["the file is the one disclosed on chain", "fails"],
        ["the source compiles, and the commitment opens to it", "fails"],
        ["the opening on chain is the same", "not checked"],
      ]),
    });
    // A target that is altered leads to no statement: it has to be named.
    json.targets[0].nonce = "99";
    put(folder, { "altered.json": json });
    const lost = await run(at("altered.json"), ...node());
    expect([lost.code, lost.error.code]).toEqual([2, "verify/no-such-statement"]);
    const named = await run(at("altered.json"), ...node(), "--at", statement());
    expect(named.open).toContainEqual(["the statement names these targets", "fails"]);
  });

  it("is not checked by a node of another chain, or one that is not there", async () => {
    const gone = await run(at("disclosure.json"), "--rpc", "http://127.0.0.1:9");
    expect([gone.code, gone.error.code]).toEqual([2, "chain/unreachable"]);
    const json = JSON.parse(incident.text);
    json.targets[0].chainId = "5";
    put(folder, { "elsewhere.json": json });
    const elsewhere = await run(at("elsewhere.json"), ...node());
    expect([elsewhere.code, elsewhere.error.code]).toEqual([2, "cli/usage"]);
  });
});

describe("sealpatch verify, of a statement", () => {
  it("holds by id and by commitment, its proof taken out of the Safe's transaction", async () => {
    const found = await run(statement(), ...node(), ...timelock());
    expect(found).toMatchObject({
      code: 0,
      open: [],
      shown: { state: "disclosed", commitment: statement() },
    });
    const byId = await run(found.shown.statement, ...node(), ...timelock());
    expect(byId).toEqual(found);
  });

  it("is nothing where there is none", async () => {
    const none = await run(`0x${"01".repeat(32)}`, ...node(), ...timelock());
    expect([none.code, none.error.code]).toEqual([2, "lane/no-such-statement"]);
  });
});

describe("sealpatch verify, of proofs and policies", () => {
  it("holds with what the chain has of them, and says what it needs without a node", async () => {
    for (const name of ["schedule.json", "attest.json", "bind.json"]) {
      expect(await run(at(name), ...node(), ...timelock()), name).toMatchObject({ code: 0, open: [] });
      const alone = await run(at(name));
      expect(alone, name).toMatchObject({ code: 2 });
      expect(alone.open, name).toContainEqual(["the statement is scheduled", "not checked"]);
    }
    expect((await run(at("schedule.json"), ...node())).shown.timelock).toMatch(/named by the file$/);
  });

  it("holds a policy against the chain: now, and as it was when a statement was scheduled", async () => {
    const proxy = ["--proxy", incident.proven.review.targets.targets[0]!.proxy];
    expect(await run(at("policy.json"))).toMatchObject({ code: 2, lines: 1 });
    const then = await run(at("policy.json"), ...node(), ...timelock(), "--at", statement());
    expect(then).toMatchObject({ code: 0, open: [], lines: 6 });
    // The execution installed another layout, which is the registered one now.
    const now = await run(at("policy.json"), ...node(), ...timelock(), ...proxy);
    const { layouts } = incident.proven.review.patch;
    const isSame = layoutRoot(layouts.old) === layoutRoot(layouts.new);
    expect([now.code, now.open]).toEqual(isSame ? [0, []] : [1, [["storage layout", "fails"]]]);
    const other = await run(at("other-policy.json"), ...node(), ...timelock(), "--at", statement());
    expect([other.code, other.open]).toEqual([1, [["threshold", "fails"]]]);
    const both = await run(at("policy.json"), ...node(), ...timelock(), ...proxy, "--at", statement());
    expect([both.code, both.error.code]).toEqual([2, "cli/usage"]);
  });
});

describe("sealpatch verify --publication", () => {
  it("writes what the plain compiler makes the deployed code of, and replaces nothing", async () => {
    const words = [at("disclosure.json"), ...node(), ...timelock()];
    const found = await run(...words, "--publication", at("published"));
    expect(found.code).toBe(0);
    const { provider } = incident.chain;
    for (const of of ["patch", "replaced"]) {
      const form = JSON.parse(readFileSync(at(`published/${of}.json`), "utf8"));
      const made = compilePlainly(readFileSync(at(`published/${of}.input.json`), "utf8"), form);
      const initCode = getBytes(concat([made, form.constructorArguments ?? "0x"]));
      const code = await deployCode({ initCode, address: form.address, deployer: incident.timelock.address });
      expect(hexlify(code), of).toBe(await provider.getCode(form.address));
    }
    const again = await run(at("disclosure.json"), ...node(), "--publication", at("published"));
    expect(again.error.code).toBe("cli/file-exists");
    const policy = await run(at("policy.json"), "--publication", at("elsewhere"));
    expect(policy.error.code).toBe("cli/usage");
  });
});

/** Creation code by the compiler from npm as it is, without anything of this package. */
function compilePlainly(input: string, { contract }: { contract: string }): string {
  const solc = createRequire(import.meta.url)("solc");
  const output = JSON.parse(solc.compile(input));
  const [source, name] = contract.split(":");
  return `0x${output.contracts[source!][name!].evm.bytecode.object}`;
}
