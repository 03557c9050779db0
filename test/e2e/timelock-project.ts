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
import type { Tool } from "../../src/project/index.js";
import type { Hex } from "../../src/vectors/index.js";
import { hardhatCompile, newHardhatProject } from "../project/hardhat.js";
import { forgeBuild, put } from "../project/projects.js";

/** How a tool's project has the protocol of the drill's incident. */
export interface TimelockProject {
  readonly tool: Tool;
  /** The protocol's contract, `src/CouncilTimelock.sol:CouncilTimelock`. */
  readonly contract: string;
  /** Folder of the compiler's output, and the contract's artifact below it. */
  readonly output: string;
  readonly artifact: string;
  /** Folder of OpenZeppelin's contracts. */
  readonly library: string;
  /** Writes the tool's configuration. */
  configure(folder: string): void;
  /** Compiles the whole project. */
  compile(folder: string): void;
}

export const FOUNDRY: TimelockProject = {
  tool: "foundry",
  contract: "src/CouncilTimelock.sol:CouncilTimelock",
  output: "out",
  artifact: "CouncilTimelock.sol/CouncilTimelock.json",
  library: "lib/openzeppelin",
  configure: (folder) =>
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
    }),
  compile: (folder) => forgeBuild(folder, "--force"),
};

/** As somebody has it who never thought of storage layouts. */
export const HARDHAT: TimelockProject = {
  tool: "hardhat",
  contract: "contracts/CouncilTimelock.sol:CouncilTimelock",
  output: "artifacts",
  artifact: "contracts/CouncilTimelock.sol/CouncilTimelock.json",
  library: "node_modules/@openzeppelin/contracts-upgradeable",
  configure: (folder) =>
    newHardhatProject(folder, 'evmVersion: "cancun",\n      optimizer: { enabled: true },'),
  compile: (folder) => hardhatCompile(folder, "--force"),
};

/** Writes and compiles the project, on the release of OpenZeppelin's contracts that has the flaw. */
export function writeTimelockProject(project: TimelockProject, folder: string): void {
  project.configure(folder);
  const [source] = project.contract.split(":");
  put(folder, { [source!]: readFileSync("corpus/CVE-2021-39168/contracts/CouncilTimelock.sol", "utf8") });
  buildOn(project, folder, "4.3.0");
}

/** Takes another release of OpenZeppelin's contracts, and compiles the project again. */
export function buildOn(project: TimelockProject, folder: string, release: string): void {
  const library = join(folder, project.library);
  rmSync(library, { recursive: true, force: true });
  cpSync(`node_modules/@openzeppelin/contracts-upgradeable-${release}`, library, {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || /(\.sol|package\.json)$/.test(file),
  });
  project.compile(folder);
}

/** The protocol as it runs before anybody knows of a flaw. */
export interface LiveTimelock {
  readonly context: CaseContext<Actor>;
  readonly proxy: string;
  /** The ProxyAdmin, which is governance's. */
  readonly admin: string;
}

/** Puts the project's contract behind a proxy. @param artifact path of what was compiled. */
export async function deployLive(
  chain: DrillChain,
  artifact: string,
  governance: JsonRpcSigner,
): Promise<LiveTimelock> {
  const { provider, accounts } = chain;
  const code = { artifact: await readArtifact(artifact) };
  const implementation = (await (await deployContract(accounts[0]!, code)).getAddress()) as Hex;
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
