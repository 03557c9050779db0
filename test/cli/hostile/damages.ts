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
