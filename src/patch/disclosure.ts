import { getAddress, keccak256 } from "ethers";
import { placeAttestations } from "../audit/index.js";
import { agrees, type Check, CheckList, fails, notChecked } from "../checks.js";
import type { Artifact } from "../code/index.js";
import { prepareHashing } from "../field/index.js";
import { quoted } from "../foreign-text.js";
import { assertNoObjection, layoutRoot } from "../layout/index.js";
import type { CompilerChoice } from "../solc/index.js";
import { assertReport, type Hex, type RunProgress, report, vectorRoot } from "../vectors/index.js";
import type { ContractSource } from "./bundle.js";
import { type ShownOpening, shownOpening } from "./commitment.js";
import { assertCurrentSource } from "./current.js";
import { type Disclosure, disclosureHash, parseDisclosure } from "./disclosure-file.js";
import { type InstalledFacts, installedNow, installedThen } from "./installed.js";
import { type RebuiltPatch, rebuildCurrent, rebuildExecuted } from "./rebuild.js";
import { assertMigrationCaller, assertRegisteredLayout } from "./review.js";
import type { AttestStatement } from "./statement.js";
import { TargetTree, targetOfStatement } from "./targets.js";
import { unusedSources } from "./unused-sources.js";

/** What the chain says about an executed and disclosed statement. */
export interface DisclosureFacts {
  readonly id: string;
  /** Public signals of the attest proof, as the contract computed them at schedule. */
  readonly signals: AttestStatement;
  /** What the proxy ran before, by the baseline that the statement stood on; no code where the node does not have it. */
  readonly replaced: {
    readonly implementation: string;
    readonly codehash: string;
    readonly code: Uint8Array | null;
  };
  /** What the timelock installed, and the hash of its code as the timelock saw it. */
  readonly executed: { readonly implementation: string; readonly codehash: string };
  readonly installed: InstalledFacts;
  /** Who calls a migration of this proxy: the ProxyAdmin of the policy that the statement stood on, else the timelock. */
  readonly migrationCaller: string;
  /** The opening of C, and the hash of each publication: the council may publish again. */
  readonly disclosed: { readonly opening: ShownOpening; readonly bundleHashes: readonly string[] };
}

/** The lines of a verification, by what other lines build on. */
export const LINES = {
  file: "the file is the one disclosed on chain",
  targets: "the statement names these targets",
  current: "the replaced code is compiled from the source that the patch is compared with",
  registered: "the layout of the replaced code is the registered one",
  source: "the source compiles, and the commitment opens to it",
  opening: "the opening on chain is the same",
  deployed: "the deployed code is the compiled code",
  installedThen: "the execution installed the patch",
  installedNow: "the proxy runs the patch, or what it was openly upgraded to since",
  migration: "the migration ran as in the vectors",
  layout: "the storage layout is kept",
  baseline: "the baseline vectors are the registered ones",
  vectors: "the patch passes the vectors, and the code it replaced fails every incident",
  auditors: "enough registered auditors signed these results",
} as const;

/**
 * Checks a disclosure against the chain, trusting neither the council nor the auditors: recompiles the source, reruns
 * every vector, opens every commitment, and looks at what the proxy ran and runs. All checks are made even where an earlier one fails;
 * one that does not hold because of an earlier one is "not checked", and names it. So is what this machine has no compiler for.
 * @throws SealpatchError `patch/malformed-disclosure`, and those of its parts.
 * @example
 * ```ts
 * const facts = await readDisclosureFacts(timelock, { commitment });
 * const checks = await verifyDisclosure(text, facts);
 * for (const { name, outcome, detail } of checks) console.log(`${name}: ${outcome}: ${detail}`);
 * ```
 */
