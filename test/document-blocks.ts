import { readFileSync } from "node:fs";

/** A fenced block of a document. */
interface Block {
  /** The heading that it stands under. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** The blocks of a document in their order. @throws Error where one does not end. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let open: { language: string; lines: string[] } | undefined;
  for (const line of readFileSync(page, "utf8").split("\n")) {
    if (open === undefined) {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
      if (line.startsWith("```")) open = { language: line.slice(3), lines: [] };
    } else if (line === "```") {
      blocks.push({ heading, language: open.language, text: open.lines.map((text) => `${text}\n`).join("") });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`a block of ${page} does not end`);
  return blocks;
}

/**
 * What a document shows of an output, as what that output has to match: the lines shown, as a whole and one after the other. `..` in a line
 * stands for a part of it, `..` alone for lines that are left out.
 */
export function shownAs(text: string): RegExp {
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lines = text.trimEnd().split("\n");
  const pattern = lines.map((line) => {
    if (line === "..") return "(?:.*\\n)*?";
    return `${line.split("..").map(literal).join(".+")}\\n`;
  });
  return new RegExp(`^${pattern.join("")}`, "m");
}
