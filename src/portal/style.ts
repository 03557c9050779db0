/** The style of the page: light and dark by preference and by choice, 320 pixels wide, and for paper. Nothing in it is loaded from elsewhere. */
const DARK = `--paper: #15181c; --ink: #e4e6e9; --soft: #a3abb5; --line: #6b7380; --shade: #1e2228; --accent: #7db2ff;
  --good: #56d37a; --bad: #ff8a80; --alarm: #5c1512; --on-alarm: #fff; color-scheme: dark;`;

export const STYLE = `
:root {
  --paper: #fff; --ink: #1c1e21; --soft: #535a63; --line: #8a9099; --shade: #f4f5f7; --accent: #1a56ad;
  --good: #17692f; --bad: #a81f17; --alarm: #a81f17; --on-alarm: #fff; color-scheme: light;
}
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${DARK} } }
:root[data-theme="dark"] { ${DARK} }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.25rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, ul, ol, dl, pre { margin: .5rem 0; }
ul, ol { padding-left: 1.25rem; }
a { color: var(--accent); }
code, pre { font: .85rem/1.45 ui-monospace, monospace; }
pre { background: var(--shade); padding: .5rem; white-space: pre-wrap; }
p, li, dd, pre, code { unicode-bidi: isolate; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
fieldset { border: 1px solid var(--line); margin: .5rem 0; }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px;
  padding: .3rem .6rem; min-height: 2rem; max-width: 100%; }
input[type="checkbox"] { min-height: 0; width: 1.25rem; height: 1.25rem; vertical-align: middle; }
label { display: inline-block; padding: .2rem 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
.alarm { background: var(--alarm); color: var(--on-alarm); padding: .75rem 1rem; font-weight: 600; }
.alarm a, .alarm code { color: inherit; }
.soft { color: var(--soft); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.open { color: var(--ink); font-weight: 600; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; }
.equal { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 2rem; }
.equal > section { border-top: 3px solid var(--line); }
.check { border-bottom: 1px solid var(--line); padding: .5rem 0; }
.checks, .statements { list-style: none; padding: 0; }
.countdown { font-size: 1.1rem; font-weight: 600; }
.drop { border: 2px dashed var(--line); padding: .75rem; }
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto; } }
@media (max-width: 30rem) {
  body { padding: .75rem .75rem 3rem; line-height: 1.4; }
  dl { display: block; }
  dt { float: left; clear: left; margin-right: .5rem; }
  dd { margin-bottom: .25rem; }
  ul, ol { padding-left: 1rem; }
  .equal { font-size: .9rem; }
}
@media print {
  :root, :root[data-theme] { --paper: #fff; --ink: #000; --soft: #333; --line: #777; --shade: #f2f2f2; --accent: #000; --good: #000;
    --bad: #000; --alarm: #fff; --on-alarm: #000; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .controls, .drop, button, nav { display: none; }
  .alarm { border: 3px solid #000; }
  .check, .equal > section { break-inside: avoid; }
}
`;
