import { createHash } from "node:crypto";
import { SealpatchError } from "../../errors.js";
import { quoted } from "../../foreign-text.js";
import { checkPage, differences } from "../../portal/check.js";
import { portalKey } from "../../portal/data.js";
import { dataOfPage } from "../../portal/form.js";
import type { PortalData } from "../../portal/model.js";
import { print, printJson } from "../../terminal/index.js";
import { exitCodeOf, printChecks } from "../checks.js";
import { hasConfiguration } from "../configuration.js";
import { readInput } from "../input-file.js";
import { openChosenKeys } from "../keys/chosen.js";
import { refusesKeys } from "../keys/refused.js";
import { EXIT } from "../run.js";
import { builtPortal, type PortalOptions } from "./inputs.js";

/** `portal check`. */
export async function check(file: string, options: PortalOptions): Promise<void> {
  const found = await readInput(file);
  const sha256 = createHash("sha256").update(found).digest("hex");
  const { policy, chain, node, name } = options;
  const isAlone =
    !hasConfiguration(options) && [policy, chain, node, name].every((given) => given === undefined);
  await (isAlone ? alone : againstInputs)({ file, found, sha256 }, options);
}

interface Found {
  readonly file: string;
  readonly found: Uint8Array;
  readonly sha256: string;
}

async function againstInputs({ file, found, sha256 }: Found, options: PortalOptions): Promise<void> {
  const built = await builtPortal(options);
  if (built === undefined) return;
  const isSame = Buffer.compare(found, Buffer.from(built.html, "utf8")) === 0;
  process.exitCode = isSame ? EXIT.done : EXIT.refused;
  const differs = isSame ? [] : differing(found, built.data);
  if (options.json)
    return printJson({ same: isSame, sha256, expected: built.sha256, ...(isSame ? {} : { differs }) });
  if (isSame) return print(`${file} is the page of these inputs`, `  SHA-256  ${sha256}`);
  print(`${file} is not the page of these inputs`, `  SHA-256  ${sha256}`, `  built    ${built.sha256}`);
  print(`  differs  ${differs.join(", ")}`);
}

/** Where a page has other data than it should; `page` where it is not its data that differ. */
function differing(found: Uint8Array, expected: PortalData): readonly string[] {
  try {
    const places = differences(dataOfPage(textOf(found)), expected);
    if (places.length > 0) return places.map((place) => `data.${place}`);
  } catch (error) {
    if (!(error instanceof SealpatchError)) throw error;
  }
  return ["page"];
}

async function alone({ file, found, sha256 }: Found, options: PortalOptions): Promise<void> {
  const keys = await openChosenKeys(options);
  if (refusesKeys(keys, options)) return;
  const { manifest } = keys;
  const { data, checks } = await checkPage(textOf(found), { manifest, key: await portalKey(manifest) });
  process.exitCode = exitCodeOf(checks);
  const { key, chains, policies, protocol } = data;
  const shown = {
    protocol,
    chains: chains.map(({ name, chainId, timelock, fromBlock, nodes, proxies }) => ({
      ...{ name, chainId, timelock, fromBlock, nodes, proxies },
    })),
    setupHash: key.setupHash,
    keyClass: key.keyClass,
    policies: policies.length,
  };
  if (options.json) return printJson({ file, sha256, page: shown, checks });
  print(file, `  SHA-256   ${sha256}`, `  protocol  ${quoted(protocol)}`);
  for (const { name, chainId, timelock, fromBlock, nodes, proxies } of chains) {
    print(`  chain     ${quoted(name)}, ${chainId}`, `  timelock  ${timelock}, from block ${fromBlock}`);
    for (const [proxy, address] of Object.entries(proxies)) print(`  proxy     ${address}, ${quoted(proxy)}`);
    for (const node of nodes) print(`  node      ${quoted(node)}`);
  }
  print(`  keys      ${key.setupHash}`, `  class     ${key.keyClass}`, `  policies  ${policies.length}`, "");
  printChecks(checks);
}

/** With a byte order mark, where there is one: no page begins with it. */
const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
