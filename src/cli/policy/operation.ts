import { VoidSigner, ZeroAddress } from "ethers";
import { TimelockClient } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { buildPolicy, checkPolicyFile, type Project, proxyNamed, timelockOf } from "../../project/index.js";
import { areOpen } from "../checks.js";
import { type ConfigurationOptions, chosenProxies, projectOf } from "../configuration.js";
import { type OperationOptions, printOperation } from "../operation/print.js";
import { usageError } from "../options.js";

/** `policy operation`. */
export async function operation(
  proxies: readonly string[],
  options: ConfigurationOptions & OperationOptions,
): Promise<void> {
  const project = await projectOf(options);
  const { configuration } = project;
  const names = chosenProxies(project, proxies);
  const chain = chainNameOf(project, names);
  const address = timelockOf(configuration, names[0]!);
  // Nothing is read from the chain, and nothing sent.
  const timelock = await TimelockClient.at(address, new VoidSigner(ZeroAddress));
  const calls = [];
  for (const name of names) calls.push(await policyCall(project, name, timelock));
  const title = `sets the policy of ${names.join(", ")}`;
  printOperation({ title, chain, timelock, calls, more: { proxies: names } }, configuration, options);
}

function chainNameOf({ configuration }: Project, names: readonly string[]): string {
  const chains = [...new Set(names.map((name) => proxyNamed(configuration, name).chain))];
  if (chains.length === 1) return chains[0]!;
  throw usageError(
    chains.length === 0 ? "the configuration has no proxies" : "these proxies are on several chains",
    chains.length === 0 ? "add a section for each proxy" : `name those of one chain: ${chains.join(", ")}`,
  );
}

/** The call that sets a policy, of a file that is what the configuration makes. */
async function policyCall(project: Project, name: string, timelock: TimelockClient) {
  const built = await buildPolicy(project, name);
  const checks = await checkPolicyFile(project, name, built);
  if (areOpen(checks)) {
    const differing = checks.filter(({ outcome }) => outcome !== "holds").map((line) => line.name);
    throw new SealpatchError(
      "config/stale-policy",
      `the policy file of ${name} is not what the configuration makes`,
      {
        details: { proxy: name, differs: differing.join(", ") },
        why: `it differs in ${differing.join(", ")}`,
        remedy: "build it again, and have it reviewed again",
      },
    );
  }
  return timelock.setPolicyCall(proxyNamed(project.configuration, name).address, built.lane);
}
