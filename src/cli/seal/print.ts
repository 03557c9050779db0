import { onOneLine } from "../../foreign-text.js";
import { NO_GROUP } from "../../patch/index.js";
import type { SealedForProxy } from "../../project/index.js";
import { formatTable, fullHex, print, printJson, styled, wrap } from "../../terminal/index.js";
import { targetFileOf } from "./names.js";
import { type Reader, shownReader } from "./readers.js";

/** A sealed patch with its files. */
interface Written extends SealedForProxy {
  readonly bundle: string;
  readonly readers: readonly Reader[];
}

/** Says what was sealed for whom, and what people should look at. */
export function printSealed(sealed: readonly Written[], json: boolean | undefined): void {
  if (json) printJson({ sealed: sealed.map(asJson) });
  else for (const one of sealed) printOne(one);
}

function asJson({ lane, review, target, bundle, readers }: Written) {
  return {
    proxy: lane.name,
    bundle,
    target: targetFileOf(bundle),
    commitment: fullHex(review.statement.commitment),
    group: target.group === NO_GROUP ? null : target.group,
    validUntil: target.validUntil,
    vectors: { baseline: review.report.baseline.length, incidents: review.report.incidents.length },
    waived: review.report.waived,
    libraries: librariesOf(review),
    readers,
    warnings: review.patch.warnings.map(({ code, message }) => ({ code, message })),
  };
}

function printOne(one: Written): void {
  const { lane, review, target, bundle, readers } = one;
  const { baseline, incidents, waived } = review.report;
  const facts = [
    ["sealed", `${bundle}, for ${lane.name}`],
    ["target", `${targetFileOf(bundle)}: auditors need it beside the bundle`],
    ["valid until", new Date(Number(target.validUntil) * 1000).toISOString()],
    ["vectors", `${baseline.length} baseline, ${waived.length} of them waived; ${incidents.length} incident`],
    ...librariesOf(review).map((library) => ["linked with", onOneLine(library)]),
    ...(target.group === NO_GROUP ? [] : [["group", target.group]]),
    ...readers.map((reader) => ["reader", shownReader(reader)]),
  ];
  print(
    formatTable(
      [{ title: "" }, { title: "", wraps: true }],
      facts.map(([name, value]) => [name!, value!]),
    ).replace(/^.*\n/, ""),
    `commitment   ${fullHex(review.statement.commitment)}`,
  );
  for (const { message } of review.patch.warnings)
    print(styled("yellow", wrap(`look at: ${onOneLine(message)}`)));
  print("");
}

/** Libraries that the patch is linked with, and where they stand. */
export function librariesOf({ patch }: SealedForProxy["review"]): string[] {
  return patch.artifact.linkReferences.map(({ library, address }) => `${library} at ${address}`);
}
