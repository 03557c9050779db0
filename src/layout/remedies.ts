import { displayLabel, type LayoutEntry, namespaceOf } from "./entry.js";
import type { LayoutFinding } from "./finding.js";

/** A type whose canonical string is what Solidity calls it. */
const WRITTEN_ALIKE = /^(u?int\d+|bytes\d*|bool|address( payable)?|string)$/;

/** What to change in the new contract, so that a finding goes away. */
export function findingRemedy({ code, old, new: next }: Omit<LayoutFinding, "remedy">): string {
  switch (code) {
    case "layout/moved":
      return isStateVariable(old)
        ? "declare it where it was; what is new goes behind the last variable or into a gap"
        : "keep the order of the members; what is new goes behind the last one";
    case "layout/resized":
      return "keep its type, and declare another variable for what is new";
    case "layout/retyped":
      if (next?.gap) return "call it as it was called: `__gap` is a name for space that nothing uses";
      return toldTypeRemedy(old);
    case "layout/renamed":
      return isStateVariable(old)
        ? `if it is the same variable, add the line above it:\n/// @custom:oz-renamed-from ${nameOf(old)}`
        : `keep the name ${nameOf(old)}: only a state variable can tell a former one`;
    case "layout/deleted":
      return isStateVariable(old)
        ? "keep its declaration at its place, even if the code does not use it"
        : `keep ${nameOf(old)} at its place, even if the code does not use it`;
    case "layout/inserted-in-used-space":
      return isStateVariable(next)
        ? "declare it behind the last variable, or in a gap"
        : "declare it behind the last member, or in a gap";
    case "layout/overlap":
      return "give each namespace an id of its own, and move a custom base slot (`layout at`) away from the others";
    case "layout/unsorted":
      return "list the entries in order of position, as `canonicalLayout` does";
    case "layout/other-declarer":
      return `give ${next === undefined ? "the new variable" : displayLabel(next)} of ${next?.contract ?? "the new base"} another name`;
    case "layout/namespace-elsewhere":
      return "make the constant in the code and the annotation those of one id";
  }
}

function toldTypeRemedy(old: LayoutEntry | undefined): string {
  if (old?.type.includes("struct{"))
    return "keep the struct as it was, and declare what is new in a variable of its own";
  if (!isStateVariable(old)) return "keep its type, and add a member for what is new";
  if (old === undefined || !WRITTEN_ALIKE.test(old.type))
    return "keep its type, and declare what is new in a variable of its own";
  return `keep its type; if its bytes are to be read so, add the line above it:\n/// @custom:oz-retyped-from ${old.type}`;
}

/** Only a comment on a state variable tells its past. */
function isStateVariable(entry: LayoutEntry | undefined): boolean {
  return entry !== undefined && entry.inside === undefined && namespaceOf(entry) === undefined;
}

/** The name that the declaration gives. */
function nameOf(entry: LayoutEntry | undefined): string {
  return entry?.label.slice(entry.label.lastIndexOf(".") + 1) ?? "";
}
