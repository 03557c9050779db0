/**
 * What is different in a type, as people look for it, to stand behind what has the type: where it holds a struct, which of
 * its members moved, changed, came or went; else both types in full.
 * @param old canonical type string (docs/layout.md), as is `next`.
 */
export function describeTypeChange(old: string, next: string): string {
  const members = describeMemberChange(old, next);
  return members === "" ? ` was ${old} and is ${next}` : members;
}

/** The same of members alone; empty where the types differ outside of a struct, or do not. */
export function describeMemberChange(old: string, next: string): string {
  const inner = differingStructs(old, next);
  const changes = inner === undefined ? [] : memberChanges(...inner);
  return changes.length === 0 ? "" : `: ${changes.join(", ")}`;
}

const STRUCT = "struct{";

/** The members of the first struct in which two types differ; undefined where they differ outside of one. */
function differingStructs(old: string, next: string): [Member[], Member[]] | undefined {
  const start = old.indexOf(STRUCT);
  if (start === -1 || old.slice(0, start) !== next.slice(0, start)) return undefined;
  if (!next.startsWith(STRUCT, start)) return undefined;
  const [one, other] = [old, next].map((text) => splitMembers(text, start + STRUCT.length));
  if (one === undefined || other === undefined) return undefined;
  const rest = old.slice(one.end) === next.slice(other.end);
  return rest ? [one.members, other.members] : undefined;
}

interface Member {
  readonly name: string;
  readonly type: string;
  readonly slot: string;
  readonly offset: string;
}

/** Members up to the closing brace, and where the text goes on behind it; undefined where there is none. */
function splitMembers(text: string, start: number): { members: Member[]; end: number } | undefined {
  const members: Member[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "{") depth++;
    if (depth === 0 && (character === ";" || character === "}")) {
      const found = /^\s*(.*) (\S+) @(\d+):(\d+)$/.exec(text.slice(from, at));
      if (found !== null) {
        const [, type = "", name = "", slot = "", offset = ""] = found;
        members.push({ name, type, slot, offset });
      }
      from = at + 1;
      if (character === "}") return { members, end: from };
    }
    if (character === "}") depth--;
  }
  return undefined;
}

function memberChanges(old: readonly Member[], next: readonly Member[]): string[] {
  const place = ({ slot, offset }: Member) =>
    offset === "0" ? `slot ${slot}` : `slot ${slot}, byte ${offset}`;
  const gone = old.flatMap((member) => {
    const now = next.find(({ name }) => name === member.name);
    if (now === undefined) return [`its member ${member.name} (${place(member)}) is gone`];
    const [from, to] = [place(member), place(now)];
    return [
      ...(from === to ? [] : [`its member ${member.name} moved from ${from} to ${to}`]),
      ...(member.type === now.type
        ? []
        : [`its member ${member.name}${describeTypeChange(member.type, now.type)}`]),
    ];
  });
  const known = new Set(old.map(({ name }) => name));
  const come = next.filter(({ name }) => !known.has(name));
  return [...gone, ...come.map((member) => `its member ${member.name} (${place(member)}) is new`)];
}
