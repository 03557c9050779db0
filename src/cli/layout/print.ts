import { SealpatchError } from "../../errors.js";
import { onOneLine } from "../../foreign-text.js";
import {
  LAYOUT_CAPACITY,
  type LayoutDiff,
  type LayoutEntry,
  type LayoutFinding,
  layoutRoot,
  layoutRows,
  layoutToJson,
  movedAlong,
} from "../../layout/index.js";
import { formatTable, fullHex, print, styled, wrap } from "../../terminal/index.js";
import type { LoadedLayout } from "./load.js";

/** What of a contract's layout is printed. */
type NamedLayout = Pick<LoadedLayout, "name" | "layout">;

/** What `layout show --json` prints. */
export function showAsJson({ name, layout, upgradesCore }: LoadedLayout) {
  return {
    contract: name,
    layoutRoot: fullHex(layoutRoot(layout)),
    entries: layoutToJson(layout),
    upgradesCore: readsStorage(upgradesCore) ? "supported" : "failed",
  };
}

/** A layout can be shown without upgrades-core; only a comparison needs it. */
function readsStorage(upgradesCore: LoadedLayout["upgradesCore"]): boolean {
  try {
    upgradesCore();
    return true;
  } catch (error) {
    if (error instanceof SealpatchError) return false;
    throw error;
  }
}

/** Prints a layout as a table. */
export function showLayout({ name, layout }: NamedLayout): void {
  const rows = layoutRows(layout).map(({ slot, offset, size, name: label, type, isGap }) => [
    slot,
    offset,
    size,
    isGap ? styled("dim", label) : label,
    type,
  ]);
  print(
    formatTable(
      [
        { title: "SLOT", align: "right" },
        { title: "BYTE", align: "right" },
        { title: "SIZE", align: "right" },
        { title: "NAME", wraps: true },
        { title: "TYPE", wraps: true },
      ],
      rows,
    ),
    "",
    `${name}: ${layout.entries.length} entries`,
    `the circuit has room for ${LAYOUT_CAPACITY.oldEntries} old and ${LAYOUT_CAPACITY.newEntries} new ones`,
    `layoutRoot ${fullHex(layoutRoot(layout))}`,
  );
}

/** What `layout diff --json` prints. */
export function diffAsJson({ verdict, findings, verdicts }: LayoutDiff) {
  return {
    verdict,
    findings: findings.map((finding) => ({
      code: finding.code,
      slot: finding.slot,
      offset: finding.offset,
      label: finding.label,
      old: entryAsJson("old" in finding ? finding.old : undefined),
      new: entryAsJson("new" in finding ? finding.new : undefined),
      message: finding.message,
      remedy: finding.remedy,
    })),
    verdicts,
  };
}

function entryAsJson(entry: LayoutEntry | undefined) {
  return entry === undefined ? null : layoutToJson({ entries: [entry] })[0];
}

/** Prints findings and verdicts. */
export function showDiff(
  before: NamedLayout,
  after: NamedLayout,
  { verdict, findings, verdicts }: LayoutDiff,
): void {
  const along = findings.filter((finding) => isLayoutFinding(finding) && movedAlong(finding));
  const told = findings.filter((finding) => !along.includes(finding));
  if (told.length > 0) {
    print(
      formatTable(
        [{ title: "FINDING" }, { title: "WHAT", wraps: true }],
        told.flatMap(({ code, message, remedy }) => [
          [styled("yellow", code.replace("layout/", "")), onOneLine(message)],
          ["", onOneLine(`to do: ${remedy}`)],
        ]),
      ),
      ...(along.length > 0 ? [`and ${along.length} entries inside of these, which moved along`] : []),
      "",
    );
  }
  print(
    formatTable(
      [{ title: "JUDGE" }, { title: "VERDICT" }],
      [
        ["upgrades-core (layout)", verdicts.upgradesCore],
        ["rule of the proof", verdicts.canonical],
        ["circuit", verdicts.circuit],
      ].map(([judge, said]) => [judge!, coloured(said!)]),
    ),
    "",
    wrap(
      `${sideText(before)} -> ${sideText(after)}: ${coloured(verdict === "does-not-fit" ? "preserved, does not fit" : verdict)}`,
    ),
  );
}

function sideText({ name, layout: { entries } }: NamedLayout): string {
  return `${name} (${entries.length} entries)`;
}

function isLayoutFinding(finding: LayoutDiff["findings"][number]): finding is LayoutFinding {
  return "old" in finding || "new" in finding;
}

function coloured(verdict: string): string {
  if (["safe", "preserved", "provable"].includes(verdict)) return styled("green", verdict);
  const open = ["unsupported", "too-large", "preserved, does not fit"].includes(verdict);
  return styled(open ? "yellow" : "red", verdict);
}
