import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getBytes, id, JsonRpcProvider, type JsonRpcSigner, ZeroAddress, ZeroHash } from "ethers";
import {
  contractArtifact,
  deployContract,
  deployTimelock,
  deployVerifier,
  type SlowPathCall,
  TimelockClient,
} from "../../src/chain/index.js";
import { codeDigest, readArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { policyToJson } from "../../src/patch/index.js";
import { buildPolicy, readProject } from "../../src/project/index.js";
import { policyProject, put } from "../project/projects.js";

const DAY = 86_400;

/** A project whose lane is open: everything of it is deployed, and governance has set policy and baseline. */
export interface OpenLane {
  readonly anvil: Anvil;
  readonly signer: JsonRpcSigner;
  readonly timelock: TimelockClient;
  readonly config: string;
  /** The configuration's text, with anvil as its node. */
  readonly text: string;
  stop(): Promise<void>;
}

/** Makes it in a folder: a vault behind an ERC-1967 proxy, one account in all roles. */
export async function openLane(folder: string): Promise<OpenLane> {
  const anvil = await startAnvil();
  try {
    return await openOn(anvil, folder);
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

async function openOn(anvil: Anvil, folder: string): Promise<OpenLane> {
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  const signer = await provider.getSigner(0);
  const mine = [signer.address];
  const verifier = await (await deployVerifier(signer)).getAddress();
  // What the configuration says, as a deployment takes it.
  const bounds = {
    ...{ minDelay: 3_600, maxDelay: 7 * DAY, minGrace: 3_600, maxGrace: 14 * DAY },
    ...{ minDisclosureDeadline: DAY, maxDisclosureDeadline: 30 * DAY, maxValidity: 30 * DAY },
  };
  const roles = { proposers: mine, executors: mine, council: mine, guardians: mine, admin: ZeroAddress };
  const contract = await deployTimelock(signer, { minDelay: 7 * DAY, roles, verifier, bounds });
  const block = await provider.getBlockNumber();
  const timelock = await TimelockClient.at(await contract.getAddress(), signer);
  await policyProject(folder, { timelock: timelock.address, proxy: timelock.address, rpc: anvil.url });
  const artifact = await readArtifact(join(folder, "out/Vault.sol/Vault.json"));
  const implementation = await (await deployContract(signer, { artifact })).getAddress();
  const proxyArtifact = await contractArtifact("ERC1967Proxy");
  // A proxy wants a call to begin with: one that changes nothing.
  const constructorArguments = [implementation, id("total()").slice(0, 10)];
  const proxy = await (
    await deployContract(signer, { artifact: proxyArtifact, constructorArguments })
  ).getAddress();
  const config = join(folder, "sealpatch.toml");
  let text = readFileSync(config, "utf8")
    .replace(`address = "${timelock.address}"`, `address = "${proxy}"`)
    .replace("# block = 0", `block = ${block}`);
  for (const role of ["proposers", "executors", "council", "guardians"])
    text = text.replace(`${role} = []`, `${role} = ["${signer.address}"]`);
  put(folder, { "sealpatch.toml": text });

  const { lane, policy } = await buildPolicy(await readProject(config), "Vault");
  put(folder, { "policies/Vault.json": policyToJson(policy) });
  const currentCode = codeDigest(getBytes(await provider.getCode(implementation)));
  const baseline = { implementation, layoutRoot: policy.layoutRoot, currentCode };
  const calls: SlowPathCall[] = [
    timelock.setPolicyCall(proxy, lane),
    timelock.setBaselineCall(proxy, baseline),
  ];
  const operation = { calls, salt: ZeroHash };
  await timelock.scheduleSlowPath(operation, BigInt(7 * DAY));
  await provider.send("evm_increaseTime", [7 * DAY + 1]);
  await timelock.executeSlowPath(operation);
  return {
    ...{ anvil, signer, timelock, config, text },
    stop: async () => {
      provider.destroy();
      await anvil.stop();
    },
  };
}
