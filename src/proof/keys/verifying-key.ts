import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { jsonOf } from "../../file-form.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import { withCurve } from "../curve/index.js";
import { readZkeyHeader } from "./zkey-format.js";

const decimal = lazily(() => zod.string().regex(/^(0|[1-9][0-9]{0,77})$/, { abort: true }));
const pair = lazily(() => zod.tuple([decimal(), decimal()]));
const pointG1 = lazily(() => zod.tuple([decimal(), decimal(), decimal()]));
const pointG2 = lazily(() => zod.tuple([pair(), pair(), pair()]));

/** Coordinates of a point of G1 as decimal strings, (x, y, z) with z = 1, as snarkjs writes them. */
export type PointG1 = z.infer<ReturnType<typeof pointG1>>;

/** Coordinates of a point of G2: each one a pair (c0, c1) for c0 + c1 u. */
export type PointG2 = z.infer<ReturnType<typeof pointG2>>;

/** snarkjs' points in JSON, for the schemas of files that hold some. */
export const pointSchemas = lazily(() => ({ g1: pointG1(), g2: pointG2() }) as const);

/** snarkjs' verification_key.json for Groth16 over BN254. */
const verifyingKeySchema = lazily(() =>
  zod.object({
    protocol: zod.literal("groth16"),
    curve: zod.literal("bn128"),
    nPublic: zod.int().min(0),
    vk_alpha_1: pointG1(),
    vk_beta_2: pointG2(),
    vk_gamma_2: pointG2(),
    vk_delta_2: pointG2(),
    vk_alphabeta_12: zod.array(zod.array(pair()).length(3)).length(2),
    IC: zod.array(pointG1()),
  }),
);

export type VerifyingKey = z.infer<ReturnType<typeof verifyingKeySchema>>;

/**
 * The verifying key of a proving key, in snarkjs' form. It is not checked: `checkVerifyingKey` does that.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey over BN254.
 */
export async function exportVerifyingKey(zkeyFile: string): Promise<VerifyingKey> {
  await readZkeyHeader(zkeyFile);
  const { zKey } = await import("snarkjs");
  return parseVerifyingKey(await withCurve(() => zKey.exportVerificationKey(zkeyFile)));
}

/**
 * Reads a verifying key in snarkjs' form, which is also how it is written: a `VerifyingKey` is its own JSON.
 * @param file its JSON, or its text.
 * @throws SealpatchError `key/malformed`.
 */
export function parseVerifyingKey(file: unknown): VerifyingKey {
  const json = jsonOf(file, { code: "key/malformed", what: "a Groth16 verifying key" });
  const parsed = verifyingKeySchema().safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SealpatchError("key/malformed", "this is not a Groth16 verifying key", {
    why: zod.prettifyError(parsed.error),
    remedy: "export the key again from its .zkey",
  });
}
