import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hexlify } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contractOf } from "../../src/solc/index.js";
import {
  mergeVectorSets,
  readVectorSet,
  setRoot,
  type VectorSet,
  writeVectorSet,
} from "../../src/vectors/index.js";
import { expectingItself, PROBE, probeCall, probeCode, probeSet, probes } from "../vectors/probe.js";
import { type Finished, sealpatch } from "./sealpatch.js";

const vectors = (...args: string[]) => sealpatch("vectors", ...args);
const fullHex = (value: bigint) => `0x${value.toString(16).padStart(64, "0")}`;

let folder: string;
const at = (name: string) => join(folder, name);

/** Three vectors that pass on the probe and one that does not. */
let good: VectorSet;
let bad: VectorSet;
let incident: VectorSet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpatch-cli-"));
  const listed = { proxyStorage: [{ slot: 1n, value: 5n }] };
  good = mergeVectorSets([
    await expectingItself(probeSet([probeCall("store", [1n, 2n])], { ...listed, name: "it stores" })),
    await expectingItself(probeSet([probeCall("load", [1n])], { ...listed, name: "it loads" })),
    await expectingItself(probeSet([probeCall("whoami")], { ...listed, name: "it knows itself" })),
  ]);
  bad = probeSet([probeCall("fail", [1n, 2n, "0x82b42900"])], { ...listed, name: "it never fails" });
  incident = await expectingItself(
    probeSet([probeCall("store", [1n, 3n])], { ...listed, name: "the secret", kind: "incident" }),
  );
  await writeVectorSet(at("good.json"), good);
  await writeVectorSet(at("bad.json"), bad);
  await writeVectorSet(at("incident.json"), incident);
  await writeFile(at("probe.hex"), hexlify(probeCode().code));
  await writeFile(at("other.hex"), "5f5ffd\n");
  const { abi, evm } = contractOf(probes(), "Probe");
  const storageLayout = {
    storage: [{ label: "counter", slot: "1", offset: 0, type: "t_uint256", astId: 1, contract: "Probe" }],
    types: { t_uint256: { encoding: "inplace", label: "uint256", numberOfBytes: "32" } },
  };
  await writeFile(
    at("output.json"),
    JSON.stringify({ contracts: { "src/Probe.sol": { Probe: { abi, evm, storageLayout } } } }),
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const expectRefusal = (
  { code, stdout, stderr }: Finished,
  exitCode: number,
  ...texts: (string | RegExp)[]
) => {
  expect(stdout).toBe("");
  for (const text of texts) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(exitCode);
};

describe("vectors run", () => {
  it("passes a set on code from hex and from a compiler's output, in lines that fit the width", async () => {
    const output = `${at("output.json")}:src/Probe.sol:Probe`;
    const args = ["--code", at("probe.hex"), "--code", output, "--address", PROBE, "--address", PROBE];
    const { code, stdout, stderr } = await vectors("run", at("good.json"), ...args);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/#0 +it stores +regression +pass +pass +holds/);
    expect(stdout).toContain("3 of 3 vectors hold");
    expect(stdout).toContain(fullHex(setRoot(good).root));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain("\x1b");
  });

  it("tells a failure in the contract's words, and exits with 1", async () => {
    const code = `${at("output.json")}:Probe`;
    const result = await vectors("run", at("bad.json"), "--code", code, "--address", PROBE);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/#0 +it never fails +regression +fail +BROKEN/);
    expect(result.stdout).toMatch(/call 0 \(fail\)\n +expected success\n +got +revert 0x82b42900/);
  });

  it("prints one JSON object with the same verdict, differences and digests, with workers too", async () => {
    const args = ["--code", at("probe.hex"), "--address", PROBE, "--code", at("other.hex"), "--json"];
    const [one, two] = [
      await vectors("run", at("good.json"), ...args),
      await vectors("run", at("good.json"), ...args, "--workers", "2"),
    ];
    expect(two.stdout).toBe(one.stdout);
    const json = JSON.parse(one.stdout);
    expect([one.code, json.holds, json.broken, json.root]).toEqual([
      1,
      false,
      3,
      fullHex(setRoot(good).root),
    ]);
    expect(json.resultDigests).toHaveLength(2);
    expect(json.vectors[0].runs.map((run: { result: string }) => run.result)).toEqual(["pass", "fail"]);
    expect(json.vectors[0].runs[1].differences[0]).toEqual({
      place: "call 0",
      expected: "success",
      actual: "revert without data",
    });
  });

  it("waives failures on the last code as told, and none on the first", async () => {
    const run = (first: string, last: string) =>
      vectors(
        "run",
        at("good.json"),
        "--code",
        at(first),
        "--code",
        at(last),
        "--waivers",
        "3",
        "--address",
        PROBE,
        "--address",
        PROBE,
      );
    expect((await run("probe.hex", "other.hex")).code).toBe(0);
    expect((await run("other.hex", "probe.hex")).code).toBe(1);
  });

  it("hides what an incident vector is, unless asked", async () => {
    const codes = ["--code", at("probe.hex"), "--address", PROBE];
    const hidden = await vectors("run", at("incident.json"), "--code", at("probe.hex"), ...codes, "--json");
    expect(hidden.code).toBe(1);
    expect(hidden.stdout).not.toMatch(/the secret|differences/);
    const shown = await vectors("run", at("incident.json"), "--code", at("other.hex"), "--show-incidents");
    expect(shown.stdout).toMatch(/the secret[\s\S]*expected success/);
  });

  it("ends an endless loop at the step limit", async () => {
    await writeVectorSet(at("endless.json"), probeSet([probeCall("spin")], { stepLimit: 5000 }));
    const { code, stdout } = await vectors(
      "run",
      at("endless.json"),
      "--code",
      at("probe.hex"),
      "--address",
      PROBE,
    );
    expect(code).toBe(1);
    expect(stdout).toContain("step limit");
  });

  it("refuses code that it cannot place or read, and options that make no sense", async () => {
    const run = (...args: string[]) => vectors("run", at("good.json"), ...args);
    expectRefusal(await run(), 2, "no code to run the set on");
    expectRefusal(await run("--code", `${at("output.json")}:Probe`), 2, "has immutables", "--address");
    expectRefusal(await run("--code", at("none.hex")), 1, "error: no code can be read", "why:", "to do:");
    expectRefusal(await run("--code", at("good.json")), 1, "error:");
    expectRefusal(await run("--code", at("probe.hex"), "--address", "0x12"), 2, "is not an address");
    expectRefusal(await run("--code", at("probe.hex"), "--hardfork", "berlin"), 2, "paris");
  });
});

describe("vectors root, list, add and remove", () => {
  it("show and change a set, and print the old and the new root", async () => {
    const file = at("set.json");
    await writeVectorSet(file, good);
    expect((await vectors("root", file)).stdout).toBe(`${fullHex(setRoot(good).root)}\n`);
    const listed = JSON.parse((await vectors("list", file, "--json")).stdout);
    expect(listed.list.map(({ name }: { name: string }) => name)).toEqual(
      good.vectors.map(({ name }) => name),
    );

    const added = await vectors("add", file, at("bad.json"));
    const larger = await readVectorSet(file);
    expect(larger.vectors).toHaveLength(4);
    expect(added.stdout).toMatch(`before  ${fullHex(setRoot(good).root)}  3 vectors`);
    expect(added.stdout).toMatch(`after   ${fullHex(setRoot(larger).root)}  4 vectors`);

    const removed = await vectors("remove", file, "it never fails", "#0", "--json");
    expect(JSON.parse(removed.stdout).after).toEqual({
      set: "baseline",
      vectors: 2,
      root: fullHex(setRoot(await readVectorSet(file)).root),
    });
  });

  it("leave the file as it is where they refuse", async () => {
    const file = at("kept.json");
    await writeVectorSet(file, good);
    const before = await readFile(file, "utf8");
    expectRefusal(
      await vectors("add", file, at("incident.json")),
      1,
      "error: vector 0 is of the baseline set",
    );
    expectRefusal(await vectors("add", file, at("good.json")), 1, "a name that another vector has");
    expectRefusal(await vectors("remove", file, "#0", "#1", "#2"), 1, "has no vectors");
    expect(await readFile(file, "utf8")).toBe(before);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("files of vectors", () => {
  it("are written where a link leads, and the link stays", async () => {
    await writeVectorSet(at("real.json"), good);
    await symlink("real.json", at("link.json"));
    expect((await vectors("add", at("link.json"), at("bad.json"))).code).toBe(0);
    expect((await lstat(at("link.json"))).isSymbolicLink()).toBe(true);
    expect((await readVectorSet(at("real.json"))).vectors).toHaveLength(4);
    // A link to a file that is not there yet.
    await symlink("later.json", at("early.json"));
    await writeVectorSet(at("early.json"), good);
    expect((await readVectorSet(at("later.json"))).vectors).toHaveLength(3);
  });

  it("that cannot be written are an error of its own", async () => {
    await mkdir(at("folder.json"));
    await symlink("circle.json", at("circle.json"));
    for (const [path, why] of [
      [at("folder.json"), "it is a folder"],
      [at("circle.json"), "its links lead in a circle"],
      [join(at("none"), "set.json"), "there is no such file or folder"],
    ] as const) {
      await expect(writeVectorSet(path, good)).rejects.toMatchObject({ code: "vectors/unwritable", why });
    }
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("code of a command line", () => {
  it("is compiled where it is Solidity, for the rules of the set", async () => {
    const source = "contract Other { error No(); fallback() external { revert No(); } } contract Unused {}";
    await writeFile(at("Other.sol"), `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n${source}`);
    const result = await vectors("run", at("good.json"), "--code", `${at("Other.sol")}:Other`);
    expect([result.code, result.stderr]).toEqual([1, ""]);
    expect(result.stdout).toMatch(/got +revert No\(\)/);
    expectRefusal(await vectors("run", at("good.json"), "--code", at("Other.sol")), 1, "Other");
    expectRefusal(await vectors("run", at("good.json"), "--code", `${at("Other.sol")}:None`), 1, "None");
  });

  it("is compiled with two releases of one package, each where it is imported", async () => {
    const files = {
      "node_modules/dep/D.sol": "contract D {}",
      "node_modules/lib/node_modules/dep/D.sol":
        "contract D { error Nested(); fallback() external { revert Nested(); } }",
      "node_modules/lib/T.sol": 'import "dep/D.sol"; contract T is D {}',
      "Two.sol": 'import {T} from "lib/T.sol"; import {D} from "dep/D.sol"; contract Two is T { D d; }',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), text);
    }
    const { stdout, stderr } = await vectors("run", at("good.json"), "--code", `${at("Two.sol")}:Two`);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/got +revert Nested\(\)/), ""]);
  });

  it("that starts with 0xEF is refused", async () => {
    for (const [name, code] of [
      ["reserved.hex", "0xef"],
      ["delegation.hex", `0xef0100${"77".repeat(20)}`],
    ] as const) {
      await writeFile(at(name), code);
      expectRefusal(await vectors("run", at("good.json"), "--code", at(name)), 1, "starts with 0xEF");
      expectRefusal(await vectors("lint", at("good.json"), "--code", at(name)), 1, "starts with 0xEF");
    }
  });

  it("fails with a difference that can be seen, however long the words are that differ", async () => {
    const word = (middle: string) => `0x${"11".repeat(14)}${middle}${"11".repeat(14)}`;
    const returning = (value: string) => `0x7f${value.slice(2)}5f5260205ff3`;
    const set = probeSet([probeCall("whoami")]);
    const under = { ...probeCode(), code: Buffer.from(returning(word("22222222")).slice(2), "hex") };
    await writeVectorSet(at("middle.json"), await expectingItself(set, under));
    await writeFile(at("middle.hex"), returning(word("33333333")));
    const { stdout } = await vectors(
      "run",
      at("middle.json"),
      "--code",
      at("middle.hex"),
      "--address",
      PROBE,
    );
    expect(stdout).toContain(word("22222222"));
    expect(stdout).toContain(word("33333333"));
  });
});

describe("vectors lint and coverage", () => {
  it("exit with 1 where the set is empty", async () => {
    await writeVectorSet(at("empty.json"), { schema: "sealpatch.vectors/1", codes: {}, vectors: [] });
    for (const command of ["lint", "coverage", "run"]) {
      const words = [command, at("empty.json"), "--code", at("probe.hex")];
      expectRefusal(await vectors(...words), 1, "the set has no vectors");
    }
    expectRefusal(await vectors("lint", at("empty.json")), 1, "the set has no vectors");
  });

  it("lint exits with 0 where there is nothing to find and with 1 where there is", async () => {
    const code = ["--code", at("probe.hex"), "--address", PROBE];
    expect((await vectors("lint", at("good.json"), ...code)).code).toBe(0);
    const found = await vectors("lint", at("incident.json"), ...code, "--json");
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout).findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      "incident-survives",
    ]);
  });

  it("coverage exits with 1 below a minimum, and says so", async () => {
    const args = ["--code", `${at("output.json")}:Probe`, "--address", PROBE, "--minimum"];
    const low = await vectors("coverage", at("good.json"), ...args, "branches=99,functions=1");
    expect(low.code).toBe(1);
    expect(low.stdout).toMatch(/store\(uint256,uint256\) +1/);
    expect(low.stdout).toContain("below the minimum: branches");
    const enough = await vectors("coverage", at("good.json"), ...args, "functions=10", "--json");
    expect(enough.code).toBe(0);
    expect(JSON.parse(enough.stdout).functions.reached).toBe(3);
    expectRefusal(
      await vectors("coverage", at("good.json"), ...args, "lines=3"),
      2,
      "functions, branches, opcodes",
    );
  });
});

describe("a hostile vector file", () => {
  it("is refused with one error, and quickly", async () => {
    await writeFile(at("nested.json"), `{"vectors":${"[".repeat(5_000_000)}${"]".repeat(5_000_000)}}`);
    expectRefusal(await vectors("root", at("nested.json")), 1, /^error: .*\n {2}why: .*\n {2}to do: .*\n$/);
  });
});
