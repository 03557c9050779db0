import { getAddress, getBytes, hexlify, isAddress } from "ethers";
import type { z } from "zod";
import type { ErrorCode } from "../error-codes/index.js";
import { SealpatchError } from "../errors.js";
import { FIELD_ORDER } from "../field/index.js";
import { lazily } from "../lazily.js";
import { parseVectorSet, vectorSetToJSON } from "../vectors/index.js";
import { zod } from "../zod.js";

// What the files of a patch are made of. Both ways go through these: what was read or is written has one form.

/** An address, in its checksummed form (EIP-55) from then on. */
export const address = lazily(() =>
  zod
    .string()
    .refine((text) => isAddress(text), { message: "expected an address", abort: true })
    .overwrite((text) => getAddress(text)),
);

/** 32 bytes as lower-case hex. */
export const word = lazily(() => zod.string().regex(/^0x[0-9a-f]{64}$/, "expected 32 bytes as hex"));

export const hexBytes = lazily(() =>
  zod.codec(
    zod.string().regex(/^0x([0-9a-fA-F]{2})*$/),
    zod.custom<Uint8Array>((value) => value instanceof Uint8Array),
    {
      decode: (text) => getBytes(text),
      encode: (bytes) => hexlify(bytes),
    },
  ),
);

/** A non-negative integer below a limit, in decimal. */
function integer(limit: bigint) {
  return zod
    .codec(zod.string().regex(/^(0|[1-9][0-9]{0,77})$/), zod.bigint(), {
      decode: (text) => BigInt(text),
      encode: (value) => value.toString(),
    })
    .refine((value) => value >= 0n && value < limit, "expected a smaller integer");
}

export const uint256 = lazily(() => integer(1n << 256n));
export const uint64 = lazily(() => integer(1n << 64n));
export const fieldElement = lazily(() => integer(FIELD_ORDER));

export const vectorSet = lazily(() =>
  zod.codec(zod.looseObject({}), zod.custom<ReturnType<typeof parseVectorSet>>(), {
    decode: (json) => parseVectorSet(json),
    encode: (value) => vectorSetToJSON(value),
  }),
);

/** Names where a file is wrong, never what stands there: it may be secret. */
export function malformed(code: ErrorCode, what: string, error: z.core.$ZodError): SealpatchError {
  const [issue] = error.issues;
  return new SealpatchError(code, `not a valid ${what}`, {
    why: `${issue?.path.join(".") || "the file"}: ${issue?.code ?? "invalid"}`,
    remedy: "give the file as it was made; do not edit it",
  });
}
