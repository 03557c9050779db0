import { join } from "node:path";
import { AuditorSet, newAuditorKey } from "../../src/audit/index.js";
import { configurationText } from "../../src/cli/init/template.js";
import { prepareHashing } from "../../src/field/index.js";
import { policyToJson } from "../../src/patch/index.js";
import { callVector, put } from "../project/projects.js";
import { sampleSet } from "../vectors/sample.js";

export const TIMELOCK = `0x${"11".repeat(20)}`;
const NODE = "http://127.0.0.1:8545/";

await prepareHashing();
export const auditorKeys = [newAuditorKey(), newAuditorKey()] as const;
export const auditors = new AuditorSet(auditorKeys.map(({ publicKey }) => publicKey));
export const baseline = sampleSet([callVector("0x01"), callVector("0x02")]);
const policy = {
  ...{ auditors, threshold: 2, baseline, maxWaivers: 1, layoutRoot: 3n, migrationCaller: TIMELOCK },
};

/** A project of one proxy in a folder of its own, with its policy. */
export function projectIn(
  folder: string,
  rpc: string = NODE,
): { readonly config: string; readonly policyFile: string } {
  const facts = { tool: "foundry", artifacts: "out", sources: "src" } as const;
  const text = configurationText({ facts, chainId: 31337, kind: "uups", contracts: ["src/Vault.sol:Vault"] });
  put(folder, {
    "sealpatch.toml": text
      .replace('# timelock = "0x.."', `timelock = "${TIMELOCK}"`)
      .replace('address = ""', `address = "0x${"22".repeat(20)}"`)
      .replace("env:RPC_URL", rpc),
    "policies/Vault.json": policyToJson(policy),
  });
  return { config: join(folder, "sealpatch.toml"), policyFile: join(folder, "policies/Vault.json") };
}
