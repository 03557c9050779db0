import { getAddress, getBytes, hexlify, isAddress } from "ethers";
import { lazily } from "./lazily.js";
import { zod } from "./zod.js";

/** An integer in [0, bound), bound at most 2^256, as a decimal string without leading zeros. */
export function decimalBelow(bound: bigint) {
  return zod.codec(zod.string().regex(/^(0|[1-9][0-9]{0,77})$/), zod.bigint().min(0n).lt(bound), {
    decode: (text) => BigInt(text),
    encode: (value) => value.toString(),
  });
}

/** An address, 20 bytes as hex; read and written with its checksum (EIP-55). */
export const address = lazily(() =>
  zod
    .string()
    .refine((text) => isAddress(text), { message: "expected an address", abort: true })
    .overwrite((text) => getAddress(text)),
);

/** 32 bytes as lower-case hex. */
export const word = lazily(() => zod.string().regex(/^0x[0-9a-f]{64}$/, "expected 32 bytes as hex"));

/** Bytes as hex. */
export const hexBytes = lazily(() =>
  zod.codec(
    zod.string().regex(/^0x([0-9a-fA-F]{2})*$/),
    zod.custom<Uint8Array>((value) => value instanceof Uint8Array),
    { decode: (text) => getBytes(text), encode: (bytes) => hexlify(bytes) },
  ),
);

/** What people call somebody: 1 to 64 characters on one line, none of which is invisible or turns the text around. */
export const label = lazily(() =>
  zod
    .string()
    .regex(
      /^[^\p{C}\p{Z}]([^\p{C}\p{Zl}\p{Zp}]{0,62}[^\p{C}\p{Z}])?$/u,
      "expected a name of 1 to 64 characters",
    ),
);

/** Recipient of an age file: an X25519 key in Bech32 (age-encryption.org/v1). Its checksum is read where it is encrypted to. */
export const ageRecipient = lazily(() =>
  zod.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, "expected an age recipient"),
);