export async function verifyDisclosure(
  text: string,
  facts: DisclosureFacts,
  { onProgress, ...choice }: CompilerChoice & { readonly onProgress?: RunProgress } = {},
): Promise<Check[]> {
  await prepareHashing();
  const disclosure = parseDisclosure(text);
  const { bundle } = disclosure;
  const { signals, replaced, executed, installed, disclosed } = facts;
  const lines = new CheckList();

  await lines.check(LINES.file, () => {
    if (!disclosed.bundleHashes.includes(disclosureHash(text))) throw fails("hash differs");
    return "hash agrees";
  });
  await lines.check(LINES.targets, () => namesTargets(disclosure, facts));

  let current: Awaited<ReturnType<typeof rebuildCurrent>> | undefined;
  const replacedCode = (): Uint8Array => {
    const { code } = replaced;
    if (code === null) throw notChecked(`the node does not have the code of ${replaced.implementation}`);
    agrees("replaced code", keccak256(code), replaced.codehash);
    return code;
  };
  await lines.check(LINES.current, async () => {
    current = await rebuildCurrent(bundle, choice);
    const code = replacedCode();
    assertCurrentSource(current.artifact, { code, address: replaced.implementation as Hex });
    return `${code.length} bytes at ${replaced.implementation}${notPart(current.artifact, bundle.current)}`;
  });
  await lines.check(LINES.registered, () => {
    if (current === undefined) throw notChecked(`waits for: ${LINES.current}`);
    assertRegisteredLayout(layoutRoot(current.layout), signals.layoutRoot);
    return "layout root agrees";
  }, [LINES.current]);

  let patch: RebuiltPatch | undefined;
  const rebuilt = (): RebuiltPatch => {
    if (patch === undefined) throw notChecked(`waits for: ${LINES.source}`);
    return patch;
  };
  // The gaps of the new layout are read by the old one.
  await lines.check(LINES.source, async () => {
    patch = await rebuildExecuted(bundle, choice);
    return agrees("commitment", patch.commitment, signals.commitment) + notPart(patch.artifact, bundle);
  }, [LINES.current, LINES.registered]);
  await lines.check(LINES.opening, () => {
    const opening = shownOpening(rebuilt().opening);
    const parts = Object.keys(opening) as (keyof ShownOpening)[];
    for (const part of parts) agrees(part, disclosed.opening[part], opening[part]);
    return `${parts.length} parts`;
  }, [LINES.source]);
  await lines.check(LINES.deployed, () => {
    const { code, address } = rebuilt().code;
    agrees("code hash", executed.codehash, keccak256(code));
    agrees("account", getAddress(executed.implementation), getAddress(address));
    return `${code.length} bytes at ${executed.implementation}`;
  }, [LINES.source]);
  await lines.check(LINES.installedThen, () => installedThen(executed.implementation, installed));
  await lines.check(LINES.installedNow, () => installedNow(executed.implementation, installed));
  await lines.check(LINES.migration, () => {
    assertMigrationCaller(bundle, facts.migrationCaller);
    return bundle.migration.length === 0 ? "there is none" : `called by ${facts.migrationCaller}`;
  });
  await lines.check(LINES.layout, () => {
    const { layouts, layoutDiff } = rebuilt();
    assertNoObjection(layoutDiff());
    const { upgradesCore } = layoutDiff().verdicts;
    const [before, after] = [layouts.old, layouts.new].map(({ entries }) => entries.length);
    return `${before} variables before, ${after} after; upgrades-core: ${upgradesCore}`;
  }, [LINES.registered, LINES.source]);
  await lines.check(LINES.baseline, () =>
    agrees("vector root", vectorRoot(disclosure.baseline), signals.vectorRoot),
  );
  let digest: bigint | undefined;
  await lines.check(LINES.vectors, async () => {
    const results = await report({
      baseline: disclosure.baseline,
      incidents: bundle.incidents,
      currentCode: { code: replacedCode(), address: disclosure.currentImplementation as Hex },
      patchCode: rebuilt().code,
      maxWaivers: Number(signals.maxWaivers),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    digest = results.reportDigest;
    assertReport(results);
    const { baseline, incidents, waived } = results;
    return `${baseline.length} baseline, ${waived.length} waived, ${incidents.length} incidents`;
  }, [LINES.targets, LINES.source, LINES.migration, LINES.baseline]);
  await lines.check(LINES.auditors, () => {
    agrees("auditor root", disclosure.auditors.root, signals.auditorRoot);
    if (digest === undefined) throw notChecked("there are no results to compare with");
    return signedBy(disclosure, { ...signals, reportDigest: digest });
  }, [LINES.vectors]);
  return lines.checks;
}

/** Which sources a line says nothing of. */
function notPart(artifact: Artifact, source: ContractSource): string {
  const names = unusedSources(artifact, source);
  return names.length === 0 ? "" : `; of no part of the contract: ${names.map(quoted).join(", ")}`;
}

function namesTargets(
  { targets, currentImplementation }: Disclosure,
  { id, signals, replaced }: DisclosureFacts,
): string {
  agrees("targets root", new TargetTree(targets).root, signals.targetsRoot);
  const target = targetOfStatement(targets, { commitment: signals.commitment, id });
  if (target === undefined) throw fails(`no target gives the statement ${id}`);
  agrees("replaced implementation", replaced.implementation, currentImplementation);
  return agrees("code hash of the replaced implementation", replaced.codehash, target.codehash);
}

function signedBy(
  { attestations, auditors }: Disclosure,
  statement: AttestStatement & { readonly reportDigest: bigint },
): string {
  const { threshold } = statement;
  const placed = placeAttestations({ attestations, statement, auditors, threshold });
  return `auditors ${placed.map(({ index }) => index).join(", ")}; ${threshold} needed`;
}
