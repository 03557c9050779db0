import { inverse, reduce } from "../../soundness/modular.js";
import { lazily } from "../../src/lazily.js";
import { attestReference, type LayoutValues, layoutChallenge } from "../../tools/circuits/reference/index.js";
import {
  assemble,
  type Change,
  digest,
  type Ingredients,
  trueIngredients,
} from "../../tools/circuits/statements.js";
import { add, multiply, type Polynomial, polynomial, rootOf, scale } from "./field-roots.js";
import type { FalseStatement, Signals } from "./lies.js";

// Marks that are solved for once the challenge is known. The challenge covers the sum of all marks, each times its own power
// of two. If marks need not be bits, a prover fixes the sum, computes the challenge c, and then solves for field elements
// with that sum that make the products equal as well: A_i = c - digest_i - 1, so that a chosen digest contributes
// 1 + x_i A_i. Marks of places and gap flags stand in the roots, which the challenge covers, and the marks of changes in
// the list of changes: of those, none can be late.

/** A mark to be solved for: its place, its weight in the challenge, and its A. */
interface LateMark {
  readonly place: number;
  readonly weight: bigint;
  readonly a: bigint;
}

const chosen = (a: bigint) => reduce(a + 1n);
const product = (values: readonly bigint[]): bigint => values.reduce((all, value) => reduce(all * value), 1n);

/** x and y with x w_x + y w_y = sum and (1 + x A)(1 + y B) = target, or undefined where there are none. */
function solveTwo([x, y]: readonly [LateMark, LateMark], sum: bigint, target: bigint): bigint[] | undefined {
  const inverseWeight = inverse(y.weight);
  const yOfX = polynomial(sum * inverseWeight, -x.weight * inverseWeight);
  const left = multiply(polynomial(1n, x.a), add([1n], scale(yOfX, y.a)));
  const root = rootOf(add(left, polynomial(-target)));
  return root === undefined ? undefined : [root, reduce((sum - x.weight * root) * inverseWeight)];
}

/**
 * x, y and z with x w_x + y w_y + z w_z = sum, the product of (1 + x A) = first and that of (1 + (1 - x) A) = second, or
 * undefined where there are none. For a fixed z, with D = 1 + z C and E = 1 + (1 - z) C, the pair x, y has
 * f = (1 + x A)(1 + y B) = first / D and g = (1 + (1 - x) A)(1 + (1 - y) B) = second / E. The difference g - f is linear in
 * x and y, as the sum is: both together give x and y as fractions of z, and f leaves a polynomial of degree 6.
 */
function solveThree(
  [x, y, z]: readonly [LateMark, LateMark, LateMark],
  sum: bigint,
  first: bigint,
  second: bigint,
): bigint[] | undefined {
  const [alpha, beta] = [x.a * (2n + y.a), y.a * (2n + x.a)].map(reduce) as [bigint, bigint];
  const determinant = reduce(alpha * y.weight - beta * x.weight);
  if (determinant === 0n) return undefined;
  const d = polynomial(1n, z.a);
  const e = polynomial(1n + z.a, -z.a);
  const both = multiply(d, e);
  // alpha x + beta y and w_x x + w_y y, each times D E.
  const constant = (1n + x.a) * (1n + y.a) - 1n;
  const right = [scale(both, constant), scale(d, -second), scale(e, first)].reduce(add);
  const rest = multiply(both, polynomial(sum, -z.weight));
  const per = inverse(determinant);
  const solved = (a: Polynomial, b: Polynomial) => scale(add(a, scale(b, -1n)), per);
  const xs = solved(scale(right, y.weight), scale(rest, beta));
  const ys = solved(scale(rest, alpha), scale(right, x.weight));
  // f, times (D E)^2.
  const equation = [
    multiply(both, both),
    multiply(both, add(scale(xs, x.a), scale(ys, y.a))),
    scale(multiply(xs, ys), x.a * y.a),
    scale(multiply(both, e), -first),
  ].reduce(add);
  const root = rootOf(equation);
  if (root === undefined) return undefined;
  const at = (of: Polynomial) =>
    of.reduceRight((value, coefficient) => reduce(value * root + coefficient), 0n);
  const common = at(both);
  if (common === 0n) return undefined;
  return [reduce(at(xs) * inverse(common)), reduce(at(ys) * inverse(common)), root];
}

