import type { ErrorCode } from "../../../src/error-codes/index.js";
import type { HostileRow } from "./refused.js";

/** Ways in which a file may be something else than what it should be, of the text that it should have. */
export const DAMAGES = {
  empty: () => "",
  truncated: (text: string) => text.slice(0, Math.floor(text.length / 2)),
  doubled: (text: string) => text + text,
  null: () => "null",
  "a list": () => "[]",
  "a prototype": () => '{"__proto__":{"schema":"x"},"constructor":1}',
  nested: () => `${"[".repeat(200_000)}${"]".repeat(200_000)}`,
  "of another schema": (text: string) => text.replace(/"sealpatch\.[a-z-]+\//, '"sealpatch.something/'),
  "of a newer version": (text: string) => text.replace(/("sealpatch\.[a-z-]+\/)\d+"/, '$199"'),
  "with a key more": (text: string) => text.replace("{", '{"\u202egnp.exe\\u001b[2J":1,'),
} as const satisfies Readonly<Record<string, (text: string) => string>>;

export type Damage = keyof typeof DAMAGES;

/** Bytes that are no text. */
export const BINARY = Buffer.from([0xff, 0xfe, 0, 1, 0x1b, 0x5b, 0x32, 0x4a, 0xc3, 0x28]);

/** A file of a kind, what reads it, the code of a damage, and of those damages that have another one, or are none. */
export type DamagedKind = readonly [
  what: string,
  whole: () => string,
  words: (file: string) => string[],
  code: ErrorCode,
  others?: Partial<Record<Damage, ErrorCode | null>>,
  exit?: number,
];

/** Every damage of every kind. @param file writes a file, and gives what `words` takes. */
export const damagedRows = (
  kinds: readonly DamagedKind[],
  file: (name: string, content: string | Uint8Array) => string,
): HostileRow[] =>
  kinds.flatMap(([what, whole, words, code, others = {}, exit = 1]) =>
    (Object.keys(DAMAGES) as Damage[])
      .filter((damage) => others[damage] !== null)
      .map((damage) => [
        `${what} that is ${damage}`,
        () => words(file("damaged.json", DAMAGES[damage](whole()))),
        others[damage] ?? code,
        exit,
      ]),
  );

/** Every kind as bytes that are no text: refused as what is empty. */
export const binaryRows = (
  kinds: readonly DamagedKind[],
  file: (name: string, content: string | Uint8Array) => string,
): HostileRow[] =>
  kinds.map(([what, , words, code, others = {}, exit = 1]) => [
    `${what} that is no text`,
    () => words(file("binary.json", BINARY)),
    others.empty ?? code,
    exit,
  ]);
