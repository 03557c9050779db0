import { SealpatchError } from "../errors.js";
import { prepareHashing } from "../field/index.js";
import { jsonOf } from "../file-form.js";
import { parseSchedule, type ScheduleMember } from "../lane/index.js";
import { type Disclosure, type PatchPolicy, parseDisclosure, parsePolicy } from "../patch/index.js";
import { parseAttestProof, parseBindProof } from "../proof/index.js";
import type { ProofFile } from "./proof.js";

/** What can be verified, by what its file says that it is. */
export type Verifiable =
  | { readonly kind: "disclosure"; readonly disclosure: Disclosure }
  | { readonly kind: "policy"; readonly policy: PatchPolicy }
  | { readonly kind: "proof"; readonly file: ProofFile }
  | { readonly kind: "schedule"; readonly members: readonly ScheduleMember[] };

/** The reader of each form, by the beginning of its `schema`: which version it reads, it says itself. */
const READERS: Readonly<Record<string, (json: unknown) => Verifiable>> = {
  "sealpatch.disclosure/": (json) => ({ kind: "disclosure", disclosure: parseDisclosure(json) }),
  "sealpatch.policy/": (json) => ({ kind: "policy", policy: parsePolicy(json) }),
  "sealpatch.proof/": (json) => ({ kind: "proof", file: proofOf(json) }),
  "sealpatch.schedule/": (json) => ({ kind: "schedule", members: parseSchedule(json) }),
};

/**
 * Reads a file that can be verified: a disclosure, a policy, a proof with its statement, or a schedule.
 * @param text of the file.
 * @throws SealpatchError `verify/unknown-file` where it is none of these, and as the reader of its form.
 * @example
 * ```ts
 * const file = await readVerifiable(await readFile("disclosure.json", "utf8"));
 * console.log(`a ${file.kind}`);
 * ```
 */
export async function readVerifiable(text: string): Promise<Verifiable> {
  const json = jsonOf(text, { code: "verify/unknown-file", what: "a file that can be verified" });
  const { schema } = (json ?? {}) as { schema?: unknown };
  const form = Object.keys(READERS).find((each) => typeof schema === "string" && schema.startsWith(each));
  if (form === undefined) {
    throw new SealpatchError("verify/unknown-file", "this is not a file that can be verified", {
      why: "its `schema` is none of those that are understood",
      remedy: `give a file of: ${Object.keys(READERS)
        .map((each) => each.slice(0, -1))
        .join(", ")}`,
    });
  }
  await prepareHashing();
  return READERS[form]!(json);
}

function proofOf(json: unknown): ProofFile {
  const { circuit } = json as { circuit?: unknown };
  return circuit === "bind"
    ? { circuit, proven: parseBindProof(json) }
    : { circuit: "attest", proven: parseAttestProof(json) };
}
