/** The one style of a report: light, dark, and for paper. Nothing in it is loaded from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c1e21; --soft: #5a6069; --line: #d7dade; --shade: #f4f5f7; --accent: #1f5fbf;
  --good: #1a7f37; --bad: #b42318; --added: #e3f6e8; --removed: #fdeceb;
  --keyword: #8250df; --string: #0a5c36; --number: #0550ae; --comment: #6a737d; --title: #953800;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #e4e6e9; --soft: #9aa2ad; --line: #363b43; --shade: #1e2228; --accent: #6ea8fe;
    --good: #4ac26b; --bad: #ff7b72; --added: #12321d; --removed: #3f1b1b;
    --keyword: #d2a8ff; --string: #7ee2a8; --number: #79c0ff; --comment: #8b949e; --title: #ffa657;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font: 600 .95rem/1.4 ui-monospace, monospace; margin: 1.25rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; }
a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
code, .code, .hash { font: .82rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
h1, h3, td, dd, li, .line { unicode-bidi: isolate; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: break-word; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
svg { display: block; width: 100%; height: auto; max-width: 48rem; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .soft { fill: var(--soft); }
svg .track { fill: var(--shade); }
svg .bar { fill: var(--accent); }
.diff { border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; padding: .25rem 0; margin: 0; tab-size: 4; }
.line { display: block; white-space: pre-wrap; padding: 0 .75rem 0 2rem; text-indent: -1.25rem; overflow-wrap: anywhere; }
.added { background: var(--added); }
.removed { background: var(--removed); }
.place { color: var(--soft); background: var(--shade); }
.t-keyword, .t-literal { color: var(--keyword); }
.t-string { color: var(--string); }
.t-number { color: var(--number); }
.t-comment { color: var(--comment); font-style: italic; }
.t-title, .t-type { color: var(--title); }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f2f2f2; --accent: #333;
    --good: #000; --bad: #000; --added: #ececec; --removed: #fff;
    --keyword: #000; --string: #000; --number: #000; --comment: #444; --title: #000;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  tr, svg, dl { break-inside: avoid; }
  .removed { text-decoration: line-through; }
  .diff { border: 0; }
}
`;
