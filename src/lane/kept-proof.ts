import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { id } from "ethers";
import { recipientOf } from "../age.js";
import { SealpatchError } from "../errors.js";
import type { CircuitName, Manifest } from "../manifest.js";
import { decryptText, encryptText } from "../patch/index.js";
import {
  type AttestStatement,
  attestProofToJson,
  attestSignals,
  type BindStatement,
  bindProofToJson,
  bindSignals,
  type Proven,
  parseAttestProof,
  parseBindProof,
  verifyAttest,
  verifyBind,
} from "../proof/index.js";
import { type State, unwritableState } from "../state/index.js";
import { writeWhole } from "../whole-file.js";

/** Where proofs are kept until they are needed, and for whom. */
export interface Keeping {
  readonly state: Pick<State, "folder">;
  /** age identity of whoever proves: what is kept is encrypted to it alone. */
  readonly identity: string;
  /** The keys that the proofs are made with. */
  readonly manifest: Manifest;
}

interface Circuit<Statement> {
  readonly name: CircuitName;
  readonly signals: (statement: Statement) => bigint[];
  readonly toJson: (proven: Proven<Statement>) => object;
  readonly parse: (text: string) => Proven<Statement>;
  readonly verify: (proven: Proven<Statement>, manifest: Manifest) => Promise<boolean>;
}

export const ATTEST: Circuit<AttestStatement> = {
  name: "attest",
  signals: attestSignals,
  toJson: attestProofToJson,
  parse: parseAttestProof,
  verify: verifyAttest,
};
export const BIND: Circuit<BindStatement> = {
  name: "bind",
  signals: bindSignals,
  toJson: bindProofToJson,
  parse: parseBindProof,
  verify: verifyBind,
};

/**
 * The proof of a statement: the one that an earlier run kept, where it is of this very statement and verifies, else a new one, which is
 * verified and kept.
 * @throws SealpatchError `proof/does-not-verify`, and as `prove`.
 */
export async function keptProof<Statement>(
  circuit: Circuit<Statement>,
  statement: Statement,
  { state, identity, manifest }: Keeping,
  prove: () => Promise<Proven<Statement>>,
): Promise<{ readonly proven: Proven<Statement>; readonly isNew: boolean }> {
  const signals = circuit.signals(statement);
  const file = join(state.folder, `${circuit.name}-${id(signals.join()).slice(2, 18)}.age`);
  const kept = await read(circuit, file, identity);
  if (
    kept !== undefined &&
    isSame(circuit.signals(kept.statement), signals) &&
    (await circuit.verify(kept, manifest))
  )
    return { proven: kept, isNew: false };
  const proven = await prove();
  if (!isSame(circuit.signals(proven.statement), signals) || !(await circuit.verify(proven, manifest)))
    throw new SealpatchError("proof/does-not-verify", `the proof of ${circuit.name} does not verify`, {
      details: { circuit: circuit.name },
      remedy: "check the proving key against the circuit, or use another prover",
    });
  const sealed = await encryptText(JSON.stringify(circuit.toJson(proven)), [await recipientOf(identity)]);
  await writeWhole(file, sealed, { mode: 0o600, replace: true }).catch((error: unknown) => {
    throw unwritableState(file, error);
  });
  return { proven, isNew: true };
}

const isSame = (a: readonly bigint[], b: readonly bigint[]): boolean => a.join() === b.join();

/** What an earlier run kept; whatever else is there is as good as nothing. */
async function read<Statement>(
  { parse }: Circuit<Statement>,
  file: string,
  identity: string,
): Promise<Proven<Statement> | undefined> {
  try {
    return parse(await decryptText(await readFile(file), identity));
  } catch {
    return undefined;
  }
}
