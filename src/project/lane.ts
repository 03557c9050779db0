import type { AuditorRegistration } from "../audit/index.js";
import { assertRegisteredPolicy, assertServes, providerOf, TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import type { PatchPolicy, Target } from "../patch/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import { chainOf, nodeUrl, proxyNamed, timelockOf } from "./lookup.js";
import { readRegistrations } from "./named-files.js";
import { readPolicy } from "./policy.js";
import type { Project } from "./read.js";

/** The fast lane of a proxy, as configuration and chain have it together. */
export interface ProxyLane {
  /** Name of the proxy in the configuration. */
  readonly name: string;
  /** Its address. */
  readonly proxy: string;
  readonly timelock: TimelockClient;
  /** From its file, held against the chain. */
  readonly policy: PatchPolicy;
  /** The implementation that is live now. */
  readonly currentCode: CodeUnderTest;
}

/**
 * Reads a proxy's policy and what the chain says of it.
 * @param name of the proxy in the configuration.
 * @throws SealpatchError as `readPolicy`, `nodeUrl`; `config/no-timelock`, `chain/other-chain`, `chain/other-policy`; `chain/...` where
 *   the node does not answer.
 * @example
 * ```ts
 * const lane = await openLane(await readProject("sealpatch.toml"), "Vault");
 * console.log(await lane.timelock.laneStatus(lane.proxy));
 * ```
 */
export async function openLane(project: Project, name: string): Promise<ProxyLane> {
  const { configuration } = project;
  const { address: proxy } = proxyNamed(configuration, name);
  const policy = await readPolicy(project, name);
  const { id, rpc } = chainOf(configuration, name);
  const at = timelockOf(configuration, name);
  const provider = providerOf(nodeUrl({ rpc }));
  await assertServes(provider, BigInt(id));
  const timelock = await TimelockClient.at(at, provider);
  await assertRegisteredPolicy(timelock, proxy, policy);
  return { name, proxy, timelock, policy, currentCode: await timelock.currentCode(proxy) };
}

/**
 * The name of the proxy that a target is for.
 * @throws SealpatchError `config/unknown-target`.
 */
export function proxyOf({ configuration }: Project, target: Target): string {
  const found = Object.entries(configuration.proxies).find(
    ([name, { address }]) =>
      BigInt(address) === BigInt(target.proxy) && BigInt(chainOf(configuration, name).id) === target.chainId,
  );
  if (found !== undefined) return found[0];
  throw new SealpatchError("config/unknown-target", "the configuration has no proxy of this target", {
    details: { proxy: target.proxy, chainId: target.chainId },
    remedy: "take the configuration of the project that the target is of, and a target of this project",
  });
}

/**
 * The registrations of a policy's auditors, from the files that the configuration names: to these bundles are encrypted.
 * @throws SealpatchError `config/unreadable-file`, `config/other-auditors` where they are of other keys than the policy's, and as
 *   `parseAuditorRegistration`.
 */
export async function readAuditors(
  project: Project,
  policy: Pick<PatchPolicy, "auditors">,
): Promise<AuditorRegistration[]> {
  const files = project.configuration.policy.auditors;
  const registrations = await readRegistrations(project);
  const position = policy.auditors.publicKeys.findIndex(
    ([x, y], index) => registrations[index]?.publicKey[0] !== x || registrations[index]?.publicKey[1] !== y,
  );
  if (position < 0 && registrations.length === policy.auditors.publicKeys.length) return registrations;
  throw new SealpatchError("config/other-auditors", "the auditors' files are not those of the policy", {
    details: {
      files: registrations.length,
      auditors: policy.auditors.publicKeys.length,
      file: files[position] ?? null,
    },
    why: "who is not registered must not read the bundle, and who is registered must",
    remedy: "name the public files of the policy's auditors, in its order",
  });
}
