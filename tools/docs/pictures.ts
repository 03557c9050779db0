// Pictures of text as SVG: the same text has the same picture.

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Width of a character and height of a line, in the pictures' units. */
const [CHARACTER, LINE] = [8.4, 19];
const FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14"';

const text = (x: number, y: number, line: string, more = ""): string =>
  `<text x="${x}" y="${y}" xml:space="preserve"${more}>${escaped(line)}</text>`;

function svg(width: number, height: number, label: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(label).replaceAll('"', "&quot;")}" ${FONT}>`;
  return `${[head, ...parts, "</svg>"].join("\n")}\n`;
}

const COLOURS: readonly [RegExp, string][] = [
  [/^holds /, "#7ee787"],
  [/^not checked /, "#e3b341"],
  [/^fails /, "#ff7b72"],
];

/** A terminal with a command line and what it printed. */
export function terminalPicture(command: string, lines: readonly string[]): string {
  const all = [command, ...lines];
  const width = Math.ceil(Math.max(...all.map((line) => line.length)) * CHARACTER + 32);
  const height = all.length * LINE + 32;
  const rows = all.map((line, index) => {
    const colour = COLOURS.find(([pattern]) => pattern.test(line))?.[1];
    const fill = index === 0 ? ' font-weight="bold"' : colour === undefined ? "" : ` fill="${colour}"`;
    return text(16, 16 + (index + 0.75) * LINE, line, fill);
  });
  return svg(width, height, command, [
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    '<g fill="#e6edf3">',
    ...rows,
    "</g>",
  ]);
}

/** What a device with a small screen shows, page by page: a title, and lines that go on below where they are longer than the screen. */
export function deviceScreen(
  pages: readonly { readonly title: string; readonly lines: readonly string[] }[],
): string {
  const columns = 22;
  const [page, gap] = [columns * CHARACTER + 24, 16];
  const cut = (line: string): string[] => line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""];
  const rows = pages.map(({ lines }) => lines.flatMap(cut));
  const height = (Math.max(...rows.map(({ length }) => length)) + 1) * LINE + 40;
  const width = pages.length * (page + gap) + gap;
  const parts = pages.flatMap(({ title }, index) => {
    const x = gap + index * (page + gap);
    return [
      `<rect x="${x}" y="8" width="${page}" height="${height - 16}" rx="10" fill="#1c2128" stroke="#57606a"/>`,
      `<g fill="#e6edf3">`,
      text(x + 12, 30, title, ' font-weight="bold"'),
      ...rows[index]!.map((line, row) => text(x + 12, 30 + (row + 1) * LINE, line)),
      "</g>",
    ];
  });
  return svg(Math.ceil(width), height, pages.map(({ title }) => title).join(", "), parts);
}
