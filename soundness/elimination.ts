import { FIELD_ORDER, inverse, reduce } from "./modular.js";

/** A row of a sparse matrix over F: column -> entry in [1, r). */
export type SparseRow = Map<number, bigint>;

export interface Pivot {
  readonly column: number;
  /** The row at the time it was chosen: every other column in it is a later pivot or a free column. */
  readonly row: SparseRow;
}

export interface Elimination {
  readonly rank: number;
  readonly columns: number;
  /** In the order of elimination. */
  readonly pivots: readonly Pivot[];
  readonly freeColumns: readonly number[];
}

/**
 * Rank of a sparse matrix over F by Gaussian elimination. The pivot is taken from the column with the fewest entries,
 * there in the shortest row, which keeps fill-in low (a simple form of Markowitz's rule, Management Science 3, 1957).
 * Consumes `rows`.
 */
export function eliminate(rows: SparseRow[]): Elimination {
  const rowsOf = rowsByColumn(rows);
  const queue = new CountQueue(rowsOf);
  const pivots: Pivot[] = [];
  for (let column = queue.takeRarest(); column !== undefined; column = queue.takeRarest()) {
    const index = shortest(rowsOf.get(column)!, rows);
    const row = rows[index]!;
    for (const other of row.keys()) {
      queue.remove(other, rowsOf.get(other)!.size);
      rowsOf.get(other)!.delete(index);
    }
    pivots.push({ column, row });
    const targets = rowsOf.get(column)!;
    const negatedInverse = targets.size === 0 ? 0n : FIELD_ORDER - inverse(row.get(column)!);
    for (const target of targets) {
      const factor = (rows[target]!.get(column)! * negatedInverse) % FIELD_ORDER;
      addMultiple(rows[target]!, row, factor, target, rowsOf);
    }
    for (const other of row.keys()) queue.put(other, rowsOf.get(other)!.size);
  }

  const pivotColumns = new Set(pivots.map(({ column }) => column));
  const freeColumns = [...rowsOf.keys()].filter((column) => !pivotColumns.has(column));
  return { rank: pivots.length, columns: rowsOf.size, pivots, freeColumns };
}

/**
 * A vector that the matrix maps to 0, with the given values at the free columns: column -> value, zeros left out.
 */
export function kernelVector(
  elimination: Elimination,
  freeValues: Iterator<bigint, never>,
): Map<number, bigint> {
  const vector = new Map<number, bigint>();
  for (const column of elimination.freeColumns) vector.set(column, freeValues.next().value);
  for (const { column, row } of elimination.pivots.toReversed()) {
    let sum = 0n;
    for (const [other, entry] of row) {
      if (other !== column) sum += entry * (vector.get(other) ?? 0n);
    }
    const value = sum === 0n ? 0n : reduce(-sum * inverse(row.get(column)!));
    if (value !== 0n) vector.set(column, value);
  }
  return vector;
}

function rowsByColumn(rows: readonly SparseRow[]): Map<number, Set<number>> {
  const rowsOf = new Map<number, Set<number>>();
  rows.forEach((row, index) => {
    for (const column of row.keys()) {
      const list = rowsOf.get(column);
      if (list === undefined) rowsOf.set(column, new Set([index]));
      else list.add(index);
    }
  });
  return rowsOf;
}

function shortest(candidates: ReadonlySet<number>, rows: readonly SparseRow[]): number {
  let best = -1;
  for (const index of candidates) {
    if (best < 0 || rows[index]!.size < rows[best]!.size) best = index;
  }
  return best;
}

/** target += factor * row, with the index of rows by column kept true. */
function addMultiple(
  target: SparseRow,
  row: SparseRow,
  factor: bigint,
  index: number,
  rowsOf: ReadonlyMap<number, Set<number>>,
): void {
  for (const [column, entry] of row) {
    const old = target.get(column);
    const value = ((old ?? 0n) + factor * entry) % FIELD_ORDER;
    if (old === undefined) rowsOf.get(column)!.add(index);
    if (value !== 0n) {
      target.set(column, value);
    } else {
      target.delete(column);
      rowsOf.get(column)!.delete(index);
    }
  }
}

/** Columns by their number of entries; columns without any are forgotten. */
class CountQueue {
  readonly #byCount: Set<number>[] = [];
  #fewest = 1;

  constructor(rowsOf: ReadonlyMap<number, ReadonlySet<number>>) {
    for (const [column, { size }] of rowsOf) this.put(column, size);
  }

  /** Removes and returns a column with the fewest entries, or undefined where none is left. */
  takeRarest(): number | undefined {
    for (; this.#fewest < this.#byCount.length; this.#fewest++) {
      for (const column of this.#byCount[this.#fewest]!) {
        this.remove(column, this.#fewest);
        return column;
      }
    }
    return undefined;
  }

  put(column: number, count: number): void {
    if (count === 0) return;
    while (this.#byCount.length <= count) this.#byCount.push(new Set());
    this.#byCount[count]!.add(column);
    this.#fewest = Math.min(this.#fewest, count);
  }

  remove(column: number, count: number): void {
    this.#byCount[count]?.delete(column);
  }
}
