import { wireName } from "./constraints.js";
import { type Elimination, eliminate, kernelVector, type SparseRow } from "./elimination.js";
import { SoundnessError } from "./errors.js";
import { idleInverses } from "./idle-inverse.js";
import { Jacobian } from "./jacobian.js";
import { seededElements } from "./modular.js";
import type { R1cs } from "./r1cs.js";
import type { Symbols } from "./sym.js";

export interface Determinism {
  readonly constraints: number;
  /** Signals that follow one by one, each from a constraint in which it is the only unknown. */
  readonly peeled: number;
  /** What is left: a linear system of `coreRows` equations in `coreColumns` unknowns. */
  readonly coreRows: number;
  readonly coreColumns: number;
  readonly coreRank: number;
  /** Inverses inside IsZero at input 0: free by design, and without effect. */
  readonly idleInverses: number;
  /** Signals that can move while the inputs stand still, in the order of wires. Empty: the circuit is determined. */
  readonly freeSignals: readonly string[];
}

/**
 * Whether the inputs determine the witness: with the input signals fixed, the Jacobian of the constraints over all
 * other signals must have full column rank over F at the given witness. A kernel vector is a direction in which the
 * witness can move and stay satisfied to first order: an under-constrained signal.
 *
 * Rows with one unknown are peeled off first, which settles nearly everything in a circuit; the rest (the core) is
 * eliminated. A signal with an empty column passes only as the inverse inside an IsZero at input 0 (`idleInverses`).
 * Sees continuous freedom only: a second, isolated solution (bits of a number decomposed modulo r) is not seen.
 *
 * @throws SoundnessError `soundness/unsatisfied` where the witness does not satisfy the constraints.
 */
export function checkDeterminism(r1cs: R1cs, symbols: Symbols, witness: readonly bigint[]): Determinism {
  const jacobian = new Jacobian(r1cs, witness);
  const known = knownWires(r1cs);
  const incidence = readIncidence(r1cs, jacobian, known);
  const peeled = peel(incidence, known);
  const { core, emptyColumns } = splitRest(r1cs, jacobian, incidence, known);
  const coreRows = core.length;
  const elimination = eliminate(core);
  const idle = idleInverses(r1cs, symbols, witness, emptyColumns);
  const free = [...emptyColumns.filter((wire) => !idle.has(wire)), ...movingWires(elimination)];
  return {
    constraints: r1cs.constraintCount,
    peeled,
    coreRows,
    coreColumns: elimination.columns,
    coreRank: elimination.rank,
    idleInverses: idle.size,
    freeSignals: free.sort((a, b) => a - b).map((wire) => wireName(r1cs, symbols, wire)),
  };
}

/**
 * Marks the constant and the inputs. They are told by label, which counts outputs, public inputs and private inputs
 * first: the compiler may drop an input's wire (where it is fixed to a constant), but never its label.
 */
function knownWires(r1cs: R1cs): Uint8Array {
  const lastInput = r1cs.outputCount + r1cs.publicInputCount + r1cs.privateInputCount;
  return Uint8Array.from(r1cs.labels, (label) =>
    label === 0 || (label > r1cs.outputCount && label <= lastInput) ? 1 : 0,
  );
}

/** Which entries of the Jacobian over the unknown wires are not 0. */
interface Incidence {
  /** Constraint -> number of its unknowns, and their exclusive or: the unknown itself where it is the only one. */
  readonly unknowns: Int32Array;
  readonly unknownsXor: Int32Array;
  /** Wire -> its constraints, `constraints[starts[wire]]` to `constraints[starts[wire + 1] - 1]`. */
  readonly starts: Uint32Array;
  readonly constraints: Uint32Array;
}

function readIncidence(r1cs: R1cs, jacobian: Jacobian, known: Uint8Array): Incidence {
  const unknowns = new Int32Array(r1cs.constraintCount);
  const unknownsXor = new Int32Array(r1cs.constraintCount);
  const entries = new Uint32Array(r1cs.wires.length);
  const starts = new Uint32Array(r1cs.wireCount + 1);
  let total = 0;
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    const { wires, satisfied } = jacobian.row(constraint);
    if (!satisfied) throw unsatisfied(constraint);
    for (const wire of wires) {
      if (known[wire] === 1) continue;
      entries[total++] = wire;
      unknowns[constraint]!++;
      unknownsXor[constraint]! ^= wire;
      starts[wire + 1]!++;
    }
  }
  for (let wire = 0; wire < r1cs.wireCount; wire++) starts[wire + 1]! += starts[wire]!;
  const constraints = new Uint32Array(total);
  const next = starts.slice();
  for (let constraint = 0, at = 0; constraint < r1cs.constraintCount; constraint++) {
    for (let left = unknowns[constraint]!; left > 0; left--)
      constraints[next[entries[at++]!]!++] = constraint;
  }
  return { unknowns, unknownsXor, starts, constraints };
}

/** Settles every wire that is the only unknown of a constraint, and so on until there is none; returns their number. */
function peel({ unknowns, unknownsXor, starts, constraints }: Incidence, known: Uint8Array): number {
  let peeled = 0;
  const ready = Array.from(unknowns.keys()).filter((constraint) => unknowns[constraint] === 1);
  for (let constraint = ready.pop(); constraint !== undefined; constraint = ready.pop()) {
    if (unknowns[constraint] !== 1) continue;
    const wire = unknownsXor[constraint]!;
    known[wire] = 1;
    peeled++;
    for (let k = starts[wire]!; k < starts[wire + 1]!; k++) {
      const other = constraints[k]!;
      unknowns[other]!--;
      unknownsXor[other]! ^= wire;
      if (unknowns[other] === 1) ready.push(other);
    }
  }
  return peeled;
}

function splitRest(
  r1cs: R1cs,
  jacobian: Jacobian,
  { unknowns, starts }: Incidence,
  known: Uint8Array,
): { core: SparseRow[]; emptyColumns: number[] } {
  const core: SparseRow[] = [];
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    if (unknowns[constraint] === 0) continue;
    const { wires, values } = jacobian.row(constraint);
    const row: SparseRow = new Map();
    wires.forEach((wire, place) => {
      if (known[wire] === 0) row.set(wire, values[place]!);
    });
    core.push(row);
  }
  const emptyColumns: number[] = [];
  for (let wire = 0; wire < r1cs.wireCount; wire++) {
    if (known[wire] === 0 && starts[wire] === starts[wire + 1]) emptyColumns.push(wire);
  }
  return { core, emptyColumns };
}

/**
 * The wires that move along the kernel. A kernel vector with random values at the free columns moves all of them, save
 * with a probability of about one in r for each.
 */
function movingWires(elimination: Elimination): number[] {
  if (elimination.freeColumns.length === 0) return [];
  return [...kernelVector(elimination, seededElements("kernel")).keys()];
}

function unsatisfied(constraint: number): SoundnessError {
  return new SoundnessError("soundness/unsatisfied", "the witness does not satisfy the constraints", {
    details: { constraint },
    why: "determinism is a property of a satisfied witness",
    remedy: "compute the witness from a true statement with the circuit's own calculator",
  });
}
