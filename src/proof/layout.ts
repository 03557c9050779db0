import type { LayoutCapacity, LayoutWitness } from "../layout/index.js";
import type { CircuitInput } from "./prover/index.js";

/** Inputs of LayoutPreserved (circuits/lib/layout.circom) for a circuit of this size; nothing is checked. */
export function layoutInput(layout: LayoutWitness, capacity: LayoutCapacity): CircuitInput {
  const inOld = column(layout.old, capacity.oldEntries);
  const inNew = column(layout.new, capacity.newEntries);
  const inChanges = column(layout.changes, capacity.changes);
  return {
    oldUsed: inOld(() => 1n),
    oldGap: inOld((entry) => entry.gap),
    oldChanged: inOld((entry) => entry.changed),
    oldHi: inOld((entry) => entry.hi),
    oldPacked: inOld((entry) => entry.packed),
    oldType: inOld((entry) => entry.typeDigest),
    oldLabel: inOld((entry) => entry.labelDigest),
    newUsed: inNew(() => 1n),
    newGap: inNew((entry) => entry.gap),
    newKeep: inNew((entry) => entry.keep),
    newChanged: inNew((entry) => entry.changed),
    newHi: inNew((entry) => entry.hi),
    newLo: inNew((entry) => entry.lo),
    newSize: inNew((entry) => entry.size),
    newType: inNew((entry) => entry.typeDigest),
    newLabel: inNew((entry) => entry.labelDigest),
    changeUsed: inChanges(() => 1n),
    changeHi: inChanges((change) => change.hi),
    changePacked: inChanges((change) => change.packed),
    changeOldType: inChanges((change) => change.old.typeDigest),
    changeOldName: inChanges((change) => change.old.name),
    changeOldDeclared: inChanges((change) => change.old.declared),
    changeOldFormerName: inChanges((change) => change.old.formerName),
    changeOldFormerType: inChanges((change) => change.old.formerType),
    changeNewType: inChanges((change) => change.new.typeDigest),
    changeNewName: inChanges((change) => change.new.name),
    changeNewDeclared: inChanges((change) => change.new.declared),
    changeNewFormerName: inChanges((change) => change.new.formerName),
    changeNewFormerType: inChanges((change) => change.new.formerType),
  };
}

/** Values of a list in an array signal of fixed size, padded with zeros. */
export function column<T>(items: readonly T[], capacity: number): (value: (item: T) => bigint) => bigint[] {
  return (value) => [...items.map(value), ...Array<bigint>(Math.max(0, capacity - items.length)).fill(0n)];
}
