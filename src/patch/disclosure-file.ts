import { keccak256, toUtf8Bytes } from "ethers";
import type { z } from "zod";
import { type Attestation, AUDITOR_DEPTH, type AuditorSet } from "../audit/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address } from "../schemas.js";
import type { VectorSet } from "../vectors/index.js";
import { zod } from "../zod.js";
import { bundleToJson, type PatchBundle, parseBundle } from "./bundle.js";
import { attestation, auditorSet, inside, vectorSet } from "./parts.js";
import { type Target, targetMembers } from "./target-file.js";

/** Everything that the public needs to check an executed patch against the chain. Nothing in it is secret any more. */
export interface Disclosure {
  readonly bundle: PatchBundle;
  readonly targets: readonly Target[];
  /** Address of the implementation that the patch replaced. */
  readonly currentImplementation: string;
  readonly baseline: VectorSet;
  readonly auditors: AuditorSet;
  readonly attestations: readonly Attestation[];
}

const FORM: FormName = { code: "patch/malformed-disclosure", what: "a disclosure" };
const bundle = inside(parseBundle, bundleToJson);
const disclosureSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.disclosure/2"),
    bundle: bundle(),
    targets: zod.array(targetMembers()).min(1),
    currentImplementation: address(),
    baseline: vectorSet(),
    auditors: auditorSet(),
    attestations: zod.array(attestation()).max(2 ** AUDITOR_DEPTH),
  }),
);

/** The JSON form of a disclosure. What is committed to on chain is its text: see `disclosureText`. */
export function disclosureToJson(disclosure: Disclosure): z.input<ReturnType<typeof disclosureSchema>> {
  const [targets, attestations] = [[...disclosure.targets], [...disclosure.attestations]];
  const members = { schema: "sealpatch.disclosure/2" as const, ...disclosure, targets, attestations };
  return formToJson(disclosureSchema(), members, FORM);
}

/**
 * The text of a disclosure file. Its bytes are what `bundleHash` commits to.
 * @example
 * ```ts
 * const text = disclosureText(disclosureOf(proven));
 * console.log(`bundle hash ${disclosureHash(text)}`);
 * ```
 */
export function disclosureText(disclosure: Disclosure): string {
  return `${JSON.stringify(disclosureToJson(disclosure))}\n`;
}

/** keccak256 of a disclosure file's bytes. */
export function disclosureHash(text: string): string {
  return keccak256(toUtf8Bytes(text));
}

/**
 * Reads a disclosure (`sealpatch.disclosure/2`).
 * @param file its JSON, or its text.
 * @throws SealpatchError `patch/malformed-disclosure` and those of its parts.
 */
export function parseDisclosure(file: unknown): Disclosure {
  const { schema, ...disclosure } = parseForm(disclosureSchema(), file, FORM);
  return disclosure;
}
