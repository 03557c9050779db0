import type { z } from "zod";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow, word } from "../schemas.js";
import { zod } from "../zod.js";
import type { Target } from "./targets.js";

/** The members of a target, with the ranges that the contract's types have. */
export const targetMembers = lazily(() =>
  zod.strictObject({
    chainId: decimalBelow(2n ** 256n),
    timelock: address(),
    proxy: address(),
    codehash: word(),
    nonce: decimalBelow(2n ** 64n),
    validUntil: decimalBelow(2n ** 64n),
    group: word(),
  }),
);

const FORM: FormName = { code: "patch/malformed-target", what: "a target" };
const targetSchema = lazily(() =>
  zod.strictObject({ schema: zod.literal("sealpatch.target/2"), ...targetMembers().shape }),
);

/**
 * Reads a target (`sealpatch.target/2`).
 * @param file its JSON, or its text.
 * @throws SealpatchError `patch/malformed-target`.
 * @example
 * ```ts
 * const target = parseTarget(await readFile("target.json", "utf8"));
 * ```
 */
export function parseTarget(file: unknown): Target {
  const { schema, ...target } = parseForm(targetSchema(), file, FORM);
  return target;
}

/** The JSON form of a target: decimal strings, addresses with their checksums. */
export function targetToJson(target: Target): z.input<ReturnType<typeof targetSchema>> {
  return formToJson(targetSchema(), { schema: "sealpatch.target/2", ...target }, FORM);
}
