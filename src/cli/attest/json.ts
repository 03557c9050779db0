import { changedSources, type ReviewedPatch } from "../../patch/index.js";
import { diffAsJson } from "../layout/print.js";
import { shownName } from "../vectors/sets.js";
import type { SignedValues } from "./values.js";

/** What `attest --json` prints of a review. Of the sources it has the names, and not the text. */
export function reviewAsJson(
  { patch, report }: ReviewedPatch,
  { message, signed, target }: SignedValues,
  { showIncidents }: { readonly showIncidents?: boolean },
) {
  const { baseline, incidents, waived, maxWaivers } = report;
  return {
    message,
    signed,
    target,
    sources: changedSources(patch.bundle).map(({ name }) => name),
    layout: diffAsJson(patch.layoutDiff()),
    vectors: [
      ...baseline.map(({ vector, passes }) => ({
        name: vector.name,
        kind: vector.kind,
        old: null,
        new: passes,
      })),
      ...incidents.map(({ vector, current, patch: after }) => ({
        name: shownName(vector, showIncidents),
        kind: vector.kind,
        old: current.passes,
        new: after.passes,
      })),
    ],
    waived,
    maxWaivers,
    warnings: patch.warnings.map(({ code, message: told }) => ({ code, message: told })),
  };
}
