import { SealpatchError } from "../../errors.js";
import {
  displayLabel,
  LAYOUT_CAPACITY,
  type LayoutDiff,
  type LayoutEntry,
  type LayoutFinding,
  layoutRoot,
  layoutToJson,
} from "../../layout/index.js";
import { formatTable, fullHex, print, styled, wrap } from "../../terminal/index.js";
import type { LoadedLayout } from "./load.js";

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
export function showLayout({ name, layout }: LoadedLayout): void {
  const rows = nested(layout.entries).map((entry) => [
    slotText(entry),
    String(entry.offset),
    String(entry.size),
    entry.gap ? styled("dim", `${displayLabel(entry)} (gap)`) : displayLabel(entry),
    pastText(entry),
  ]);
  print(
    formatTable(
      [
        { title: "SLOT", align: "right" },
        { title: "BYTE", align: "right" },
        { title: "SIZE", align: "right" },
        { title: "NAME" },
        { title: "TYPE", flexible: true },
      ],
      rows,
    ),
    "",
    `${name}: ${layout.entries.length} entries`,
    `the circuit has room for ${LAYOUT_CAPACITY.oldEntries} old and ${LAYOUT_CAPACITY.newEntries} new ones`,
    `layoutRoot ${fullHex(layoutRoot(layout))}`,
  );
}

/** Entries as people look for them: what is inside of a variable comes after it. */
function nested(entries: readonly LayoutEntry[]): LayoutEntry[] {
  const children = new Map<string | undefined, LayoutEntry[]>();
  for (const entry of entries) children.set(entry.inside, [...(children.get(entry.inside) ?? []), entry]);
  const take = (inside: string | undefined): LayoutEntry[] => {
    const found = children.get(inside) ?? [];
    // Variables of one name, private to two bases, share what is listed after the first.
    children.delete(inside);
    return found.flatMap((entry) => [entry, ...take(displayLabel(entry))]);
  };
  return take(undefined);
}

/** What is inside of a variable stands in a region of its own: its slot counts from there. */
function slotText({ slot, inside }: LayoutEntry): string {
  const number = inside === undefined ? slot : slot % (1n << 40n);
  const text = number < 1n << 64n ? number.toString() : `0x${number.toString(16).slice(0, 6)}..`;
  return inside === undefined ? text : `+${text}`;
}

function pastText({ type, renamedFrom, retypedFrom }: LayoutEntry): string {
  const past = [
    ...(renamedFrom === undefined ? [] : [`was called ${renamedFrom}`]),
    ...(retypedFrom === undefined ? [] : [`was ${retypedFrom}`]),
  ];
  return past.length === 0 ? type : `${type} (${past.join(", ")})`;
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
    })),
    verdicts,
  };
}

function entryAsJson(entry: LayoutEntry | undefined) {
  return entry === undefined ? null : layoutToJson({ entries: [entry] })[0];
}

/** Prints findings and verdicts. */
export function showDiff(
  before: LoadedLayout,
  after: LoadedLayout,
  { verdict, findings, verdicts }: LayoutDiff,
): void {
  const found = findings.filter(isLayoutFinding);
  const [along, own] = [found.filter(movedAlong), found.filter((finding) => !movedAlong(finding))];
  if (own.length > 0) {
    print(
      formatTable(
        [{ title: "FINDING" }, { title: "VARIABLE" }, { title: "WHAT", flexible: true }],
        own.map(({ code, label, message }) => [
          styled("yellow", code.replace("layout/", "")),
          label,
          message.startsWith(`${label} `) ? message.slice(label.length + 1) : message,
        ]),
      ),
      ...(along.length > 0 ? [`and ${along.length} entries inside of these, which moved along`] : []),
      "",
    );
  }
  for (const finding of findings) if (!isLayoutFinding(finding)) print(wrap(finding.message), "");
  print(
    formatTable(
      [{ title: "JUDGE" }, { title: "VERDICT" }],
      [
        ["upgrades-core", verdicts.upgradesCore],
        ["rule of the proof", verdicts.canonical],
        ["circuit", verdicts.circuit],
      ].map(([judge, said]) => [judge!, coloured(said!)]),
    ),
    "",
    `${before.name} (${before.layout.entries.length} entries) -> ${after.name} (${after.layout.entries.length} entries): ${coloured(verdict)}`,
  );
}

function isLayoutFinding(finding: LayoutDiff["findings"][number]): finding is LayoutFinding {
  return "old" in finding || "new" in finding;
}

/** What is inside of a variable goes with it: not worth a line of its own. */
function movedAlong({ code, old, new: next }: LayoutFinding): boolean {
  return code === "layout/moved" && old?.inside !== undefined && old.inside === next?.inside;
}

function coloured(verdict: string): string {
  const good = ["safe", "preserved", "provable"].includes(verdict);
  return styled(good ? "green" : verdict === "unsupported" ? "yellow" : "red", verdict);
}
