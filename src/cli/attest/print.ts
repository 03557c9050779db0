import { onOneLine, printable } from "../../foreign-text.js";
import type { ReviewedPatch } from "../../patch/index.js";
import { formatTable, lineWidth, print, styled, wrap } from "../../terminal/index.js";
import { showDiff, showLayout } from "../layout/print.js";
import { librariesOf } from "../seal/print.js";
import { shownName } from "../vectors/sets.js";
import { printSourceDiff } from "./source-diff.js";
import type { SignedValues } from "./values.js";

interface Shown {
  readonly review: ReviewedPatch;
  readonly values: SignedValues;
  /** Who is about to sign. */
  readonly auditor: string;
  readonly showIncidents?: boolean;
}

/** Shows all that an auditor has to look at before he signs; what is signed comes last, next to the question. */
export function printReview({ review, values, auditor, showIncidents }: Shown): void {
  const { patch } = review;
  heading("sources, from what is live to the patch");
  printSourceDiff(patch.bundle);
  heading("storage layout");
  const [before, after] = [patch.bundle.current, patch.bundle].map(({ contract }) => printable(contract));
  showLayout({ name: after!, layout: patch.layouts.new });
  print("");
  showDiff(
    { name: before!, layout: patch.layouts.old },
    { name: after!, layout: patch.layouts.new },
    patch.layoutDiff(),
  );
  print("");
  heading("vectors");
  printResults(review, showIncidents);
  heading("what no machine can judge");
  for (const library of librariesOf(review)) print(wrap(`linked with ${onOneLine(library)}`));
  if (patch.warnings.length === 0) print("nothing is warned of");
  for (const { message } of patch.warnings) print(styled("yellow", wrap(onOneLine(message))));
  print("");
  heading("what is signed, by the names of docs/encodings.md");
  print(`by           ${printable(auditor)}`);
  printValues("attested message M, over", { M: values.message, ...values.signed });
  printValues("of which C is over its salt and", values.committed);
  printValues("and the target is", values.target);
}

function heading(text: string): void {
  print(styled("bold", `== ${text}`));
}

function printResults({ report }: ReviewedPatch, showIncidents: boolean | undefined): void {
  const verdict = (good: boolean, text: string) => styled(good ? "green" : "yellow", text);
  const rows = [
    ...report.baseline.map(({ vector, passes }, index) => [
      `#${index}`,
      printable(vector.name),
      vector.kind,
      "-",
      passes ? "pass" : "fail",
      passes ? verdict(true, "holds") : verdict(false, "WAIVED"),
    ]),
    ...report.incidents.map(({ vector, current, patch }, index) => [
      `#${index}`,
      printable(shownName(vector, showIncidents)),
      vector.kind,
      current.passes ? "pass" : "fail",
      patch.passes ? "pass" : "fail",
      !current.passes && patch.passes ? verdict(true, "repelled") : verdict(false, "NOT REPELLED"),
    ]),
  ];
  const columns = ["", "vector", "kind", "old", "new", "verdict"];
  print(
    formatTable(
      columns.map((title) => ({ title, wraps: title === "vector" })),
      rows,
    ),
    "",
    wrap(
      "Baseline vectors say what the live code does: on it they are not run again. Incident vectors fail on it, and pass on the patch.",
    ),
    `${report.waived.length} of at most ${report.maxWaivers} vectors waived`,
    "",
  );
}

/** Each value in full, below its name where the line has no room for both. */
function printValues(title: string, values: Readonly<Record<string, string>>): void {
  print(`${title}:`);
  const width = Math.max(...Object.keys(values).map(({ length }) => length)) + 2;
  for (const [name, value] of Object.entries(values)) {
    const line = `  ${name.padEnd(width)}${value}`;
    if (line.length <= lineWidth()) print(line);
    else print(`  ${name}`, `    ${value}`);
  }
}
