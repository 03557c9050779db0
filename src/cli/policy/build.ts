import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SealpatchError } from "../../errors.js";
import { policyToJson } from "../../patch/index.js";
import { type BuiltPolicy, buildPolicy, proxyNamed } from "../../project/index.js";
import { fullHex, print, printJson } from "../../terminal/index.js";
import { type ConfigurationOptions, chosenProxies, projectOf } from "../configuration.js";
import { jsonText, writeOutput } from "../output-file.js";

/** `policy build`. */
export async function build(
  proxies: readonly string[],
  options: ConfigurationOptions & { readonly replace?: boolean },
): Promise<void> {
  const project = await projectOf(options);
  // Whatever is refused is refused before the first is written.
  const built = [];
  for (const name of chosenProxies(project, proxies)) {
    const file = resolve(project.folder, proxyNamed(project.configuration, name).policy);
    const policy = await buildPolicy(project, name);
    const text = jsonText(policyToJson(policy.policy));
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before !== undefined && before !== text && !options.replace) throw differs(name, file);
    built.push({ file, text, summary: { name, file, changed: before !== text, ...summaryOf(policy) } });
  }
  for (const { file, text, summary } of built) {
    if (summary.changed) await writeOutput(file, text, true);
  }
  const written = built.map(({ summary }) => summary);
  if (options.json) printJson({ policies: written });
  else for (const one of written) printSummary(one);
}

function differs(proxy: string, file: string): SealpatchError {
  return new SealpatchError("cli/file-exists", `the policy of ${proxy} is there, and another one`, {
    details: { proxy, file },
    why: "somebody may have reviewed it, or registered its roots",
    remedy: "look at what `policy check` says of it; --replace writes the new one in its place",
  });
}

function summaryOf({ registrations, policy, lane }: BuiltPolicy) {
  return {
    auditors: registrations.map(({ label, recipient }) => ({ label, recipient })),
    auditorRoot: fullHex(lane.auditorRoot),
    threshold: lane.threshold,
    vectors: policy.baseline.vectors.length,
    vectorRoot: fullHex(lane.vectorRoot),
    maxWaivers: lane.maxWaivers,
    layoutRoot: fullHex(policy.layoutRoot),
    migrationCaller: policy.migrationCaller,
  };
}

function printSummary(one: ReturnType<typeof summaryOf> & { name: string; file: string; changed: boolean }) {
  print(
    `${one.name}: ${one.file}${one.changed ? "" : " (as it was)"}`,
    `  auditor root  ${one.auditorRoot}`,
    `                ${one.threshold} of ${one.auditors.map(({ label }) => label).join(", ")}`,
    `  vector root   ${one.vectorRoot}`,
    `                ${one.vectors} vectors, of which ${one.maxWaivers} may fail`,
    `  layout root   ${one.layoutRoot}`,
    `  migrations    by ${one.migrationCaller}`,
  );
}
