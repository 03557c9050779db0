import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationText } from "../../src/cli/init/template.js";
import {
  type Deployments,
  deploymentsToJson,
  parseConfiguration,
  parseDeployments,
  readDeployments,
  readProject,
  withDeployments,
  writeDeployments,
} from "../../src/project/index.js";
import { put, temporaryFolder } from "./projects.js";

const [ADDRESS, OTHER] = [
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
];
const WORD = `0x${"1a".repeat(32)}`;
const contract = { address: ADDRESS!, transaction: WORD, block: 12, codehash: WORD, creationHash: WORD };
const record: Deployments = {
  mainnet: {
    chainId: 1n,
    timelock: ADDRESS!,
    block: 12,
    setupHash: WORD,
    keyClass: "production",
    contracts: { FastTrackTimelock: contract },
  },
};
const facts = { tool: "foundry", artifacts: "out", sources: "src" } as const;
const text = configurationText({
  facts,
  chainId: 1,
  kind: "uups",
  contracts: ["src/Vault.sol:Vault"],
}).replace('address = ""', `address = "${OTHER}"`);

describe("a record of deployments", () => {
  it("is read as it is written", async () => {
    expect(parseDeployments(JSON.stringify(deploymentsToJson(record)))).toEqual(record);
    const folder = temporaryFolder();
    expect(await readDeployments(folder)).toEqual({});
    await writeDeployments(folder, record);
    expect(await readDeployments(folder)).toEqual(record);
    await expect(writeDeployments(join(folder, "no"), record)).rejects.toMatchObject({
      code: "config/unwritable-deployments",
    });
    await expect(readDeployments(folder, ".")).rejects.toMatchObject({ code: "config/unreadable" });
  });

  it.each<[string, (json: ReturnType<typeof deploymentsToJson>) => unknown]>([
    ["another schema", (json) => ({ ...json, schema: "sealpatch.deployments/2" })],
    ["a member more", (json) => ({ ...json, more: 1 })],
    [
      "a chain without timelock",
      (json) => ({ ...json, chains: { mainnet: { ...json.chains.mainnet, timelock: undefined } } }),
    ],
    [
      "an address that is none",
      (json) => ({ ...json, chains: { mainnet: { ...json.chains.mainnet, timelock: "0x12" } } }),
    ],
    [
      "another class",
      (json) => ({ ...json, chains: { mainnet: { ...json.chains.mainnet, keyClass: "real" } } }),
    ],
    [
      "a block that is none",
      (json) => ({ ...json, chains: { mainnet: { ...json.chains.mainnet, block: -1 } } }),
    ],
    ["a name that is none", (json) => ({ ...json, chains: { "main net": json.chains.mainnet } })],
    ["text", () => "hello"],
  ])("is refused with %s", (_, change) => {
    const json = change(deploymentsToJson(record));
    expect(() => parseDeployments(JSON.parse(JSON.stringify(json)))).toThrow(
      expect.objectContaining({ code: "config/malformed-deployments" }),
    );
  });

  it("fills in what the configuration leaves empty, by the file that it names", async () => {
    const filled = withDeployments(parseConfiguration(text), record);
    expect(filled.chains.mainnet).toMatchObject({ id: 1, timelock: ADDRESS, block: 12 });
    expect(withDeployments(parseConfiguration(text), {}).chains.mainnet!.timelock).toBeUndefined();
    const folder = temporaryFolder();
    put(folder, {
      "sealpatch.toml": text.replace('artifacts = "out"', 'artifacts = "out"\ndeployments = "live.json"'),
      "live.json": deploymentsToJson(record),
    });
    const { configuration } = await readProject(join(folder, "sealpatch.toml"));
    expect(configuration.chains.mainnet).toMatchObject({ timelock: ADDRESS, block: 12 });
  });

  it.each([
    ["timelock", `# timelock = "0x.."`, `timelock = "${OTHER}"`],
    ["block", "# block = 0", "block = 13"],
    ["id", "id = 1\n", "id = 10\n"],
  ])("is not overruled by another %s of the configuration, nor overrules it", (key, from, to) => {
    expect(() => withDeployments(parseConfiguration(text.replace(from, to)), record)).toThrow(
      expect.objectContaining({
        code: "config/contradiction",
        details: expect.objectContaining({ key: `chains.mainnet.${key}` }),
      }),
    );
  });
});
