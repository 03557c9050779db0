/** Longest text of somebody else that is repeated, in characters. */
const MAX_TEXT = 160;
/** Longest word of it. Whatever is longer may be a transaction, a key or an address with a key. */
const MAX_WORD = 24;

/** A text of somebody else on one line, without control characters, which a terminal would obey. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}\s]+/gu, " ").trim();
}

/** A text of somebody else between quotes; what does not print stands there by its number. */
export function quoted(text: string): string {
  return printable(JSON.stringify(text));
}

/** JSON in which nothing stands that a terminal would obey, or that turns text around: the same values, by JSON's own escapes. */
export function printableJson(json: string): string {
  return json.replaceAll(/[^\P{C}\n]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** A line of somebody else with its spaces; what does not print, or turns the text around, stands there by its number. */
export function printable(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Text on one line that no Markdown is: what begins markup or a link is escaped (CommonMark 0.31, 2.4; GitHub's autolinks). */
export function plainMarkdown(text: string): string {
  return printable(onOneLine(text)).replaceAll(
    /[\\`*_{}[\]<>#+\-!|~&:@.$)]/g,
    (character) => `\\${character}`,
  );
}

/**
 * A text of a node, a relay or a library as an error may show it: short, without control characters, and without words that may be
 * data or addresses (T11, T20). What somebody else wrote is shown in no other form, but for what a person's
 * own contracts and tools say.
 * @param text of any length and content.
 * @returns at most 160 characters on one line; empty where nothing of it can be shown.
 */
export function harmless(text: string): string {
  const words = onOneLine(text.slice(0, 4 * MAX_TEXT))
    .split(" ")
    .map((word) => (word.length > MAX_WORD || /:\/\/|0x/i.test(word) ? ".." : word));
  return words.join(" ").trim().slice(0, MAX_TEXT);
}
