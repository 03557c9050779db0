import { printable } from "../foreign-text.js";

/** HTML that this package wrote; whatever else goes into a page is text. */
export class Markup {
  constructor(readonly html: string) {}
}

/** What a page takes: text, numbers, and markup of `markup`. */
type Part = string | number | bigint | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The one way by which text gets into a page, be it between tags or into an attribute: what does not print stands there by its number. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A piece of a page: what is filled in is text, unless `markup` made it. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const filled = parts.map((part, index) => `${htmlOf(part)}${strings[index + 1]}`);
  return new Markup(`${strings[0]}${filled.join("")}`);
}

function htmlOf(part: Part): string {
  if (part instanceof Markup) return part.html;
  if (Array.isArray(part)) return part.map(htmlOf).join("");
  return escaped(String(part));
}
