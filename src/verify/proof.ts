import { keyClassOf } from "../ceremony/index.js";
import { readScheduledFacts, type ScheduledFacts, setupHash, type TimelockClient } from "../chain/index.js";
import { agrees, type Check, CheckList, fails, notChecked } from "../checks.js";
import { bindPoint } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { type Manifest, readManifest } from "../manifest.js";
import {
  type AttestStatement,
  attestSignals,
  type BindStatement,
  type Proven,
  verifyAttest,
  verifyBind,
} from "../proof/index.js";

/** A proof with its statement, by its circuit. */
export type ProofFile =
  | { readonly circuit: "attest"; readonly proven: Proven<AttestStatement> }
  | { readonly circuit: "bind"; readonly proven: Proven<BindStatement> };

/** Where the statement of a proof may be scheduled, and by which keys the proof has to verify. */
export interface VerifyProofOptions {
  /** Nothing is read from a chain unless given. */
  readonly timelock?: TimelockClient;
  /** Where the timelock was deployed; the first block unless given. */
  readonly fromBlock?: number;
  /** Circuits and keys; those of the package unless given. */
  readonly manifest?: Manifest;
}

const SCHEDULED = "the statement is scheduled";

/**
 * Verifies a proof again: by the keys, with the public signals of its statement; where a timelock is given, also that the statement is
 * the one that was scheduled, and a proof of `bind` against the code that was executed.
 * @throws SealpatchError `proof/no-key`, `key/...`; as `readScheduledFacts` where the node does not answer.
 * @example
 * ```ts
 * const proven = parseAttestProof(await readFile("attest.json", "utf8"));
 * const checks = await verifyProofFile({ circuit: "attest", proven }, { timelock });
 * for (const { name, outcome, detail } of checks) console.log(`${name}: ${outcome}: ${detail}`);
 * ```
 */
export async function verifyProofFile(file: ProofFile, options: VerifyProofOptions = {}): Promise<Check[]> {
  const { timelock } = options;
  const manifest = options.manifest ?? (await readManifest());
  const lines = new CheckList();
  await checkProofs(lines, [file], manifest);
  const { commitment } = file.proven.statement;
  const { fromBlock = 0 } = options;
  const facts =
    timelock && (await readScheduledFacts(timelock, { commitment, fromBlock }).catch(neverScheduled));
  const scheduled = (): ScheduledFacts => {
    if (timelock === undefined) throw notChecked("needs a node");
    if (facts === undefined) throw fails("the timelock has no schedule of this commitment");
    return facts;
  };
  await lines.check(SCHEDULED, () => `in block ${scheduled().block}, for ${scheduled().proxy}`);
  if (file.circuit === "attest")
    await lines.check("the public signals are those that the contract computed", () => {
      const [own, theirs] = [attestSignals(file.proven.statement), attestSignals(scheduled().signals)];
      return agrees("the list of signals", own.join(), theirs.join());
    }, [SCHEDULED]);
  else
    await lines.check("the proof is of the code that was executed", () => {
      const { executed } = scheduled();
      if (executed === undefined) throw notChecked("the statement is not executed");
      const { commitment, point } = file.proven.statement;
      return agrees("the point of its polynomial", point, bindPoint(commitment, executed.codehash));
    }, [SCHEDULED]);
  return lines.checks;
}

/** The line of the pairing: that one of these proofs verifies, where there is one. @throws as `verifyAttest`. */
export async function checkProofs(
  lines: CheckList,
  files: readonly ProofFile[],
  manifest: Manifest,
): Promise<void> {
  const [first] = files;
  const keyClass = await keyClassOf(manifest);
  let verifies = false;
  for (const file of files) verifies ||= await isVerified(file, manifest);
  await lines.check("the proof verifies", () => {
    if (first === undefined) throw notChecked("the calldata of the transaction does not show the proof");
    const keys = `the ${first.circuit} key of setup ${setupHash(manifest)}, class ${keyClass}`;
    if (verifies) return `by ${keys}`;
    throw fails(`not by ${keys}`);
  });
}

function isVerified({ circuit, proven }: ProofFile, manifest: Manifest): Promise<boolean> {
  return circuit === "attest" ? verifyAttest(proven, manifest) : verifyBind(proven, manifest);
}

/** That the chain never had a statement is a finding; that nobody answers is none. */
function neverScheduled(error: unknown): undefined {
  const isFinding = error instanceof SealpatchError && error.code === "chain/no-event";
  if (!isFinding || error.details.event !== "StatementScheduled") throw error;
}
