import { getAddress, isAddress, ZeroAddress } from "ethers";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A duration of the configuration, `90s`, `30m`, `4h` or `14d`, in seconds once it is read. */
export const duration = lazily(() =>
  zod
    .string()
    .regex(
      /^[1-9][0-9]{0,8}[smhd]$/,
      'a duration is a whole number and a unit, for example "30m", "4h" or "14d"',
    )
    .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
    .refine((seconds) => seconds < 2 ** 32, "a duration is less than 2^32 seconds"),
);

/** A duration in seconds, as the configuration writes it; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  return duration().safeParse(text).data;
}

/** The shortest and the longest duration that is allowed. */
export const durations = lazily(() =>
  zod
    .tuple([duration(), duration()], 'two durations, the shortest and the longest: ["1h", "7d"]')
    .refine(([least, most]) => least <= most, "the first duration is the shorter one"),
);

/** An account of the configuration; with its checksum (EIP-55) once it is read. */
export const account = lazily(() =>
  zod
    .string()
    .refine((text) => isAddress(text) && getAddress(text) !== ZeroAddress, {
      message: "an address is 0x and 40 hexadecimal digits, not all of them zero",
      abort: true,
    })
    .overwrite((text) => getAddress(text)),
);

/** A name that the configuration gives. */
export const name = lazily(() =>
  zod.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "a name has 1 to 40 letters, digits, - and _"),
);

/** Path of a file, relative to the configuration's folder. */
export const path = lazily(() => zod.string().min(1, "the path of a file"));

/** Longest part of a URL's path that is taken for a name, not for a key. */
const LONGEST_NAME = 20;

/**
 * Where a node is: a URL, or `env:NAME` for the environment variable that holds it. A URL that may hold a key stands in no
 * configuration, which others read.
 */
export const rpc = lazily(() =>
  zod
    .string()
    .refine(
      (text) => /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(text) || isPlainUrl(text),
      "the URL (http or https) of a node without a key in it, or env:NAME for the environment variable that holds the URL",
    ),
);

function isPlainUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && !mayHoldKey(new URL(text));
}

function mayHoldKey({ username, password, search, hash, pathname, hostname }: URL): boolean {
  const parts = [...pathname.split("/"), ...hostname.split(".")];
  return (
    [username, password, search, hash].some(Boolean) || parts.some(({ length }) => length > LONGEST_NAME)
  );
}
