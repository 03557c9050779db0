/** Longest text of somebody else that is repeated, in characters. */
const MAX_TEXT = 160;
/** Longest word of it. Whatever is longer may be a transaction, a key or an address with a key. */
const MAX_WORD = 24;

/**
 * A text of a node, a relay or a library as an error may show it: short, without control characters, and without words that may be
 * data or addresses (T11, T20). What somebody else wrote is shown in no other form.
 * @param text of any length and content.
 * @returns at most 160 characters on one line; empty where nothing of it can be shown.
 */
export function harmless(text: string): string {
  const words = text
    .slice(0, 4 * MAX_TEXT)
    .replaceAll(/[\p{C}\p{Z}\s]+/gu, " ")
    .split(" ")
    .map((word) => (word.length > MAX_WORD || /:\/\/|0x/i.test(word) ? ".." : word));
  return words.join(" ").trim().slice(0, MAX_TEXT);
}
