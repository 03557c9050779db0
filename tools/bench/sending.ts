import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encryptKeystoreJson, id, Wallet } from "ethers";
import type { DrillChain } from "../../src/drill/index.js";
import {
  type ProvenPatch,
  plainCall,
  readSafe,
  safeRequest,
  scheduleToJson,
  schedulingOn,
  TimelockClient,
  writeSafeFolder,
} from "../../src/index.js";
import { ROOT } from "../../src/places.js";
import { median } from "./median.js";

const RUNS = 5;
const COMMAND = join(ROOT, "dist/cli/main.js");
const PASSPHRASE = "correct horse battery staple";

/** A whole process, against a limit of its own. */
export interface Timed {
  readonly what: string;
  /** Median, seconds. */
  readonly seconds: number;
  /** What it should not exceed, seconds. */
  readonly goal: number;
}

/**
 * `schedule` by an account from its start to "accepted" on a chain that mines at once, and `safe check` of the folder of the same call.
 * @param folder of the project, with its `sealpatch.toml`.
 */
export async function measureSending(
  folder: string,
  chain: DrillChain,
  { review, attest }: ProvenPatch,
): Promise<Timed[]> {
  const { provider } = chain;
  const at = (name: string) => join(folder, name);
  const members = [{ targets: review.targets.targets, attest }];
  await writeFile(at("schedule.json"), JSON.stringify(scheduleToJson(members)));
  const timelock = await TimelockClient.at(review.targets.targets[0]!.timelock, provider);
  const safe = await councilOf(chain, timelock);
  const wallet = Wallet.createRandom();
  const keystore = await encryptKeystoreJson(
    { address: wallet.address, privateKey: wallet.privateKey },
    PASSPHRASE,
  );
  await writeFile(at("account.json"), keystore);
  await grantCouncil(chain, timelock, wallet.address);
  const [scheduling] = schedulingOn(members, { chainId: 31_337n, timelock: timelock.address });
  const { target: to, data } = timelock.parts.scheduleCall(scheduling!.parts);
  const account = await readSafe(provider, safe);
  const request = safeRequest(account, plainCall({ to, data, nonce: account.nonce }));
  await writeSafeFolder(at("safe"), { request, schedule: members });
  const config = ["--config", at("sealpatch.toml"), "--json"];
  const sending = ["--account", at("account.json"), "--account-passphrase-file", at("pass.txt"), "--yes"];
  const schedule: number[] = [];
  const check: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const snapshot = await provider.send("evm_snapshot", []);
    const taken = secondsOf(["schedule", at("schedule.json"), ...config, ...sending], 0);
    await provider.send("evm_revert", [snapshot]);
    // What is not checked is the policy and the bundle.
    const checked = secondsOf(["safe", "check", at("safe"), ...config], 2);
    // The first run warms the caches up.
    if (run === 0) continue;
    schedule.push(taken);
    check.push(checked);
  }
  return [
    { what: "sealpatch schedule, to accepted", seconds: median(schedule), goal: 1.5 },
    { what: "sealpatch safe check, by a node", seconds: median(check), goal: 0.5 },
  ];
}

/** The Safe that holds COUNCIL_ROLE. */
async function councilOf(
  { provider }: DrillChain,
  { address, interface: abi }: TimelockClient,
): Promise<string> {
  const topics = [abi.getEvent("RoleGranted")!.topicHash, id("COUNCIL_ROLE")];
  const [log] = await provider.getLogs({ address, topics, fromBlock: 0 });
  return `0x${log!.topics[2]!.slice(26)}`;
}

/** Gives an account the role and a balance, as the timelock itself. */
async function grantCouncil(
  { provider }: DrillChain,
  timelock: TimelockClient,
  account: string,
): Promise<void> {
  const { address, interface: abi } = timelock;
  for (const each of [address, account])
    await provider.send("anvil_setBalance", [each, "0x56bc75e2d63100000"]);
  await provider.send("anvil_impersonateAccount", [address]);
  const data = abi.encodeFunctionData("grantRole", [id("COUNCIL_ROLE"), account]);
  await provider.send("eth_sendTransaction", [{ from: address, to: address, data }]);
  await provider.send("anvil_stopImpersonatingAccount", [address]);
}

function secondsOf(words: readonly string[], code: number): number {
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], { encoding: "utf8" });
  if (status !== code)
    throw new Error(`sealpatch ${words.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return (performance.now() - since) / 1000;
}

/** Lines about them, for people. */
export function timedLines(timed: readonly Timed[]): string[] {
  return timed.map(({ what, seconds, goal }) => {
    const verdict = `at most ${goal.toFixed(1)} s: ${seconds <= goal ? "yes" : "NO"}`;
    return `  ${what.padEnd(34)}${seconds.toFixed(3).padStart(7)} s  ${verdict}`;
  });
}
