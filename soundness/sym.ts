import { readFile } from "node:fs/promises";
import { SoundnessError } from "./errors.js";

/**
 * The signals of a compiled circuit. `names[label]` is the full name (`main.layout.order[2].lt.in[0]`); label 0 is the
 * constant 1 and has no name. `wires[label]` is the witness index, or -1 where the compiler eliminated the signal.
 */
export interface Symbols {
  readonly names: readonly string[];
  readonly wires: Int32Array;
  /** Full name -> label. */
  readonly labelOf: ReadonlyMap<string, number>;
}

/**
 * Reads a .sym file: one line a signal, `label,wire,component,name`, labels counting from 1
 * (docs.circom.io, "Compiling circuits": the symbols file).
 * @throws SoundnessError `soundness/sym-invalid` where a line is something else.
 */
export async function readSymbols(file: string): Promise<Symbols> {
  const lines = (await readFile(file, "utf8")).split("\n");
  if (lines.at(-1) === "") lines.pop();
  const names = [""];
  const wires = new Int32Array(lines.length + 1);
  const labelOf = new Map<string, number>();
  lines.forEach((line, index) => {
    const [label, wire, , name] = line.split(",", 4);
    if (Number(label) !== index + 1 || name === undefined || !Number.isInteger(Number(wire))) {
      throw new SoundnessError("soundness/sym-invalid", `${file} is no sym file of this toolchain`, {
        details: { file, line: index + 1 },
        why: "a line is not `label,wire,component,name` with labels counting from 1",
        remedy: "compile the circuit again",
      });
    }
    wires[index + 1] = Number(wire);
    names.push(name);
    labelOf.set(name, index + 1);
  });
  return { names, wires, labelOf };
}

/** The name without array indices: `main.order[2].lt.in[0]` -> `main.order.lt.in`. */
export function withoutIndices(name: string): string {
  return name.replaceAll(/\[\d+\]/g, "");
}
