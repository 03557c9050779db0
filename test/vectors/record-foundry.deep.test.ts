import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundryBinary } from "../../src/foundry.js";
import {
  type CodeUnderTest,
  type Hex,
  parseVectorSet,
  runVector,
  vectorSetToJson,
} from "../../src/vectors/index.js";
import { type FoundryTests, recordFoundry } from "../../src/vectors/record/record-foundry.js";
import { AnvilEngine } from "./anvil.js";
import { abi, probeCode, probeInterface } from "./probe.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const forge = foundryBinary("forge");
const anvil = new AnvilEngine();
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "foundry-"));
  await cp(join(root, "test/vectors/foundry"), join(project, "test"), { recursive: true });
  await cp(join(root, "test/vectors/contracts"), join(project, "src"), { recursive: true });
  await cp(join(root, "foundry"), join(project, "lib/sealpatch/foundry"), {
    recursive: true,
  });
  await writeFile(
    join(project, "foundry.toml"),
    `[profile.default]
evm_version = "cancun"
solc = "${root}tools/solc-shim.cjs"
offline = true
auto_detect_remappings = false
remappings = ["sealpatch/=lib/sealpatch/", "vectors/=src/"]
`,
  );
});

afterAll(async () => {
  await anvil.stop();
  await rm(project, { recursive: true, force: true });
});

const record = (test: string, more: Partial<FoundryTests> = {}) =>
  recordFoundry({ project, forge, kind: "regression", matchTest: `^${test}\\(`, ...more });

/** The probe where the vectors do not have it: an own address is no part of what they see. */
const probe: CodeUnderTest = probeCode();

describe("the calls of a Foundry test", () => {
  it("are the same with and without recording for the test itself", () => {
    const run = (env: NodeJS.ProcessEnv) =>
      execFileSync(forge, ["test", "--match-test", "test_calls\\("], {
        cwd: project,
        env: { ...process.env, ...env },
      });
    expect(run({}).toString()).toContain("1 passed");
    expect(run({ SEALPATCH_RECORD: "true" }).toString()).toContain("1 passed");
  });

  it("become vectors, each from the state that the call found, with the same outcome on both engines", async () => {
    const set = await record("test_calls");
    const calls = set.vectors.map(({ calls }) => probeInterface().parseTransaction(calls[0]!)!.name);
    expect(calls).toEqual(
      "store load load fail store load surroundings forward forward load create create precompile".split(" "),
    );
    expect(parseVectorSet(JSON.parse(JSON.stringify(vectorSetToJson(set))))).toEqual(set);
    const [stored, , , failed, , loaded, surroundings] = set.vectors;
    expect(stored!.expectation.slots).toEqual([{ address: stored!.subject, slot: 1n, value: 2n }]);
    expect(failed!.expectation.calls[0]).toEqual({ success: false, returnData: "0x1234", logs: [] });
    expect(loaded!.expectation.calls[0]!.returnData).toBe(abi(["uint256"], [88n]));
    expect(surroundings!.calls[0]!.environment).toMatchObject({
      timestamp: 5000n,
      number: 70n,
      origin: "0xb0b0000000000000000000000000000000000002",
    });
    for (const [index, vector] of set.vectors.entries()) {
      const { outcome } = await runVector(vector, set.codes, probe, index);
      expect(outcome, vector.name).toEqual(vector.expectation);
      // anvil's origin is the sender.
      const [{ from, environment }] = vector.calls as [(typeof vector.calls)[0]];
      const own = {
        ...vector,
        calls: [{ ...vector.calls[0]!, environment: { ...environment, origin: from } }],
      };
      const here = await runVector(own, set.codes, probe, index);
      expect(await anvil.run(own, set.codes, probe), vector.name).toEqual(here.outcome);
    }
  });

  it("are judged by the contract behind the one that is called, and can be limited to one label or address", async () => {
    const set = await record("test_through_another_contract");
    expect(set.vectors.map(({ subject }) => subject)).toEqual([
      set.vectors[1]!.subject,
      set.vectors[1]!.subject,
    ]);
    const [through] = (await record("test_through_another_contract", { target: "forwarder" })).vectors;
    expect(through!.calls[0]!.to).not.toBe(through!.subject);
    expect(through!.expectation.slots).toEqual([{ address: through!.subject, slot: 4n, value: 44n }]);
    const named = { target: through!.calls[0]!.to!.toUpperCase().replace("0X", "0x") as Hex };
    expect((await record("test_through_another_contract", named)).vectors).toHaveLength(1);
  });

  it("can be those of an incident, whose expectation is the patch's", async () => {
    const refuses = { address: `0x${"56".repeat(20)}` as Hex, code: Buffer.from("60006000fd", "hex") };
    const set = await record("test_through_another_contract", {
      kind: "incident",
      code: refuses,
      target: "probe",
    });
    expect(set.vectors[0]!.expectation.calls[0]!.success).toBe(false);
    const curious = { ...refuses, code: Buffer.from("600954600052", "hex") };
    await expect(
      record("test_through_another_contract", { alsoRunOn: [curious], target: "probe" }),
    ).rejects.toMatchObject({ code: "vectors/state-not-recorded" });
  });

  it.each([
    ["test_destroys", "vectors/state-not-recorded"],
    ["test_asks_for_a_block_hash", "vectors/state-not-recorded"],
    ["test_calls_back", "vectors/state-not-recorded"],
    ["test_transient", "vectors/differs-from-test"],
    ["test_fails", "vectors/test-fails"],
    ["test_calls_nothing", "vectors/no-recorded-call"],
    ["test_that_there_is_not", "vectors/no-recorded-call"],
  ])("make no vector where it would not be exact: %s", async (test, code) => {
    await expect(record(test)).rejects.toMatchObject({ code });
  });

  it("need a project and a forge", async () => {
    await expect(record("test_calls", { forge: "no-such-forge" })).rejects.toMatchObject({
      code: "vectors/forge-missing",
    });
    await expect(record("test_calls", { project: join(project, "nowhere") })).rejects.toMatchObject({
      code: "vectors/forge-missing",
    });
  });
});
