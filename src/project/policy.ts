import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type AuditorRegistration, AuditorSet } from "../audit/index.js";
import { type LanePolicy, lanePolicy } from "../chain/index.js";
import { type Artifact, readArtifact } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { contractLayout, layoutRoot } from "../layout/index.js";
import { type PatchPolicy, parsePolicy } from "../patch/index.js";
import { readVectorSet } from "../vectors/index.js";
import { laneOf, proxyNamed, timelockOf } from "./lookup.js";
import { previousLayout, readRegistrations, textOf } from "./named-files.js";
import type { Project } from "./read.js";

/** A policy that was built, with what it was built from. */
export interface BuiltPolicy {
  /** The auditors in the order of registration; each holds the key that stands there. */
  readonly registrations: readonly AuditorRegistration[];
  /** The implementation that is live, as the project's compiler made it. */
  readonly artifact: Artifact;
  readonly policy: PatchPolicy;
  /** The same with the lane's terms, as the timelock holds it. */
  readonly lane: LanePolicy;
}

/**
 * Builds the policy of a proxy from the files that the configuration names: auditors' registrations, of which each must be signed by its
 * key, baseline vectors, and the layout of the implementation that is live.
 * @param name of the proxy in the configuration.
 * @throws SealpatchError `config/no-such-proxy`, `config/no-timelock`, `config/unreadable-file`, `config/no-artifact`; as
 *   `parseAuditorRegistration`, `readVectorSet`, `readArtifact` and `canonicalLayout` for the files; as `lanePolicy` for the whole.
 * @example
 * ```ts
 * const project = await readProject("sealpatch.toml");
 * const { policy } = await buildPolicy(project, "Vault");
 * await writeFile("policy.json", JSON.stringify(policyToJson(policy)));
 * ```
 */
export async function buildPolicy(project: Project, name: string): Promise<BuiltPolicy> {
  const { configuration } = project;
  const { kind, admin, checks } = proxyNamed(configuration, name);
  const { threshold, max_waivers, vectors } = configuration.policy;
  const migrationCaller = admin ?? timelockOf(configuration, name);
  await prepareHashing();
  const registrations = await readRegistrations(project);
  const artifact = await artifactOf(project, name);
  const policy: PatchPolicy = {
    auditors: new AuditorSet(registrations.map(({ publicKey }) => publicKey)),
    threshold,
    baseline: await readVectorSet(resolve(project.folder, vectors)),
    maxWaivers: max_waivers,
    layoutRoot: await layoutRootOf(artifact, project, name),
    migrationCaller,
  };
  const { delay, grace, disclosure_deadline: disclosureDeadline } = laneOf(configuration, name);
  const terms = { kind, delay, grace, disclosureDeadline, checks: checks.map(withoutUndefined) };
  return {
    registrations,
    artifact,
    policy,
    lane: lanePolicy(policy, admin === undefined ? terms : { ...terms, admin }),
  };
}

/**
 * Reads the policy of a proxy from where the configuration has it.
 * @throws SealpatchError `config/no-such-proxy`, `config/unreadable-file`, and as `parsePolicy`.
 */
export async function readPolicy(project: Project, name: string): Promise<PatchPolicy> {
  await prepareHashing();
  return parsePolicy(await textOf(project, proxyNamed(project.configuration, name).policy));
}

async function layoutRootOf(artifact: Artifact, project: Project, name: string): Promise<bigint> {
  return layoutRoot(contractLayout(artifact, await previousLayout(project, name)).layout);
}

/** The artifact of a proxy's implementation, from where its tool puts it. */
async function artifactOf({ configuration, folder }: Project, name: string): Promise<Artifact> {
  const { contract } = proxyNamed(configuration, name);
  const { tool, artifacts } = configuration.project;
  const split = contract.lastIndexOf(":");
  const [source, contractName] = [contract.slice(0, split), contract.slice(split + 1)];
  const places = tool === "hardhat" ? [source] : endsOf(source);
  const files = places.map((place) => join(resolve(folder, artifacts), place, `${contractName}.json`));
  for (const file of files.filter((each) => existsSync(each))) {
    const artifact = await readArtifact(file);
    if (artifact.sourceName === source && artifact.contractName === contractName) return artifact;
  }
  throw new SealpatchError("config/no-artifact", `the compiler's output has no artifact of ${contract}`, {
    details: { contract, file: files[0]! },
    why: `there is none at ${files[0]}, or it was compiled from another source`,
    remedy: "compile the project, or name the contract as its compiler does",
  });
}

/** Foundry puts artifacts below the name of the source's file, and where two are called alike below more of its path. */
function endsOf(source: string): string[] {
  const parts = source.split("/");
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("/"));
}

function withoutUndefined<T extends { readonly expected?: string | undefined }>({ expected, ...check }: T) {
  return expected === undefined ? check : { ...check, expected };
}
