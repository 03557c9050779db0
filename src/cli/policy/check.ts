import { providerOf } from "../../chain/index.js";
import type { Check } from "../../patch/index.js";
import {
  buildPolicy,
  chainOf,
  checkPolicyFile,
  checkPolicyOnChain,
  nodeUrl,
  type Project,
} from "../../project/index.js";
import { print, printJson } from "../../terminal/index.js";
import { exitCodeOf, printChecks } from "../checks.js";
import { type ConfigurationOptions, chosenProxies, projectOf } from "../configuration.js";
import { usageError } from "../options.js";

interface CheckOptions extends ConfigurationOptions {
  /** A URL, or true where the configuration's node is meant. */
  readonly rpc?: string | true;
}

/** `policy check`. */
export async function check(proxies: readonly string[], options: CheckOptions): Promise<void> {
  if (typeof options.rpc === "string" && !/^https?:\/\//.test(options.rpc)) {
    throw usageError("--rpc is followed by something that is no URL", "name the proxies before --rpc");
  }
  const project = await projectOf(options);
  const results: { proxy: string; checks: Check[] }[] = [];
  for (const proxy of chosenProxies(project, proxies)) {
    results.push({ proxy, checks: await checksOf(project, proxy, options.rpc) });
  }
  if (options.json) printJson({ policies: results });
  else
    for (const { proxy, checks } of results) {
      print(proxy);
      printChecks(checks);
    }
  process.exitCode = exitCodeOf(results.flatMap(({ checks }) => checks));
}

async function checksOf(project: Project, proxy: string, rpc: CheckOptions["rpc"]): Promise<Check[]> {
  const built = await buildPolicy(project, proxy);
  const named = (where: string, checks: readonly Check[]) =>
    checks.map((line) => ({ ...line, name: `${where}: ${line.name}` }));
  const ofFile = named("file", await checkPolicyFile(project, proxy, built));
  if (rpc === undefined) return ofFile;
  const provider = providerOf(rpc === true ? nodeUrl(chainOf(project.configuration, proxy)) : rpc);
  try {
    return [...ofFile, ...named("timelock", await checkPolicyOnChain(project, proxy, built, provider))];
  } finally {
    provider.destroy();
  }
}
