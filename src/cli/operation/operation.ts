import { runningCode, type SlowPathCall, type TimelockClient } from "../../chain/index.js";
import { codeDigest } from "../../code/index.js";
import { prepareHashing } from "../../field/index.js";
import { type Project, proxyNamed, readPolicy } from "../../project/index.js";
import type { ConfigurationOptions } from "../configuration.js";
import { chosenKeys } from "../keys/chosen.js";
import { refusesKeys } from "../keys/refused.js";
import { timelockOn, withConnection } from "../lane/account.js";
import { integerOf } from "../options.js";
import { type OperationOptions, printOperation } from "./print.js";

type Options = ConfigurationOptions & OperationOptions & { readonly chain?: string };

/** `operation resume`. */
export async function resume(options: Options): Promise<void> {
  await operation(options, async (timelock) => ({
    title: "resumes the fast lane",
    call: timelock.resumeCall(),
  }));
}

/** `operation clear-freeze`. */
export async function clearFreeze(commitment: string, options: Options): Promise<void> {
  const number = integerOf(commitment);
  await operation(options, async (timelock) => ({
    title: `waives the disclosure of ${commitment}`,
    call: timelock.clearFreezeCall(number),
  }));
}

/** `operation set-baseline`. */
export async function setBaseline(proxy: string, options: Options): Promise<void> {
  await operation(options, async (timelock, project) => {
    await prepareHashing();
    const { address, kind } = proxyNamed(project.configuration, proxy);
    const { layoutRoot } = await readPolicy(project, proxy);
    const { address: implementation, code } = await runningCode(timelock.provider, { proxy: address, kind });
    const call = timelock.setBaselineCall(address, {
      implementation,
      layoutRoot,
      currentCode: codeDigest(code),
    });
    return { title: `states that ${proxy} runs ${implementation}`, call };
  });
}

/** `operation set-verifier`. */
export async function setVerifier(
  address: string,
  options: Options & { readonly keys?: string; readonly ptau?: string },
): Promise<void> {
  const keys = await chosenKeys(options);
  if (refusesKeys(keys, options)) return;
  await operation(options, async (timelock) => ({
    title: `sets the verifier ${address}`,
    call: await timelock.setVerifierCall(address, keys.manifest),
  }));
}

async function operation(
  options: Options,
  plan: (timelock: TimelockClient, project: Project) => Promise<{ title: string; call: SlowPathCall }>,
): Promise<void> {
  await withConnection(options, async (connection) => {
    const { project, chain } = connection;
    const timelock = await timelockOn(connection);
    const { title, call } = await plan(timelock, project);
    printOperation({ title, chain, timelock, calls: [call] }, project.configuration, options);
  });
}
