import { randomBytes } from "node:crypto";
import { hexlify } from "ethers";
import { assertPresentTarget } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import {
  type ContractSource,
  NO_GROUP,
  newBundle,
  type PatchBundle,
  type ReviewedPatch,
  rebuildPatch,
  reviewPatch,
  sealGroup,
  type Target,
} from "../patch/index.js";
import type { CompilerChoice } from "../solc/index.js";
import type { RunProgress, VectorSet } from "../vectors/index.js";
import { openLane, type ProxyLane } from "./lane.js";
import { previousLayout } from "./named-files.js";
import type { Project } from "./read.js";

/** A patch for a proxy of the configuration, before it is sealed. */
export interface PatchForProxy {
  /** Name of the proxy in the configuration. */
  readonly proxy: string;
  readonly source: ContractSource;
  /** Of the live implementation. */
  readonly current: (lane: ProxyLane) => Promise<ContractSource>;
  readonly incidents: VectorSet;
  /** Addresses of linked libraries, by fully qualified name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** ABI-encoded. */
  readonly constructorArguments: Uint8Array;
  /** Calldata, empty where there is none; then `migrationGas` is 0. */
  readonly migration: Uint8Array;
  readonly migrationGas: bigint;
}

/** How patches are sealed. */
export interface SealOptions extends CompilerChoice {
  /** Seconds from now on for which the statement may be used; the configuration's `max_validity` unless given. */
  readonly validFor?: number;
  /** Vectors of the patch that is being reviewed. */
  readonly onProgress?: RunProgress;
}

/** A patch that was sealed, and reviewed as each auditor will. */
export interface SealedForProxy {
  readonly lane: ProxyLane;
  readonly review: ReviewedPatch;
  readonly target: Target;
}

/**
 * Seals patches, each for its proxy as the chain has it now: all bundles first, then, where there are several, the group that they execute in, then each
 * one is reviewed as its auditors will, so that none of them is the first to find a fault.
 * @param patches in the order of execution.
 * @throws SealpatchError `config/invalid-value` where `validFor` is longer than `max_validity`; as `openLane`, `newBundle`, `sealGroup`
 *   and `reviewPatch`.
 * @example
 * ```ts
 * const project = await readProject("sealpatch.toml");
 * const patch: PatchForProxy = {
 *   proxy: "Vault",
 *   source: await sourceInProject(project, "src/Vault.sol:Vault"),
 *   current: ({ currentCode }) => sourceOfLive(project, "src/Vault.sol:Vault", currentCode),
 *   incidents: await readVectorSet("incidents.json"),
 *   libraries: {},
 *   constructorArguments: new Uint8Array(0),
 *   migration: new Uint8Array(0),
 *   migrationGas: 0n,
 * };
 * const [sealed] = await sealPatches(project, [patch]);
 * await writeFile("patch.age", await encryptBundle(sealed!.review.patch.bundle, auditorRecipients));
 * ```
 */
export async function sealPatches(
  project: Project,
  patches: readonly PatchForProxy[],
  { validFor, ...options }: SealOptions = {},
): Promise<SealedForProxy[]> {
  const validity = validityOf(project, validFor);
  const sealed: { lane: ProxyLane; bundle: PatchBundle; target: Target }[] = [];
  for (const patch of patches) {
    const lane = await openLane(project, patch.proxy);
    const { timelock, proxy } = lane;
    const target = await timelock.target(proxy, (await timelock.now()) + validity);
    const { source, current, proxy: _, ...parts } = patch;
    const bundle = await newBundle(
      {
        ...source,
        ...parts,
        current: { ...(await current(lane)), ...(await previousLayout(project, patch.proxy)) },
        deployer: timelock.address,
        deploySalt: hexlify(randomBytes(32)),
        migrationCaller: await timelock.migrationCaller(proxy),
      },
      { ...options, currentCode: lane.currentCode },
    );
    sealed.push({ lane, bundle, target });
  }
  const group = sealed.length < 2 ? NO_GROUP : await groupOfAll(sealed, options);
  const reviewed: SealedForProxy[] = [];
  for (const { lane, bundle, target: alone } of sealed) {
    const target = { ...alone, group };
    const review = await reviewForTarget(lane, bundle, target, options);
    reviewed.push({ lane, review, target });
  }
  return reviewed;
}

async function groupOfAll(
  sealed: readonly { lane: ProxyLane; bundle: PatchBundle; target: Target }[],
  choice: CompilerChoice,
): Promise<string> {
  const members = [];
  for (const { lane, bundle, target } of sealed) {
    const { delay, grace } = (await lane.timelock.policy(lane.proxy))!;
    members.push({ patch: await rebuildPatch(bundle, choice), target, delay, grace });
  }
  return sealGroup(members, await sealed[0]!.lane.timelock.now());
}

function validityOf({ configuration }: Project, validFor: number | undefined): bigint {
  const longest = configuration.timelock.max_validity;
  const seconds = validFor ?? longest;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longest) return BigInt(seconds);
  throw new SealpatchError("config/invalid-value", "the patch would be valid for too long, or for no time", {
    details: { seconds, longest },
    why: `timelock.max_validity is ${longest} s`,
    remedy: "give whole seconds, at least 1 and at most that",
  });
}

/**
 * Reviews a sealed patch for the target that it is to be attested for, by what the chain says now: what each auditor and the prover do
 * before they sign or prove.
 * @param lane of the target's proxy (`proxyOf`).
 * @throws SealpatchError `chain/other-target`, and as `reviewPatch`.
 * @example
 * ```ts
 * const project = await readProject("sealpatch.toml");
 * const bundle = await decryptBundle(await readFile("patch.age"), identity);
 * const target = parseTarget(await readFile("patch.target.json", "utf8"));
 * const lane = await openLane(project, proxyOf(project, target));
 * const { statement } = await reviewForTarget(lane, bundle, target);
 * ```
 */
export async function reviewForTarget(
  { timelock, proxy, policy, currentCode }: ProxyLane,
  bundle: PatchBundle,
  target: Target,
  options: Omit<SealOptions, "validFor"> = {},
): Promise<ReviewedPatch> {
  await assertPresentTarget(timelock, proxy, target);
  return reviewPatch({ bundle, policy, currentCode, targets: [target], ...options });
}
