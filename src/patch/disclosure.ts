import { getAddress, keccak256 } from "ethers";
import { placeAttestations } from "../audit/index.js";
import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { assertNoObjection, layoutRoot } from "../layout/index.js";
import type { CompilerChoice } from "../solc/index.js";
import { assertReport, type Hex, type RunProgress, report, vectorRoot } from "../vectors/index.js";
import { type ShownOpening, shownOpening } from "./commitment.js";
import { assertCurrentSource } from "./current.js";
import { disclosureHash, parseDisclosure } from "./disclosure-file.js";
import { fails, type InstalledFacts, installedNow, installedThen, notChecked } from "./installed.js";
import { type RebuiltPatch, rebuildExecuted } from "./rebuild.js";
import { assertMigrationCaller, assertRegisteredLayout } from "./review.js";
import type { AttestStatement } from "./statement.js";
import { statementId, TargetTree, targetLeaf } from "./targets.js";

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

/** Errors of the machine that checks, not of what it checks. */
const WITHOUT_COMPILER: ReadonlySet<string> = new Set([
  "code/no-compiler",
  "code/other-compiler",
  "code/compiler-stopped",
]);

/**
 * What came of a check. What could not be looked at is neither: a program that verifies exits with 0 where all hold, with 1 where one
 * fails, and else with 2.
 */
export type Outcome = "holds" | "fails" | "not checked";

/** One line of a verification. */
export interface Check {
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/**
 * Checks a disclosure against the chain, trusting neither the council nor the auditors: recompiles the source, reruns
 * every vector, opens every commitment, and looks at what the proxy ran and runs. All checks are made even where an earlier one fails.
 * @throws SealpatchError `patch/malformed-disclosure`; `code/no-compiler`, `code/other-compiler`, `code/compiler-stopped` where
 *   this machine cannot compile the source: that says nothing about the disclosure.
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
  const checks: Check[] = [];
  const check = async (name: string, test: () => Promise<string> | string): Promise<void> => {
    try {
      checks.push({ name, outcome: "holds", detail: await test() });
    } catch (error) {
      if (error instanceof SealpatchError && WITHOUT_COMPILER.has(error.code)) throw error;
      // What a library says may be anything; what this package says is written for readers.
      const [code, detail] =
        error instanceof SealpatchError ? [error.code, error.message] : ["", "the check broke off"];
      checks.push({ name, outcome: code === "patch/not-checked" ? "not checked" : "fails", detail });
    }
  };
  const { signals, replaced, executed, installed, disclosed } = facts;

  await check("the file is the one disclosed on chain", () => {
    const hash = disclosureHash(text);
    if (!disclosed.bundleHashes.includes(hash)) throw fails("hash differs");
    return "hash agrees";
  });
  const disclosure = parseDisclosure(text);
  const tree = new TargetTree(disclosure.targets);
  let patch: RebuiltPatch | undefined;

  await check("the source compiles, and the commitment opens to it", async () => {
    patch = await rebuildExecuted(disclosure.bundle, choice);
    return equal("commitment", patch.commitment, signals.commitment);
  });
  const rebuilt = (): RebuiltPatch => {
    if (patch === undefined) throw fails("the patch could not be rebuilt");
    return patch;
  };
  await check("the opening on chain is the same", () => {
    const opening = shownOpening(rebuilt().opening);
    const parts = Object.keys(opening) as (keyof ShownOpening)[];
    for (const part of parts) equal(part, disclosed.opening[part], opening[part]);
    return `${parts.length} parts`;
  });
  await check("the deployed code is the compiled code", () => {
    const { code, address } = rebuilt().code;
    equal("code hash", executed.codehash, keccak256(code));
    equal("account", getAddress(executed.implementation), getAddress(address));
    return `${code.length} bytes at ${executed.implementation}`;
  });
  await check("the statement names these targets", () => {
    equal("targets root", tree.root, signals.targetsRoot);
    const ids = disclosure.targets.map((target) => statementId(signals.commitment, targetLeaf(target)));
    if (!ids.includes(facts.id)) throw fails(`no target gives the statement ${facts.id}`);
    const target = disclosure.targets[ids.indexOf(facts.id)]!;
    equal("replaced implementation", replaced.implementation, disclosure.currentImplementation);
    return equal("code hash of the replaced implementation", replaced.codehash, target.codehash);
  });
  await check("the execution installed the patch", () => installedThen(executed.implementation, installed));
  await check("the proxy runs the patch, or what it was openly upgraded to since", () =>
    installedNow(executed.implementation, installed),
  );
  await check("the migration ran as in the vectors", () => {
    const { bundle } = disclosure;
    assertMigrationCaller(bundle, facts.migrationCaller);
    return bundle.migration.length === 0 ? "there is none" : `called by ${facts.migrationCaller}`;
  });
  const replacedCode = (): Uint8Array => {
    const { code } = replaced;
    if (code === null) throw notChecked(`the node does not have the code of ${replaced.implementation}`);
    equal("replaced code", keccak256(code), replaced.codehash);
    return code;
  };
  await check("the replaced code is compiled from the source that the patch is compared with", () => {
    const code = replacedCode();
    assertCurrentSource(rebuilt().current, { code, address: replaced.implementation as Hex });
    return `${code.length} bytes at ${replaced.implementation}`;
  });
  await check("the storage layout is kept", () => {
    const { layouts, layoutDiff } = rebuilt();
    assertRegisteredLayout(layoutRoot(layouts.old), signals.layoutRoot);
    assertNoObjection(layoutDiff());
    const { upgradesCore } = layoutDiff().verdicts;
    const [before, after] = [layouts.old, layouts.new].map(({ entries }) => entries.length);
    return `${before} variables before, ${after} after; upgrades-core: ${upgradesCore}`;
  });
  await check("the baseline vectors are the registered ones", () =>
    equal("vector root", vectorRoot(disclosure.baseline), signals.vectorRoot),
  );
  let digest: bigint | undefined;
  await check("the patch passes the vectors, and the code it replaced fails every incident", async () => {
    const results = await report({
      baseline: disclosure.baseline,
      incidents: disclosure.bundle.incidents,
      currentCode: { code: replacedCode(), address: disclosure.currentImplementation as Hex },
      patchCode: rebuilt().code,
      maxWaivers: Number(signals.maxWaivers),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    digest = results.reportDigest;
    assertReport(results);
    const { baseline, incidents, waived } = results;
    return `${baseline.length} baseline, ${waived.length} waived, ${incidents.length} incidents`;
  });
  await check("enough registered auditors signed these results", () => {
    equal("auditor root", disclosure.auditors.root, signals.auditorRoot);
    if (replaced.code === null) throw notChecked("there are no results to compare with");
    if (digest === undefined) throw fails("there are no results");
    const placed = placeAttestations({
      attestations: disclosure.attestations,
      statement: { ...signals, reportDigest: digest },
      auditors: disclosure.auditors,
      threshold: signals.threshold,
    });
    return `auditors ${placed.map(({ index }) => index).join(", ")}; ${signals.threshold} needed`;
  });
  return checks;
}

function equal<T extends string | bigint>(what: string, actual: T, expected: T): string {
  if (actual === expected) return `${what} agrees`;
  throw fails(`${what} differs`);
}
