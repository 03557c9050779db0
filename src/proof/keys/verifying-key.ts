import type { z } from "zod";
import { parseForm } from "../../file-form.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import { BASE_FIELD_ORDER, powerModulo } from "../arithmetic/index.js";
import { singleThreadCurve } from "../curve/index.js";
import { FIELD_BYTES, readVerifyingPart } from "./zkey-format.js";

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

const elements = lazily(() => ({
  protocol: zod.literal("groth16"),
  curve: zod.literal("bn128"),
  nPublic: zod.int().min(0),
  vk_alpha_1: pointG1(),
  vk_beta_2: pointG2(),
  vk_gamma_2: pointG2(),
  vk_delta_2: pointG2(),
}));

/** snarkjs' verification_key.json for Groth16 over BN254. */
const verifyingKeySchema = lazily(() =>
  zod.object({
    ...elements(),
    vk_alphabeta_12: zod.array(zod.array(pair()).length(3)).length(2),
    IC: zod.array(pointG1()),
  }),
);

/** The same without the pairing of alpha and beta, and with nothing else. */
export const verifyingElementsSchema = lazily(() =>
  zod.strictObject({ ...elements(), IC: zod.array(pointG1()) }),
);

export type VerifyingKey = z.infer<ReturnType<typeof verifyingKeySchema>>;

/** What verifying takes; a key's file also has the pairing of alpha and beta. */
export type VerifyingElements = Omit<VerifyingKey, "vk_alphabeta_12">;

/**
 * The elements of the verifying key inside a proving key. They are not checked: `checkElements` and `proofHolds` do that.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey over BN254.
 */
export async function readVerifyingElements(zkeyFile: string): Promise<VerifyingElements> {
  const { header, ic } = await readVerifyingPart(zkeyFile);
  return {
    protocol: "groth16",
    curve: "bn128",
    nPublic: header.publicSignals,
    vk_alpha_1: writtenG1(header.alpha1),
    vk_beta_2: writtenG2(header.beta2),
    vk_gamma_2: writtenG2(header.gamma2),
    vk_delta_2: writtenG2(header.delta2),
    IC: ic.map(writtenG1),
  };
}

/**
 * The verifying key of a proving key, in snarkjs' form. It is not checked: `checkVerifyingKey` does that.
 * @throws SealpatchError `key/unreadable` where the file is not a Groth16 .zkey over BN254.
 */
export async function exportVerifyingKey(zkeyFile: string): Promise<VerifyingKey> {
  const { IC, ...elements } = await readVerifyingElements(zkeyFile);
  const { G1, G2, Gt, pairing } = await singleThreadCurve();
  const alpha = G1.fromObject(elements.vk_alpha_1.map(BigInt));
  const beta = G2.fromObject(elements.vk_beta_2.map(([c0, c1]) => [BigInt(c0), BigInt(c1)]));
  const text = (value: unknown): unknown => (Array.isArray(value) ? value.map(text) : String(value));
  return parseVerifyingKey({ ...elements, vk_alphabeta_12: text(Gt.toObject(pairing(alpha, beta))), IC });
}

/** The factor of Montgomery's form in files. */
const RADIX_INVERSE = powerModulo(1n << 256n, BASE_FIELD_ORDER - 2n, BASE_FIELD_ORDER);

/** Coordinates as they stand in a file, as decimal strings. */
function written(point: Uint8Array): string[] {
  return Array.from({ length: point.length / FIELD_BYTES }, (_, index) => {
    const bytes = point.slice(index * FIELD_BYTES, (index + 1) * FIELD_BYTES).reverse();
    return String((BigInt(`0x${Buffer.from(bytes).toString("hex")}`) * RADIX_INVERSE) % BASE_FIELD_ORDER);
  });
}

function writtenG1(point: Uint8Array): PointG1 {
  const [x, y] = written(point) as [string, string];
  // snarkjs writes infinity, which a file has as zeros, as (0, 1, 0).
  return x === "0" && y === "0" ? ["0", "1", "0"] : [x, y, "1"];
}

function writtenG2(point: Uint8Array): PointG2 {
  const [x0, x1, y0, y1] = written(point) as [string, string, string, string];
  const zero = point.every((byte) => byte === 0);
  return zero
    ? [
        ["0", "0"],
        ["1", "0"],
        ["0", "0"],
      ]
    : [
        [x0, x1],
        [y0, y1],
        ["1", "0"],
      ];
}

/**
 * Reads a verifying key in snarkjs' form, which is also how it is written: a `VerifyingKey` is its own JSON.
 * @param file its JSON, or its text.
 * @throws SealpatchError `key/malformed`.
 */
export function parseVerifyingKey(file: unknown): VerifyingKey {
  return parseForm(verifyingKeySchema(), file, { code: "key/malformed", what: "a Groth16 verifying key" });
}
