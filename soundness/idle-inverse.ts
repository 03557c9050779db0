import { constraintsOf, evaluateForm, wireName } from "./constraints.js";
import { inverse, reduce } from "./modular.js";
import { FORMS_PER_CONSTRAINT, type R1cs } from "./r1cs.js";
import type { Symbols } from "./sym.js";

/** A linear form: wire -> coefficient in [1, r); wire 0 is the constant. */
type LinearForm = ReadonlyMap<number, bigint>;

/**
 * The wires, out of `candidates`, that are the `inv` of a circomlib IsZero whose input is 0 at the witness. There
 * `inv` is free by design: it is multiplied by 0, and nothing else depends on it.
 *
 * The name must be that of an IsZero's `inv`, and the constraints must be IsZero's, up to the linear substitutions of
 * the optimiser: `inv` stands in one constraint only, as a factor of a form `in` that is 0 at the witness, with the
 * product g - g * out on the other side (g a constant other than 0); and there is a constraint in * out = 0. Where the
 * circuit fixes `out` to 1, the optimiser resolves both constraints to in = 0, and `inv` stands in none.
 */
export function idleInverses(
  r1cs: R1cs,
  symbols: Symbols,
  witness: readonly bigint[],
  candidates: readonly number[],
): Set<number> {
  const named = candidates.filter((wire) => isNamedInverse(symbols, wireName(r1cs, symbols, wire)));
  const idle = new Set<number>();
  const products = new Map<number, { input: LinearForm; product: LinearForm }>();
  for (const [wire, constraints] of constraintsOf(r1cs, named)) {
    if (constraints.length === 0) idle.add(wire);
    if (constraints.length !== 1) continue;
    const input = cofactor(r1cs, constraints[0]!, wire);
    if (input === undefined || evaluateForm(r1cs, input, witness) !== 0n) continue;
    const product = readForm(r1cs, FORMS_PER_CONSTRAINT * constraints[0]! + 2);
    products.set(wire, { input: readForm(r1cs, input), product });
  }

  const outputs = vanishingProducts(
    r1cs,
    [...products.values()].map(({ input }) => input),
  );
  for (const [wire, { input, product }] of products) {
    const partners = outputs.get(formKey(input)) ?? [];
    if (partners.some((out) => isAffineMultiple(product, out))) idle.add(wire);
  }
  return idle;
}

/** circomlib's IsZero has the signals `in`, `out` and `inv`. */
function isNamedInverse(symbols: Symbols, name: string): boolean {
  if (!name.endsWith(".inv")) return false;
  const component = name.slice(0, -"inv".length);
  return symbols.labelOf.has(`${component}in`) && symbols.labelOf.has(`${component}out`);
}

/** The form F, by number, where the constraint is (k * wire) * F = product and `wire` stands nowhere else in it. */
function cofactor(r1cs: R1cs, constraint: number, wire: number): number | undefined {
  const form = FORMS_PER_CONSTRAINT * constraint;
  const [a, b, c] = [readForm(r1cs, form), readForm(r1cs, form + 1), readForm(r1cs, form + 2)];
  if (c.has(wire) || a.has(wire) === b.has(wire)) return undefined;
  if ((a.has(wire) ? a : b).size > 1) return undefined;
  return a.has(wire) ? form + 1 : form;
}

/** For each of the given forms, by its key: all forms `out` of constraints form * out = 0. */
function vanishingProducts(r1cs: R1cs, forms: readonly LinearForm[]): Map<string, LinearForm[]> {
  const outputs = new Map<string, LinearForm[]>(forms.map((form) => [formKey(form), []]));
  const wires = new Set(forms.flatMap((form) => [...form.keys()]));
  for (let constraint = 0; constraint < r1cs.constraintCount; constraint++) {
    const form = FORMS_PER_CONSTRAINT * constraint;
    if (r1cs.offsets[form + 2] !== r1cs.offsets[form + 3]) continue;
    const factors = [readForm(r1cs, form), readForm(r1cs, form + 1)] as const;
    factors.forEach((factor, side) => {
      // Most factors are told apart by their wires, without the cost of a key.
      for (const wire of factor.keys()) if (!wires.has(wire)) return;
      outputs.get(formKey(factor))?.push(factors[1 - side]!);
    });
  }
  return outputs;
}

/** Whether product = g - g * out * k for some constants g and k other than 0: 1 - out up to a scale of each. */
function isAffineMultiple(product: LinearForm, out: LinearForm): boolean {
  const [wire, entry] = [...out].find(([w]) => w !== 0) ?? [0, 0n];
  if (wire === 0) return false;
  const scale = reduce((product.get(wire) ?? 0n) * inverse(entry));
  if (scale === 0n) return false;
  const wires = new Set([...product.keys(), ...out.keys()]);
  wires.delete(0);
  const difference = (w: number) => reduce((product.get(w) ?? 0n) - scale * (out.get(w) ?? 0n));
  return difference(0) !== 0n && [...wires].every((w) => difference(w) === 0n);
}

function readForm(r1cs: R1cs, form: number): LinearForm {
  const terms = new Map<number, bigint>();
  for (let k = r1cs.offsets[form]!; k < r1cs.offsets[form + 1]!; k++) {
    terms.set(r1cs.wires[k]!, reduce(r1cs.coefficients[r1cs.coefficientIds[k]!]!));
  }
  return terms;
}

/** Equal for forms that are multiples of each other, and only for those. */
function formKey(form: LinearForm): string {
  const terms = [...form].sort(([left], [right]) => left - right);
  if (terms.length === 0) return "";
  const scale = inverse(terms[0]![1]);
  return terms.map(([wire, coefficient]) => `${wire}:${reduce(coefficient * scale)}`).join(" ");
}
