import { printable } from "../../foreign-text.js";

// What the page shows, as values: sentences of text.ts, values that are shown as such, and elements. A bare string is none of them, so that
// nothing can be shown that is not one or the other.

/** A sentence of the page: made by `text.ts` alone. */
export interface Sentence {
  readonly kind: "sentence";
  readonly name: string;
  readonly text: string;
}

/** A value: of the chain, of the configuration, of a calculation. */
export interface Value {
  readonly kind: "value";
  readonly text: string;
}

/** What may be attributes; none of them is obeyed as a script. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element of HTML. */
export interface Element_ {
  readonly kind: "element";
  readonly tag: Tag;
  readonly attributes: Attributes;
  readonly children: readonly Shown[];
  readonly on: Readonly<Record<string, (event: Event) => void>>;
}

export type Shown = Sentence | Value | Element_;

const ELEMENTS = [
  ...[
    "a",
    "article",
    "aside",
    "button",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
  ],
  ...[
    "header",
    "input",
    "label",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "output",
    "p",
    "pre",
    "section",
    "select",
    "span",
  ],
  ...["strong", "summary", "table", "tbody", "td", "th", "thead", "time", "tr", "ul"],
] as const;
type Tag = (typeof ELEMENTS)[number];

/** An element. */
export function h(
  tag: Tag,
  attributes: Attributes,
  children: readonly (Shown | undefined)[] = [],
  on: Element_["on"] = {},
): Element_ {
  const shown = children.filter((child) => child !== undefined);
  return { kind: "element", tag, attributes, children: shown, on };
}

/** Longest value that is shown, in characters. */
const MOST = 600;

/** A value as it may be shown: what turns text around or does not print stands there by its number, and what is long is cut. */
export function value(text: string | number | bigint): Value {
  const whole = String(text);
  const cut = whole.length > MOST ? `${[...whole.slice(0, MOST)].slice(0, -1).join("")} …` : whole;
  return { kind: "value", text: printable(cut) };
}

/** A value in the script of hashes and addresses. */
export function code(text: string | number | bigint): Element_ {
  return h("code", {}, [value(text)]);
}

/** A link where a text is one to `https:` or `ipfs:`; else the text as a value. */
export function link(text: string): Shown {
  // What a reader sees is what the link leads to: nothing hidden, cut or turned around.
  const shown = value(text);
  const isPlain = shown.text === text && /^(https|ipfs):\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text);
  return isPlain
    ? h("a", { href: text, rel: "noreferrer noopener", target: "_blank" }, [shown])
    : h("code", {}, [shown]);
}

/** All sentences of a tree, for tests. */
export function sentencesOf(shown: Shown): Sentence[] {
  if (shown.kind === "sentence") return [shown];
  return shown.kind === "value" ? [] : shown.children.flatMap(sentencesOf);
}

/** The text of a tree, for tests. */
export function textOf(shown: Shown): string {
  return shown.kind === "element" ? shown.children.map(textOf).join(" ") : shown.text;
}
