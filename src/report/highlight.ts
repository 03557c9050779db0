import { createRequire } from "node:module";
import { lazily } from "../lazily.js";

/** A piece of source, and what it is. */
export interface Token {
  readonly text: string;
  readonly kind: TokenKind | undefined;
}

/** Kinds that a page has a colour for. */
const KINDS = ["comment", "keyword", "literal", "number", "string", "title", "type"] as const;
export type TokenKind = (typeof KINDS)[number];

/** Larger texts are shown without colours, in characters. */
const MAX_TEXT = 500_000;

/** What is used of highlight.js. Its own types bring a browser's globals into every file. */
interface Highlighter {
  newInstance(): Highlighter;
  highlight(text: string, options: { language: string; ignoreIllegals: boolean }): { readonly value: string };
}

const highlighter = lazily((): Highlighter => {
  const require = createRequire(import.meta.url);
  const own = (require("highlight.js/lib/core") as Highlighter).newInstance();
  const register = require("highlightjs-solidity") as (highlighter: Highlighter) => void;
  register(own);
  return own;
});

const TEXTS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/**
 * The lines of a Solidity source, in pieces of one kind each. Of the library's HTML only the kinds are taken: where its pieces are not the
 * text, the text is shown without them.
 */
export function highlightedLines(text: string): Token[][] {
  const plain = text.split("\n").map((line): Token[] => [{ text: line, kind: undefined }]);
  if (text.length > MAX_TEXT) return plain;
  const { value } = highlighter().highlight(text, { language: "solidity", ignoreIllegals: true });
  const lines: Token[][] = [[]];
  const open: (TokenKind | undefined)[] = [];
  for (const [, name, closing, piece] of value.matchAll(/<span class="([^"]*)">|(<\/span>)|([^<]+)/g)) {
    if (name !== undefined) open.push(kindOf(name) ?? open.at(-1));
    else if (closing !== undefined) open.pop();
    else {
      const [first, ...others] = unescaped(piece!).split("\n");
      lines.at(-1)!.push({ text: first!, kind: open.at(-1) });
      for (const other of others) lines.push([{ text: other, kind: open.at(-1) }]);
    }
  }
  const joined = lines.map((line) => line.map((token) => token.text).join("")).join("\n");
  return joined === text ? lines : plain;
}

function kindOf(name: string): TokenKind | undefined {
  const scope = name
    .replace("hljs-", "")
    .split(" ")[0]!
    .replace("built_in", "type")
    .replace("meta", "keyword");
  return KINDS.find((kind) => kind === scope);
}

const unescaped = (html: string): string =>
  html.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => TEXTS[entity]!);
