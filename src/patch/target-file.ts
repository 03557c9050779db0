import type { z } from "zod";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow, word } from "../schemas.js";
import { zod } from "../zod.js";

/** One place where a sealed patch may be scheduled: this proxy of this timelock, in this state, until then. */
export interface Target {
  readonly chainId: bigint;
  readonly timelock: string;
  readonly proxy: string;
  /** EXTCODEHASH of the implementation that is live now. */
  readonly codehash: string;
  /** The timelock's nonce of the proxy; it grows with every upgrade and every new baseline. */
  readonly nonce: bigint;
  /** Unix time in seconds. */
  readonly validUntil: bigint;
  /** Which statements must execute together with this one (`groupOf`), 32 bytes as hex; zero for none. */
  readonly group: string;
}

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

/**
 * Checks that a value is what a file of a target may hold: what the contract hashes would else be something else, or
 * nothing.
 * @throws SealpatchError `patch/malformed-target`.
 */
export function assertTarget(target: Target): void {
  formToJson(targetMembers(), target, FORM);
}

/** The JSON form of a target: decimal strings, addresses with their checksums. */
export function targetToJson(target: Target): z.input<ReturnType<typeof targetSchema>> {
  return formToJson(targetSchema(), { schema: "sealpatch.target/2", ...target }, FORM);
}
