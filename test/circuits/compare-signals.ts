import { expect } from "vitest";
import type { CircuitInput, Twins } from "../../soundness/index.js";
import { readMark } from "../../soundness/marks.js";

/** Wires by signal name in the unsimplified circuit, where every signal has one. */
const wireOf = ({ symbols }: Twins["marked"], name: string): number | undefined => {
  const label = symbols.labelOf.get(name);
  return label === undefined ? undefined : symbols.wires[label]!;
};

/** Compares signals that the circuit computes with those computed outside, by name. */
export function expectSignals(
  { marked }: Twins,
  input: CircuitInput,
  reference: ReadonlyMap<string, bigint>,
): void {
  const wires = [...reference.keys()].map((name) => wireOf(marked, name));
  const unknown = [...reference.keys()].filter((_, index) => wires[index] === undefined);
  expect(unknown).toEqual([]);
  const witness = marked.calculator.calculate(input, wires as number[]);
  const different = [...reference]
    .filter(([, value], index) => witness[wires[index]!] !== value)
    .map(([name]) => name);
  expect(different).toEqual([]);
}

/**
 * What a circuit computes and nothing outside does: signals that templates of its own assign, and components of circomlib
 * inside of those of which no signal is compared.
 */
export function uncomparedSignals({ marked, sources }: Twins, compared: Iterable<string>): string[] {
  const templateOf = new Map<string, string>();
  for (const name of marked.symbols.names) {
    const mark = readMark(name);
    if (mark !== undefined) templateOf.set(mark.component, mark.template);
  }
  const isOwn = (component: string) =>
    sources.definitions.get(templateOf.get(component) ?? "")?.file.own === true;
  const inputsOf = new Map(
    sources.usedTemplates.map(({ name, statements }) => [name, new Set(statements.flatMap(inputName))]),
  );
  const isAssigned = (component: string, name: string) => {
    const signal = name.slice(component.length + 1).replaceAll(/\[\d+\]/g, "");
    return readMark(name) === undefined && !inputsOf.get(templateOf.get(component)!)!.has(signal);
  };
  const known = new Set(compared);
  const lookedAt = new Set([...known].map(componentOf));
  const signals = marked.symbols.names.filter((name) => {
    const component = componentOf(name);
    return isOwn(component) && isAssigned(component, name) && !known.has(name);
  });
  const components = [...templateOf.keys()].filter(
    (component) => !isOwn(component) && isOwn(componentOf(component)) && !lookedAt.has(component),
  );
  return [...signals, ...components];
}

/** What `signal input name` declares. */
function inputName({
  tokens: [first, second, third],
}: {
  readonly tokens: readonly { readonly text: string }[];
}) {
  return first?.text === "signal" && second?.text === "input" && third !== undefined ? [third.text] : [];
}

/** `main.layout.order` of `main.layout.order.lastHi[2]`. */
function componentOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}
