/** A line of a comparison: in both texts, in the old one, or in the new one. */
export interface DiffLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Differing lines that are looked at one by one; beyond it, all that lies between what both texts begin and end with is shown as replaced. */
const MAX_DIFFERENCES = 2_000;

/**
 * How two texts differ, line by line, with the fewest differences (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).
 */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const rest = Math.min(before.length, after.length) - start;
  while (end < rest && before.at(-1 - end) === after.at(-1 - end)) end++;
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  return [
    ...marked(" ", before.slice(0, start)),
    ...(shortest(old, fresh) ?? [...marked("-", old), ...marked("+", fresh)]),
    ...marked(" ", before.slice(before.length - end)),
  ];
}

const marked = (mark: DiffLine["mark"], lines: readonly string[]): DiffLine[] =>
  lines.map((text) => ({ mark, text }));

/** Undefined where there are too many differences. */
function shortest(old: readonly string[], fresh: readonly string[]): DiffLine[] | undefined {
  const most = Math.min(old.length + fresh.length, MAX_DIFFERENCES);
  // Per number of differences: how far each diagonal (old index - new index) was reached, in lines of the old text.
  const reached: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let differences = 0; differences <= most; differences++) {
    reached.push(new Map(furthest));
    const next = new Map<number, number>();
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = stepsDown(furthest, diagonal, differences)
        ? furthest.get(diagonal + 1)!
        : furthest.get(diagonal - 1)! + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= fresh.length) return traceBack(old, fresh, reached, differences);
    }
    furthest = next;
  }
  return undefined;
}

/** Whether the way to a diagonal comes from a line of the new text. */
function stepsDown(furthest: ReadonlyMap<number, number>, diagonal: number, differences: number): boolean {
  if (diagonal === -differences) return true;
  return diagonal !== differences && furthest.get(diagonal - 1)! < furthest.get(diagonal + 1)!;
}

function traceBack(
  old: readonly string[],
  fresh: readonly string[],
  reached: readonly ReadonlyMap<number, number>[],
  differences: number,
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let step = differences; step >= 0; step--) {
    const furthest = reached[step]!;
    const down = stepsDown(furthest, x - y, step);
    const diagonal = down ? x - y + 1 : x - y - 1;
    const fromX = step === 0 ? 0 : furthest.get(diagonal)!;
    const fromY = step === 0 ? 0 : fromX - diagonal;
    while (x > fromX && y > fromY) {
      lines.push({ mark: " ", text: old[x - 1]! });
      x--;
      y--;
    }
    if (step === 0) break;
    lines.push(down ? { mark: "+", text: fresh[y - 1]! } : { mark: "-", text: old[x - 1]! });
    [x, y] = [fromX, fromY];
  }
  return lines.toReversed();
}
