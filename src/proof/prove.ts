import { keccak256 } from "ethers";
import type { Attestation } from "../audit/index.js";
import { bindPoint, evaluateCodePolynomial } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { layoutWitness } from "../layout/index.js";
import { type CircuitName, type Manifest, readManifest } from "../manifest.js";
import type { ReviewedPatch } from "../patch/index.js";
import { attestInput } from "./attest.js";
import { bindInput } from "./bind.js";
import { checkedProvingKey, type OnProgress, readVerifyingKey, verifyingKeyOf } from "./keys/index.js";
import {
  type CircuitInput,
  findProver,
  type Groth16Proof,
  type Prover,
  proofHolds,
  toSolidityProof,
  verifyProof,
} from "./prover/index.js";
import { type AttestStatement, attestSignals, type BindStatement, bindSignals } from "./statement.js";

/** A statement with its proof. */
export interface Proven<Statement> {
  readonly statement: Statement;
  readonly proof: Groth16Proof;
}

/** What needs no auditor: a council member's own review, and the proof that binds the code. */
export interface PreparedPatch {
  readonly review: ReviewedPatch;
  readonly bind: Proven<BindStatement>;
}

/** Both proofs, with the review and the attestations that they rest on. */
export interface ProvenPatch extends PreparedPatch {
  readonly attestations: readonly Attestation[];
  readonly attest: Proven<AttestStatement>;
}

export interface ProveOptions {
  /** Circuits and keys; those of the package unless given. */
  readonly manifest?: Manifest;
  /** rapidsnark where it is found, else the built-in prover, unless given. */
  readonly prover?: Prover;
  readonly onProgress?: OnProgress;
}

/** What `proveAttest` proves of a reviewed patch. */
export function attestStatementOf({ policy, statement }: ReviewedPatch): AttestStatement {
  const { commitment, vectorRoot, targetsRoot } = statement;
  return {
    commitment,
    auditorRoot: policy.auditors.root,
    threshold: BigInt(policy.threshold),
    vectorRoot,
    maxWaivers: BigInt(policy.maxWaivers),
    layoutRoot: policy.layoutRoot,
    targetsRoot,
  };
}

/** What `proveBind` proves of a patch. */
export function bindStatementOf({
  commitment,
  opening,
  code,
}: Pick<ReviewedPatch["patch"], "commitment" | "opening" | "code">): BindStatement {
  const point = bindPoint(commitment, keccak256(code.code));
  const { layoutRoot, account, migrationDigest, codeDigest } = opening;
  const value = evaluateCodePolynomial(code.code, point);
  return { commitment, point, value, layoutRoot, account, migrationDigest, codeDigest };
}

/**
 * Proves that a reviewed patch may be scheduled (protocol.md section 7).
 * @throws SealpatchError as `attestInput`: a false statement is refused, with the rule that it breaks, before any
 *   witness is computed; `proof/no-key`, `key/changed` where the proving key is missing or has other bytes; and as
 *   `Prover.prove`.
 * @example
 * ```ts
 * const attest = await proveAttest(review, attestations);
 * if (!(await verifyAttest(attest))) throw new Error("the proof does not verify");
 * const proven: ProvenPatch = { review, bind, attest, attestations };
 * ```
 */
export async function proveAttest(
  review: ReviewedPatch,
  attestations: readonly Attestation[],
  options: ProveOptions = {},
): Promise<Proven<AttestStatement>> {
  await prepareHashing();
  const { patch, policy, report } = review;
  const statement = attestStatementOf(review);
  const input = attestInput(statement, {
    opening: patch.opening,
    baseline: report.baseline,
    incidents: report.incidents,
    currentCode: report.currentCode,
    layout: layoutWitness(patch.layouts),
    auditors: policy.auditors,
    attestations,
  });
  return { statement, proof: await prove("attest", input, attestSignals(statement), options) };
}

/**
 * Proves that the deployed code is the one inside C (protocol.md section 8). Everything is known beforehand, so both
 * proofs are made together.
 * @example
 * ```ts
 * // Needs no auditor, so it can be made while they work.
 * const bind = await proveBind(review, { onProgress: ({ stage }) => console.log(stage) });
 * ```
 */
export async function proveBind(
  { patch }: Pick<ReviewedPatch, "patch">,
  options: ProveOptions = {},
): Promise<Proven<BindStatement>> {
  await prepareHashing();
  const { opening, code } = patch;
  const statement = bindStatementOf(patch);
  const input = bindInput(statement, { opening, code: code.code });
  return { statement, proof: await prove("bind", input, bindSignals(statement), options) };
}

/**
 * True where the proof is valid for exactly this statement under the verifying key that is inside the build's proving key. A development
 * key's file is enough.
 * @throws SealpatchError `proof/no-key` where another proving key is not on this machine, `key/...` where it is not what the build made.
 * @example
 * ```ts
 * const proof = parseAttestProof(await readFile("attest.json", "utf8"));
 * console.log((await verifyAttest(proof)) ? proof.statement.commitment : "it does not verify");
 * ```
 */
export async function verifyAttest(proven: Proven<AttestStatement>, manifest?: Manifest): Promise<boolean> {
  const key = await verifyingKeyOf(manifest ?? (await readManifest()), "attest");
  return verifyProof(key, attestSignals(proven.statement), proven.proof);
}

/**
 * The same by the verifying key alone, as a file of the package or of the key package has it: without the proving key, which only provers
 * have, and by other arithmetic than snarkjs'.
 * @throws SealpatchError `proof/not-built`, `key/...` where the file is no key, or one that accepts false proofs (T07).
 * @example
 * ```ts
 * const proof = parseAttestProof(await readFile("attest.json", "utf8"));
 * console.log((await verifyAttestByKeyFile(proof)) ? proof.statement.commitment : "it does not verify");
 * ```
 */
export async function verifyAttestByKeyFile(
  { statement, proof }: Proven<AttestStatement>,
  manifest?: Manifest,
): Promise<boolean> {
  const key = await readVerifyingKey(manifest ?? (await readManifest()), "attest");
  return proofHolds(key, attestSignals(statement), toSolidityProof(proof));
}

/**
 * True where the proof is valid for exactly this statement under the verifying key that is inside the build's proving key. A development
 * key's file is enough.
 * @throws SealpatchError `proof/no-key` where another proving key is not on this machine, `key/...` where it is not what the build made.
 * @example
 * ```ts
 * const proof = parseBindProof(await readFile("bind.json", "utf8"));
 * console.log((await verifyBind(proof)) ? proof.statement.commitment : "it does not verify");
 * ```
 */
export async function verifyBind(proven: Proven<BindStatement>, manifest?: Manifest): Promise<boolean> {
  const key = await verifyingKeyOf(manifest ?? (await readManifest()), "bind");
  return verifyProof(key, bindSignals(proven.statement), proven.proof);
}

async function prove(
  circuit: CircuitName,
  input: CircuitInput,
  expectedSignals: readonly bigint[],
  options: ProveOptions,
): Promise<Groth16Proof> {
  const manifest = options.manifest ?? (await readManifest());
  const zkeyFile = await checkedProvingKey(manifest, circuit);
  const prover = options.prover ?? findProver();
  const { proof, publicSignals } = await prover.prove({
    wasmFile: manifest.circuits[circuit].wasm,
    zkeyFile,
    input,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  if (publicSignals.some((signal, index) => signal !== expectedSignals[index])) {
    throw new SealpatchError(
      "proof/other-signals",
      `the ${circuit} circuit has other signals than its statement`,
      {
        details: { circuit },
        remedy: "build circuits and package from the same sources",
      },
    );
  }
  return proof;
}
