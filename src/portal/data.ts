import { resolve } from "node:path";
import { keyClassOf } from "../ceremony/index.js";
import { compiledVerifiers, contractArtifact, setupHash } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { quoted } from "../foreign-text.js";
import type { Manifest } from "../manifest.js";
import { type PatchPolicy, parsePolicy } from "../patch/index.js";
import { chainNamed, type Project, readAuditors } from "../project/index.js";
import { verifyingKeyOf } from "../proof/keys/index.js";
import { release } from "../release.js";
import { whatIsNotShown } from "../report/index.js";
import { vectorLeaf } from "../vectors/index.js";
import { codeHashes } from "./code-hashes.js";
import type { PortalChain, PortalData, PortalPolicy } from "./model.js";

/** What a page is built for, besides the project. */
export interface PortalChoices {
  /** The protocol's name; the configuration's unless given, else the names of its proxies. */
  readonly name?: string | undefined;
  /** Chains of the configuration; all of them unless named. */
  readonly chains?: readonly string[] | undefined;
  /** URLs of nodes, each `CHAIN=URL` where there are several chains; the configuration's unless given. */
  readonly nodes?: readonly string[] | undefined;
  /** Files of policies, as the configuration names them, and their texts. */
  readonly policies?: readonly { readonly file: string; readonly text: string }[] | undefined;
}

/**
 * What is built into a page: nothing of it is secret, and equal inputs give equal data.
 * @throws SealpatchError `config/no-such-chain`, `config/no-timelock`, `portal/no-node`, `portal/unused-policy`, and as `parsePolicy`,
 *   `portalKey`.
 */
export async function portalData(
  project: Project,
  manifest: Manifest,
  choices: PortalChoices = {},
): Promise<PortalData> {
  const { configuration } = project;
  const all = Object.keys(configuration.chains);
  const names = choices.chains ?? all;
  const chains = names.map((name) => chainOf(project, chainNamed(configuration, name), choices.nodes ?? []));
  await prepareHashing();
  return {
    schema: "sealpatch.portal/1",
    release: release(),
    protocol: choices.name ?? configuration.project.name ?? Object.keys(configuration.proxies).join(", "),
    chains,
    key: await portalKey(manifest),
    policies: await Promise.all((choices.policies ?? []).map((given) => policyOf(project, names, given))),
    limits: await whatIsNotShown(),
  };
}

/**
 * What a page holds of its keys: the verifying key of `attest`, and what a chain has to hold for them.
 * @throws SealpatchError as `keyClassOf`, `compiledVerifiers` and `verifyingKeyOf`.
 */
export async function portalKey(manifest: Manifest): Promise<PortalData["key"]> {
  const keyClass = await keyClassOf(manifest);
  const { vk_alphabeta_12: _, ...attest } = await verifyingKeyOf(manifest, "attest");
  const verifiers = await compiledVerifiers(manifest, keyClass);
  const own = await Promise.all(
    ["FastTrackTimelock", "PatchVerifier"].map((name) => contractArtifact(name, manifest)),
  );
  return {
    setupHash: setupHash(manifest),
    keyClass,
    attest,
    ...codeHashes([...own, verifiers.attest, verifiers.bind]),
  };
}

function chainOf({ configuration }: Project, name: string, nodes: readonly string[]): PortalChain {
  const { id, timelock, block = 0, rpc } = configuration.chains[name]!;
  if (timelock === undefined)
    throw new SealpatchError(
      "config/no-timelock",
      `the configuration does not say which timelock ${name} has`,
      {
        details: { chain: name },
        why: "the page shows the lane of one timelock on each chain",
        remedy: `deploy it, then add its address as chains.${name}.timelock`,
      },
    );
  const given = nodes
    .map((node) => nodeOf(node))
    .filter(({ chain }) => chain === undefined || chain === name);
  // What stands in the environment may hold a key, and a page is public.
  const urls = given.length > 0 ? given.map(({ url }) => url) : rpc.startsWith("env:") ? [] : [rpc];
  if (urls.length === 0) throw noNode(name);
  const proxies = Object.entries(configuration.proxies).filter(([, { chain }]) => chain === name);
  return {
    name,
    chainId: String(id),
    timelock,
    fromBlock: block,
    nodes: [...new Set(urls)],
    proxies: Object.fromEntries(proxies.map(([proxy, { address }]) => [proxy, address])),
  };
}

/** `CHAIN=URL` or `URL`. */
function nodeOf(text: string): { readonly chain: string | undefined; readonly url: string } {
  const [, chain, address = ""] = /^(?:([A-Za-z0-9_-]+)=)?(https?:\/\/.*)$/.exec(text) ?? [];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // A content policy is a list between spaces and semicolons.
  if (url !== undefined && url.username === "" && url.password === "" && !/[\s;,]/.test(url.origin))
    return { chain, url: url.href };
  throw new SealpatchError("portal/no-node", "what is named as a node is no URL that a page can ask", {
    why: "a browser asks URLs of http and https, without a name and password in them",
    remedy: "give the URL of a node, which everybody may see",
  });
}

function noNode(chain: string): SealpatchError {
  return new SealpatchError("portal/no-node", `the page has no node of ${chain} that it could ask`, {
    details: { chain },
    why: "the configuration takes the node's URL from the environment, where it may hold a key, and a page is public",
    remedy: "name a node that everybody may ask",
  });
}

/** A policy of the proxies for which the configuration names that file. */
async function policyOf(
  project: Project,
  chains: readonly string[],
  { file, text }: { readonly file: string; readonly text: string },
): Promise<PortalPolicy> {
  const policy = parsePolicy(text);
  const labels = await auditorLabels(project, policy);
  const proxies = Object.values(project.configuration.proxies).filter(
    (proxy) => chains.includes(proxy.chain) && resolve(project.folder, proxy.policy) === resolve(file),
  );
  if (proxies.length === 0)
    throw new SealpatchError("portal/unused-policy", `no proxy of the page has the policy ${quoted(file)}`, {
      details: { file },
      why: "the configuration names another file for each of its proxies",
      remedy: "give the file that the configuration names",
    });
  const { threshold, maxWaivers, auditors, baseline } = policy;
  return {
    proxies: proxies.map(({ chain, address }) => ({ chain, proxy: address })),
    threshold,
    maxWaivers,
    auditors: auditors.publicKeys.map(([x, y], place) => ({
      label: labels[place] ?? `auditor ${place + 1}`,
      publicKey: [String(x), String(y)],
    })),
    vectors: baseline.vectors.map((vector) => ({
      label: vector.name,
      leaf: String(vectorLeaf(vector, baseline.codes)),
    })),
  };
}

/** Names by the registrations, none where these are not at hand. */
async function auditorLabels(project: Project, policy: PatchPolicy): Promise<string[]> {
  const registrations = await readAuditors(project, policy).catch(() => []);
  return registrations.map(({ label }) => label);
}