/** A's of digests at one challenge. */
type AsOf = (digests: readonly bigint[], places: readonly number[]) => bigint[];

interface LatePlan {
  readonly name: string;
  readonly refusedBy: string;
  /** What is false, and the marks that are bits all the same. */
  readonly change: (ingredients: Ingredients) => void;
  /** Which marks are late, and the sum in which they stand. */
  readonly signal: "oldChanged" | "newKeep" | "newChanged";
  readonly places: readonly number[];
  readonly solve: (
    marks: readonly LateMark[],
    sum: bigint,
    values: LayoutValues,
    asOf: AsOf,
  ) => bigint[] | undefined;
}

const WEIGHTS = {
  oldChanged: { sum: "oldMarks", weight: (place: number) => 2n ** BigInt(place) },
  newKeep: { sum: "newMarks", weight: (place: number) => 4n ** BigInt(place) },
  newChanged: { sum: "newMarks", weight: (place: number) => 2n * 4n ** BigInt(place) },
} as const;

function late({ name, refusedBy, change, signal, places, solve }: LatePlan): FalseStatement {
  return {
    name,
    refusedBy,
    input: lazily(() => {
      const ingredients = trueIngredients();
      change(ingredients);
      const signals = structuredClone(assemble(ingredients).input) as Signals;
      for (const place of places) signals[signal]![place] = 0n;
      const { layout: values } = attestReference(signals);
      const { sum, weight } = WEIGHTS[signal];
      // Any sum will do; about every second one has a solution.
      for (let tried = 1n; ; tried++) {
        const challenge = layoutChallenge({ ...values, [sum]: values[sum] + tried });
        const asOf: AsOf = (digests, at) => at.map((place) => reduce(challenge - digests[place]! - 1n));
        const digests = signal === "oldChanged" ? values.oldDigests : values.newDigests;
        const as = asOf(digests, places);
        const marks = places.map((place, i) => ({ place, weight: weight(place), a: as[i]! }));
        const solution = solve(marks, tried, values, asOf);
        if (solution === undefined) continue;
        marks.forEach(({ place }, i) => {
          signals[signal]![place] = solution[i]!;
        });
        return signals;
      }
    }),
  };
}

/** Variables of the true statement: 0 and 2 (kept) and 6, which becomes 7. */
const OLD = { zero: 0, two: 2, six: 3 };
const NEW = { zero: 0, three: 1, two: 4, seven: 5 };

/** Marks as field elements that a prover solves for after the challenge, under a variable whose type changes undeclared. */
export const LATE_MARKS: readonly FalseStatement[] = [
  late({
    name: "old change marks solved for after the challenge, and a variable retyped",
    refusedBy: "LayoutPreserved",
    change: (i) => Object.assign(i.new[NEW.two]!, { type: digest(60), keep: 0n }),
    signal: "oldChanged",
    places: [OLD.zero, OLD.two, OLD.six],
    solve: (marks, sum, { newDigests, before }, asOf) => {
      const kept = product(asOf(newDigests, [NEW.zero]).map(chosen));
      const from = product(asOf(before, [0]).map(chosen));
      return solveThree(marks as [LateMark, LateMark, LateMark], sum, from, kept);
    },
  }),
  late({
    name: "kept marks solved for after the challenge, and a variable retyped",
    refusedBy: "NewLayoutEntry",
    change: (i) => {
      i.new[NEW.two]!.type = digest(60);
    },
    signal: "newKeep",
    places: [NEW.zero, NEW.two],
    solve: (marks, sum, { oldDigests }, asOf) => {
      const unchanged = product(asOf(oldDigests, [OLD.zero, OLD.two]).map(chosen));
      return solveTwo(marks as [LateMark, LateMark], sum, unchanged);
    },
  }),
  late({
    name: "new change marks solved for after the challenge, and a variable retyped under another's declaration",
    refusedBy: "NewLayoutEntry",
    change: (i) => {
      const [told] = i.changes as [Change];
      i.new[NEW.seven]!.type = digest(60);
      i.new[NEW.seven]!.label = told.new.name;
    },
    signal: "newChanged",
    places: [NEW.three, NEW.seven],
    solve: (marks, sum, { after }, asOf) =>
      solveTwo(marks as [LateMark, LateMark], sum, product(asOf(after, [0]).map(chosen))),
  }),
];
