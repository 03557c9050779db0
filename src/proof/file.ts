import type { z } from "zod";
import { fieldElement } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { BASE_FIELD_ORDER } from "./keys/index.js";
import type { Proven } from "./prove.js";
import { proofSchema } from "./prover/index.js";
import type { AttestStatement, BindStatement } from "./statement.js";

const FORM: FormName = { code: "proof/malformed", what: "a proof of this circuit with its statement" };

const coordinates = ({ pi_a, pi_b, pi_c }: z.output<ReturnType<typeof proofSchema>>): string[] =>
  [pi_a, pi_b, pi_c].flat(2);

/** A proof in snarkjs' form, nothing beside it, each coordinate in [0, p). */
const strictProof = lazily(() =>
  zod
    .strictObject(proofSchema().shape)
    .refine((proof) => coordinates(proof).every((coordinate) => BigInt(coordinate) < BASE_FIELD_ORDER)),
);

// The circuit is named, so that the file of one is never taken for that of the other.
const attestSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.proof/2"),
    circuit: zod.literal("attest"),
    statement: zod.strictObject({
      commitment: fieldElement(),
      auditorRoot: fieldElement(),
      threshold: fieldElement(),
      vectorRoot: fieldElement(),
      maxWaivers: fieldElement(),
      layoutRoot: fieldElement(),
      targetsRoot: fieldElement(),
    }),
    proof: strictProof(),
  }),
);

const bindSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.proof/2"),
    circuit: zod.literal("bind"),
    statement: zod.strictObject({
      commitment: fieldElement(),
      point: fieldElement(),
      value: fieldElement(),
      layoutRoot: fieldElement(),
      account: fieldElement(),
      migrationDigest: fieldElement(),
      codeDigest: fieldElement(),
    }),
    proof: strictProof(),
  }),
);

/**
 * Reads a proof of `attest` with its statement (`sealpatch.proof/2`). It is not verified: `verifyAttest` does that.
 * @param file its JSON, or its text.
 * @throws SealpatchError `proof/malformed`, also for a proof of `bind`.
 * @example
 * ```ts
 * const proof = parseAttestProof(await readFile("attest.json", "utf8"));
 * if (!(await verifyAttest(proof))) throw new Error("the proof does not verify");
 * ```
 */
export function parseAttestProof(file: unknown): Proven<AttestStatement> {
  const { statement, proof } = parseForm(attestSchema(), file, FORM);
  return { statement, proof };
}

/** The JSON form of a proof of `attest` with its statement. Everything in it becomes public when it is scheduled. */
export function attestProofToJson(proven: Proven<AttestStatement>): z.input<ReturnType<typeof attestSchema>> {
  const { statement, proof } = proven;
  return formToJson(
    attestSchema(),
    { schema: "sealpatch.proof/2", circuit: "attest", statement, proof },
    FORM,
  );
}

/**
 * Reads a proof of `bind` with its statement (`sealpatch.proof/2`). It is not verified: `verifyBind` does that.
 * @param file its JSON, or its text.
 * @throws SealpatchError `proof/malformed`, also for a proof of `attest`.
 */
export function parseBindProof(file: unknown): Proven<BindStatement> {
  const { statement, proof } = parseForm(bindSchema(), file, FORM);
  return { statement, proof };
}

/** The JSON form of a proof of `bind` with its statement. Keep it until execution: who has the code can link the two. */
export function bindProofToJson(proven: Proven<BindStatement>): z.input<ReturnType<typeof bindSchema>> {
  const { statement, proof } = proven;
  return formToJson(bindSchema(), { schema: "sealpatch.proof/2", circuit: "bind", statement, proof }, FORM);
}
