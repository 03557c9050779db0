import { createHash } from "node:crypto";
import { keysOption } from "./commands.js";
import type { PortalData } from "./model.js";
import { TEXT } from "./page/text.js";
import { STYLE } from "./style.js";

/** Around the data of a page, which no browser runs. */
export const DATA_ELEMENT = {
  begin: '<script type="application/json" id="data">',
  end: "</script>",
} as const;

/**
 * The page as one HTML file: style and script inline and allowed by hash alone, connections to its nodes alone.
 * @param script as `portalScript` gives it, which is the same for all pages of a release.
 */
export function portalHtml(data: PortalData, script: string): string {
  const origins = data.chains.flatMap(({ nodes }) => nodes.map((node) => new URL(node).origin));
  const policy = [
    "default-src 'none'",
    `script-src ${hashSource(script)}`,
    `style-src ${hashSource(STYLE)}`,
    `connect-src ${[...new Set(origins)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const title = escaped(TEXT.title({ protocol: data.protocol }));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<div id="page"><noscript><main><h1>${title}</h1>
${withoutScripts(data)}</main></noscript></div>
${DATA_ELEMENT.begin}${jsonText(data)}${DATA_ELEMENT.end}
<script>${script}</script>
</body>
</html>
`;
}

/** What the page is, addresses and commands, for whoever runs no script. */
function withoutScripts({ chains, release, key }: PortalData): string {
  const paragraph = (text: string) => `<p>${escaped(text)}</p>\n`;
  const shown = chains.map(({ name, chainId, timelock, fromBlock, proxies }) =>
    [
      `<h2>${escaped(TEXT.chainHeading({ name, chainId }))}</h2>\n<dl>\n`,
      ...Object.entries({ [TEXT.timelockLabel()]: timelock, ...proxies }).map(
        ([label, address]) => `<dt>${escaped(label)}</dt><dd><code>${escaped(address)}</code></dd>\n`,
      ),
      "</dl>\n",
      paragraph(TEXT.noScriptCommands()),
      ...[
        TEXT.commandStatus({ release, timelock, fromBlock: String(fromBlock) }),
        TEXT.commandStatement({
          ...{ release, id: "ID", timelock, fromBlock: String(fromBlock), keys: keysOption(key) },
        }),
      ].map((line) => `<pre><code>${escaped(line)}</code></pre>\n`),
    ].join(""),
  );
  return `${paragraph(TEXT.what())}${paragraph(TEXT.noScript())}${shown.join("")}`;
}

/** JSON in which nothing ends or begins an element. */
function jsonText(data: PortalData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
