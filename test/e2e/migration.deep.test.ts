import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Contract, dataSlice, getAddress, ZeroAddress, ZeroHash, zeroPadValue } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import { DrillChain } from "../../src/drill/chain.js";
import { deploySafes } from "../../src/drill/safe.js";
import { compileVulnerable, deployCase, type LiveCase } from "../../src/drill/scene.js";
import {
  type Artifact,
  AuditorSet,
  canonicalLayout,
  deployContract,
  layoutRoot,
  newAuditorKey,
  type PatchPolicy,
  PROXY_SLOTS,
  parseArtifact,
  type TimelockClient,
} from "../../src/index.js";
import { blocksOf } from "../document-blocks.js";
import { sampleSet } from "../vectors/sample.js";

const require = createRequire(import.meta.url);
const DELAY = 2 * 86_400;
const TIMELOCK = [
  "function schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
  "function execute(address,uint256,bytes,bytes32,bytes32) payable",
];
const ADMIN = [
  "function upgradeAndCall(address,address,bytes) payable",
  "function owner() view returns (address)",
];

// What the guide's blocks are put into: the imports that it tells of, and the names of its table.
const PREAMBLE = `
import { Contract, dataSlice, getAddress, getBytes, Interface, ZeroAddress, ZeroHash } from "ethers";
import { canonicalLayout, codeDigest, deployTimelock, deployVerifier, lanePolicy, layoutRoot, TimelockClient } from "sealpatch";
const OWNABLE = new Interface(["function transferOwnership(address)", "function owner() view returns (address)"]);
const TIMELOCK = ${JSON.stringify(TIMELOCK)};
const IMPLEMENTATION_SLOT = "${PROXY_SLOTS.implementation}";
`;
const GIVEN = [
  "governance",
  "oldTimelock",
  "minDelay",
  "proxy",
  "proxyAdmin",
  "councilSafe",
  "guardianSafe",
  "artifact",
  "policy",
  "terms",
  "bounds",
  "waitSeconds",
];

type Migrate = (given: Record<string, unknown>) => Promise<TimelockClient>;

/** The blocks of docs/migration.md as a function. */
async function readGuide(folder: string): Promise<Migrate> {
  const guide = readFileSync("docs/migration.md", "utf8");
  const blocks = blocksOf("docs/migration.md").filter(({ language }) => language === "ts");
  expect(blocks).toHaveLength(4);
  for (const name of GIVEN) expect(guide).toContain(`\`${name}\``);
  const body = `export async function migrate({ ${GIVEN.join(", ")} }) {\n${blocks.map(({ text }) => text).join("\n")}\nreturn timelock; }`;
  const sdk = pathToFileURL("src/index.ts").href;
  const file = join(folder, "guide.ts");
  await writeFile(file, (PREAMBLE + body).replace('"sealpatch"', JSON.stringify(sdk)));
  const { migrate } = (await import(file)) as { migrate: Migrate };
  return migrate;
}

const published = (name: string): Artifact =>
  parseArtifact(
    JSON.parse(readFileSync(require.resolve(`@openzeppelin/contracts/build/contracts/${name}.json`), "utf8")),
  );

let chain: DrillChain;
let folder: string;
let oldTimelock: Contract;
let live: LiveCase;
let proxyAdmin: string;
let artifact: Artifact;
let timelock: TimelockClient;

