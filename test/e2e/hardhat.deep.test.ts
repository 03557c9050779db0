import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TimelockClient } from "../../src/chain/index.js";
import { hardhatCompile } from "../project/hardhat.js";
import { put } from "../project/projects.js";
import { commandHere } from "./commands.js";
import {
  attestFix,
  deployTimelock,
  execute,
  fillAddresses,
  initWords,
  makeKeys,
  prove,
  recordBaseline,
  recordExploit,
  SENDING,
  sealFix,
  sealWords,
  setPolicy,
} from "./incident.js";
import { fill, run, type Stage, setStage } from "./roles-stage.js";
import { exploit, HARDHAT } from "./timelock-project.js";

// The drill's incident in a project that Hardhat compiles, from `init` to the executed patch.

let stage: Stage;
let timelock: TimelockClient;
let commitment: string;

beforeAll(async () => {
  stage = await setStage(HARDHAT, () => commandHere);
});
afterAll(() => stage?.stop());

describe("an incident in a Hardhat project", () => {
  it("init says what the output lacks, and the lines that it prints are all that is missing", async () => {
    const { engineer } = stage.people;
    const told = await run(engineer, 0, ...initWords(stage));
    expect(told).toContain(`The compiler's output lacks storage layouts of ${HARDHAT.contract}.`);
    const [line, command] = [...told.matchAll(/^ {4}(\S.*)$/gm)].map(([, printed]) => printed!);
    expect(told).toContain(`in hardhat.config, in the compiler's settings:\n    ${line}\n`);
    fill(engineer, "project/hardhat.config.js", { "settings: {\n": `settings: {\n      ${line}\n` });
    expect(command).toMatch(/^npx hardhat compile /);
    hardhatCompile(engineer.at("project"), ...command!.split(" ").slice(3));
    rmSync(engineer.at("project/sealpatch.toml"));
    const again = await run(engineer, 0, ...initWords(stage), "--json");
    expect(JSON.parse(again)).toMatchObject({
      tool: "hardhat",
      contracts: [HARDHAT.contract],
      implementations: [HARDHAT.contract],
      lacks: [],
    });
    fillAddresses(stage);
  });

  it("its policy is built, deployed and set, and the chain has what the files say", async () => {
    const { engineer } = stage.people;
    await makeKeys(stage);
    await recordBaseline(stage);
    await run(engineer, 0, "policy", "build");
    expect(await run(engineer, 0, "policy", "check")).toMatch(/holds +file: /);
    timelock = (await deployTimelock(stage)).timelock;
    await setPolicy(stage);
    const told = await run(engineer, 0, "policy", "check", "--rpc");
    expect(told).toMatch(/holds +timelock: code of the implementation/);
    expect(told).not.toMatch(/^differs/m);
  });

  it("a patch is not sealed from a build in part, nor without the source of what is live", async () => {
    const { engineer } = stage.people;
    await recordExploit(stage);
    const folder = engineer.at("private");
    put(folder, { "contracts/Other.sol": "pragma solidity ^0.8.2; contract Other { uint256 x; }" });
    hardhatCompile(folder, "--force");
    put(folder, { "contracts/Other.sol": "pragma solidity ^0.8.2; contract Other { uint256 y; }" });
    for (const build of [() => {}, () => hardhatCompile(folder)]) {
      build();
      const told = await run(engineer, 1, ...sealWords(stage));
      expect(told).toContain("was not compiled as it stands in the project");
      expect(told).toContain("npx hardhat compile --force");
    }
    rmSync(engineer.at("private/contracts/Other.sol"));
    hardhatCompile(folder, "--force");
    const words = sealWords(stage);
    words.splice(words.indexOf("--current"), 2);
    // Hardhat keeps no build-info of what was compiled before.
    const told = await run(engineer, 1, ...words);
    expect(told).toContain("no build-info file compiles to the code that is live");
    expect(told).toContain("compile what is live in a copy of its sources");
  });

  it("is sealed, attested and proven", async () => {
    const { first, second, member, executor } = stage.people;
    const sealed = await sealFix(stage);
    expect(sealed.told).toContain("3 baseline, 0 of them waived; 1 incident");
    commitment = sealed.commitment;
    for (const auditor of [first, second]) {
      const told = await attestFix(stage, auditor);
      expect(told).toMatch(/^- +_beforeCall\(predecessor\);\n\+ +_beforeCall\(id, predecessor\);$/m);
      expect(told).toMatch(/incident +fail +pass +repelled/);
    }
    const told = await prove(stage, 0, "../first.json", "../second.json", "--to", "../executor.json");
    expect(told).toContain(commitment);
    member.give("execution.age", executor);
  }, 600_000);

  it("is scheduled and executed, and the exploit fails", async () => {
    const { chain, live, people } = stage;
    await run(people.member, 0, "schedule", "../schedule.json", ...SENDING);
    expect(await timelock.state(BigInt(commitment))).toBe("scheduled");
    expect((await chain.onSnapshot(() => exploit(chain, live))).succeeded).toBe(true);
    await chain.travelTo((await timelock.statement(BigInt(commitment))).eta);
    expect(await execute(stage, 0)).toContain("it runs the patch");
    expect(await timelock.state(BigInt(commitment))).toBe("executed");
    expect((await chain.onSnapshot(() => exploit(chain, live))).succeeded).toBe(false);
  });
});
