/** Steps by which one name becomes another: letters put in, left out, replaced, or swapped with their neighbour (Damerau, 1964). */
function stepsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? rows[i - 2]![j - 2]! + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/**
 * The name that somebody may have meant: the one with the fewest steps to it, upper and lower case, `-` and `_` alike; undefined where more than a third of
 * the letters would have to change.
 */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll("-", "_");
  const [nearest] = names
    .map((name) => ({ name, steps: stepsBetween(plain(written), plain(name)) }))
    .filter(({ name, steps }) => steps <= Math.max(name.length, written.length) / 3)
    .toSorted((a, b) => a.steps - b.steps);
  return nearest?.name;
}