beforeAll(async () => {
  // Inside the repository, so that the guide's imports are found.
  folder = await mkdtemp(join("build", "migration-"));
  const migrate = await readGuide(join(process.cwd(), folder));
  chain = await DrillChain.start();
  const governance = chain.accounts.at(-1)!;
  const people = [governance.address];
  oldTimelock = await deployContract(governance, {
    artifact: published("TimelockController"),
    constructorArguments: [DELAY, people, people, ZeroAddress],
  });
  artifact = await compileVulnerable(corpusCase, "transparent");
  live = await deployCase(chain, await oldTimelock.getAddress(), corpusCase, "transparent", artifact);
  proxyAdmin = getAddress(dataSlice(await chain.provider.getStorage(live.proxy, PROXY_SLOTS.admin), 12));
  const [council, guardian] = await deploySafes(chain.accounts.at(-2)!, [
    { owners: 5, threshold: 3 },
    { owners: 3, threshold: 2 },
  ]);
  timelock = await migrate({
    governance,
    oldTimelock: await oldTimelock.getAddress(),
    minDelay: DELAY,
    proxy: live.proxy,
    proxyAdmin,
    councilSafe: council!.address,
    guardianSafe: guardian!.address,
    artifact,
    policy: {
      auditors: new AuditorSet(Array.from({ length: 3 }, () => newAuditorKey().publicKey)),
      threshold: 3,
      baseline: sampleSet(),
      maxWaivers: 0,
      layoutRoot: layoutRoot(canonicalLayout(artifact)),
      migrationCaller: proxyAdmin,
    } satisfies PatchPolicy,
    terms: { delay: 3_600, grace: 86_400, disclosureDeadline: 86_400, checks: [] },
    bounds: {
      minDelay: 3_600,
      maxDelay: 86_400,
      minGrace: 3_600,
      maxGrace: 86_400,
      minDisclosureDeadline: 3_600,
      maxDisclosureDeadline: 86_400,
      maxValidity: 864_000,
    },
    waitSeconds: async (seconds: number) => chain.travelTo((await chain.now()) + BigInt(seconds)),
  });
}, 600_000);

afterAll(async () => {
  await chain?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function upgradeThrough(owner: Contract, implementation: string, salt: string): Promise<void> {
  const admin = new Contract(proxyAdmin, ADMIN, chain.provider);
  const data = admin.interface.encodeFunctionData("upgradeAndCall", [live.proxy, implementation, "0x"]);
  await (await owner.getFunction("schedule")(proxyAdmin, 0n, data, ZeroHash, salt, DELAY)).wait();
  await chain.travelTo((await chain.now()) + BigInt(DELAY));
  await (await owner.getFunction("execute")(proxyAdmin, 0n, data, ZeroHash, salt)).wait();
}

describe("the migration guide, run as it is written", () => {
  it("ends with an open fast lane, and with the live implementation as baseline", async () => {
    expect(await timelock.laneStatus(live.proxy)).toBe("open");
    const baseline = await timelock.baseline(live.proxy);
    expect(baseline.implementation.toLowerCase()).toBe(live.current.address.toLowerCase());
  });

  it("takes the right to upgrade from the old timelock", () =>
    chain.onSnapshot(async () => {
      await expect(upgradeThrough(oldTimelock, live.current.address, ZeroHash)).rejects.toThrow(/revert/);
    }));

  it("T03: no statement is made for a proxy whose own slots disagree with its registration", async () => {
    const word = (address: string) => zeroPadValue(address, 32);
    for (const [slot, code] of [
      [PROXY_SLOTS.implementation, "chain/other-implementation"],
      [PROXY_SLOTS.admin, "chain/other-admin"],
    ] as const) {
      await expect(timelock.target(live.proxy, 1n)).resolves.toMatchObject({ proxy: live.proxy });
      await chain.onSnapshot(async () => {
        await chain.provider.send("anvil_setStorageAt", [live.proxy, slot, word(timelock.address)]);
        await expect(timelock.target(live.proxy, 1n)).rejects.toMatchObject({ code });
      });
    }
  });

  it("P08, P10: leaves the slow path as it was, and an upgrade there makes the baseline stale", () =>
    chain.onSnapshot(async () => {
      const other = await deployContract(chain.accounts[0]!, { artifact });
      const slow = new Contract(timelock.address, TIMELOCK, chain.accounts.at(-1)!);
      await upgradeThrough(slow, await other.getAddress(), ZeroHash);
      expect(await timelock.laneStatus(live.proxy)).toBe("baseline-stale");
    }));
});
