import { cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { dataSlice, getAddress, type JsonRpcSigner } from "ethers";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import type { Actor } from "../../corpus/CVE-2021-39168/timelock.js";
import { deployContract, PROXY_SLOTS } from "../../src/chain/index.js";
import { readArtifact } from "../../src/code/index.js";
import { FOUNDRY_LINES } from "../../src/compiler-settings.js";
import type { DrillChain } from "../../src/drill/chain.js";
import { deploySubject, send } from "../../src/drill/deploy.js";
import type { CaseContext } from "../../src/drill/index.js";
import type { Hex } from "../../src/vectors/index.js";
import { forgeBuild, put } from "../project/projects.js";

/** The protocol's contract in its Foundry project, and where forge puts its artifact. */
export const CONTRACT = "src/CouncilTimelock.sol:CouncilTimelock";
export const ARTIFACT = "out/CouncilTimelock.sol/CouncilTimelock.json";

/** The Foundry project of the drill's incident, on the release of OpenZeppelin's contracts that has the flaw. */
export function timelockProject(folder: string): void {
  put(folder, {
    "foundry.toml": `[profile.default]
offline = true
solc = "${resolve("tools/solc-shim.cjs")}"
evm_version = "cancun"
optimizer = true
auto_detect_remappings = false
remappings = ["@openzeppelin/contracts-upgradeable/=lib/openzeppelin/"]
${FOUNDRY_LINES}
`,
    "src/CouncilTimelock.sol": readFileSync("corpus/CVE-2021-39168/contracts/CouncilTimelock.sol", "utf8"),
  });
  buildOn(folder, "4.3.0");
}

/** Takes another release of OpenZeppelin's contracts, and compiles the project again. */
export function buildOn(folder: string, release: string): void {
  const library = join(folder, "lib/openzeppelin");
  rmSync(library, { recursive: true, force: true });
  cpSync(`node_modules/@openzeppelin/contracts-upgradeable-${release}`, library, {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || file.endsWith(".sol"),
  });
  forgeBuild(folder, "--force");
}

/** The protocol as it runs before anybody knows of a flaw. */
export interface LiveTimelock {
  readonly context: CaseContext<Actor>;
  readonly proxy: string;
  /** The ProxyAdmin, which is governance's. */
  readonly admin: string;
}

/** Puts the project's contract behind a proxy. */
export async function deployLive(
  chain: DrillChain,
  folder: string,
  governance: JsonRpcSigner,
): Promise<LiveTimelock> {
  const { provider, accounts } = chain;
  const artifact = await readArtifact(join(folder, ARTIFACT));
  const implementation = (await (await deployContract(accounts[0]!, { artifact })).getAddress()) as Hex;
  const casting = { proxyOwner: governance.address as Hex };
  const context = await deploySubject(provider, corpusCase, "transparent", implementation, casting);
  const word = await provider.getStorage(context.subject, PROXY_SLOTS.admin);
  return { context, proxy: getAddress(context.subject), admin: getAddress(dataSlice(word, 12)) };
}

/** Sends the published exploit. @returns whether the chain shows that it succeeded, and the hash of the attack. */
export async function exploit(
  { provider }: DrillChain,
  { context }: LiveTimelock,
): Promise<{ succeeded: boolean; attack: string }> {
  let attack = "";
  for (const transaction of corpusCase.exploit(context)) attack = (await send(provider, transaction)).hash;
  return { succeeded: await corpusCase.exploited(context, provider), attack };
}
