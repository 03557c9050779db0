import { type Attestation, AuditorSet, attest, derivePublicKey } from "../../src/audit/index.js";
import { FIELD_ORDER, poseidon, sponge, TAGS } from "../../src/field/index.js";
import type { ChangedSideWitness } from "../../src/layout/index.js";
import { type PatchOpening, patchCommitment } from "../../src/patch/index.js";
import {
  type AttestParameters,
  type AttestStatement,
  type AttestWitness,
  attestInputUnchecked,
  type CircuitInput,
} from "../../src/proof/index.js";
import { reportDigest, rootOfVectors } from "../../src/vectors/index.js";

/** Sizes of test/circuits/instances/attest-small.circom. */
export const SMALL_PARAMETERS: AttestParameters = {
  auditorDepth: 3,
  signers: 3,
  baselineDepth: 2,
  incidentDepth: 1,
  oldEntries: 5,
  newEntries: 7,
  changes: 2,
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A layout entry as the circuit sees it; every value may be a lie. */
export interface Entry {
  hi: bigint;
  lo: bigint;
  size: bigint;
  type: bigint;
  label: bigint;
  gap: bigint;
  keep: bigint;
  changed: bigint;
}

/** A variable that changes name or type; every value may be a lie. */
export interface Change {
  hi: bigint;
  packed: bigint;
  old: Mutable<ChangedSideWitness>;
  new: Mutable<ChangedSideWitness>;
}

/** A baseline vector as the circuit sees it; every value may be a lie. */
interface BaselineVector {
  inputDigest: bigint;
  expectation: bigint;
  runs: bigint;
  outcome: bigint;
}

/** An incident vector as the circuit sees it: its outcome on the patch is the expectation. */
interface IncidentVector {
  inputDigest: bigint;
  expectation: bigint;
  runs: bigint;
  currentOutcome: bigint;
}

/** What a statement is made of. A lie changes some of it; everything that depends on it is made anew. */
export interface Ingredients {
  auditorSecrets: Uint8Array[];
  /** Indices of the auditors that sign. */
  signers: number[];
  threshold: bigint;
  baseline: BaselineVector[];
  incidents: IncidentVector[];
  maxWaivers: bigint;
  old: Entry[];
  new: Entry[];
  /** Marks of the places of the new list where they are not 1 for each entry: a lie, which C covers as the circuit would. */
  newUsed?: bigint[];
  changes: Change[];
  codeDigest: bigint;
  account: bigint;
  migrationDigest: bigint;
  executionDigest: bigint;
  salt: bigint;
  currentCode: bigint;
  targetsRoot: bigint;
}

/** What governance registered: the prover cannot change it. Taken from the ingredients where not given. */
export type Registered = Partial<Pick<AttestStatement, "vectorRoot" | "layoutRoot" | "auditorRoot">>;

export interface Assembled {
  statement: AttestStatement;
  witness: AttestWitness;
  input: CircuitInput;
}

/** A digest that depends on its name only. */
export function digest(...name: (number | bigint)[]): bigint {
  return poseidon([0n, ...name.map(BigInt)]);
}

/** Label digest of a variable whose declaration tells a former name or type (docs/encodings.md). */
export function declaredLabel({ name, formerName, formerType }: Change["new"]): bigint {
  return poseidon([TAGS.layoutChanged, name, formerName, formerType]);
}

/** A true statement that uses every part of the circuit: waivers, gaps, kept, changed and new variables, padding. */
export function trueIngredients(seed = 1): Ingredients {
  const entry = (name: number, lo: bigint, size: bigint, keep: bigint, more: Partial<Entry> = {}): Entry => ({
    hi: 0n,
    lo,
    size,
    type: digest(seed, 10, name),
    label: digest(seed, 11, name),
    gap: 0n,
    keep,
    changed: 0n,
    ...more,
  });
  const far = { hi: digest(seed, 12) >> 40n };
  // Variable 6 becomes variable 7, and its declaration says so.
  const before = {
    typeDigest: digest(seed, 10, 6),
    name: digest(seed, 11, 6),
    declared: 0n,
    formerName: 0n,
    formerType: 0n,
  };
  const after = {
    typeDigest: digest(seed, 10, 7),
    name: digest(seed, 11, 7),
    declared: 1n,
    formerName: before.name,
    formerType: before.typeDigest,
  };
  const changed = { ...far, changed: 1n };
  return {
    auditorSecrets: Array.from({ length: 5 }, (_, i) => new Uint8Array(32).fill(seed * 16 + i + 1)),
    signers: [0, 3],
    threshold: 2n,
    baseline: [0, 1, 2].map((i) => ({
      inputDigest: digest(seed, 1, i),
      expectation: digest(seed, 2, i),
      // The circuit takes any: the last vector has a run record, the others have none.
      runs: i === 2 ? digest(seed, 14) : 0n,
      outcome: i === 1 ? digest(seed, 3, i) : digest(seed, 2, i),
    })),
    incidents: [
      {
        inputDigest: digest(seed, 4),
        expectation: digest(seed, 5),
        runs: digest(seed, 15),
        currentOutcome: digest(seed, 6),
      },
    ],
    maxWaivers: 1n,
    old: [
      entry(0, 0n, 20n, 0n),
      entry(1, 32n, 64n, 0n, { gap: 1n }),
      entry(2, 64n, 32n, 0n, far),
      entry(6, 128n, 16n, 0n, changed),
    ],
    new: [
      entry(0, 0n, 20n, 1n),
      entry(3, 20n, 12n, 0n),
      entry(4, 32n, 32n, 0n),
      entry(5, 64n, 32n, 0n, { gap: 1n }),
      entry(2, 64n, 32n, 1n, far),
      entry(7, 128n, 16n, 0n, { ...changed, label: declaredLabel(after) }),
    ],
    changes: [{ ...far, packed: 128n + 16n * 2n ** 45n, old: before, new: after }],
    codeDigest: digest(seed, 7),
    account: digest(seed, 16) >> 30n,
    migrationDigest: digest(seed, 17) >> 6n,
    executionDigest: digest(seed, 18),
    salt: digest(seed, 8) >> 1n,
    currentCode: digest(seed, 9) >> 6n,
    targetsRoot: digest(seed, 13) >> 6n,
  };
}

const packed = (entry: Entry): bigint => (entry.lo + entry.size * 2n ** 45n) % FIELD_ORDER;

/** An entry's digest, written down a second time, independently of src/layout; a flag that is no bit is taken as it comes. */
function entryDigest(entry: Entry): bigint {
  // The tag of gaps is the smaller one.
  const kind =
    (TAGS.layoutEntry + entry.gap * (FIELD_ORDER + TAGS.layoutGap - TAGS.layoutEntry)) % FIELD_ORDER;
  return poseidon([kind, entry.hi, packed(entry), entry.type, entry.label]);
}

/** @param used marks of the places where a lie tells others than 1 for each entry; the list fits one block then. */
function rootOfLayout(entries: readonly Entry[], used?: readonly bigint[]): bigint {
  if (used === undefined) return sponge(TAGS.layout, entries.map(entryDigest));
  const count = used.reduce((sum, mark) => sum + mark, 0n);
  const marked = entries.map((entry, i) => used[i]! * entryDigest(entry));
  const block = [count, ...marked, ...Array<bigint>(14 - entries.length).fill(0n)];
  return poseidon([TAGS.layout, ...block.map((element) => element % FIELD_ORDER)]);
}

/** Keys and signatures take most of the time, and most statements of the tests have the same. */
const known = new Map<string, unknown>();
function once<T>(parts: readonly unknown[], make: () => T): T {
  const key = parts
    .map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString("hex") : part))
    .join();
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}

/** Makes the statement, the signatures and the circuit's inputs; nothing is checked. */
export function assemble(
  ingredients: Ingredients,
  registered: Registered = {},
  parameters: AttestParameters = SMALL_PARAMETERS,
): Assembled {
  const { currentCode, auditorSecrets } = ingredients;
  const baseline = ingredients.baseline.map(({ inputDigest, expectation, runs, outcome }) => ({
    inputDigest,
    expectationDigest: expectation,
    runsDigest: runs,
    outcomeDigest: outcome,
  }));
  const incidents = ingredients.incidents.map(({ inputDigest, expectation, runs, currentOutcome }) => ({
    inputDigest,
    expectationDigest: expectation,
    runsDigest: runs,
    current: { outcomeDigest: currentOutcome },
    patch: { outcomeDigest: expectation },
  }));
  const auditors = once(
    [parameters.auditorDepth, ...auditorSecrets],
    () => new AuditorSet(auditorSecrets.map(derivePublicKey), parameters.auditorDepth),
  );
  const layout = {
    old: ingredients.old.map((entry) => ({
      hi: entry.hi,
      packed: packed(entry),
      typeDigest: entry.type,
      labelDigest: entry.label,
      gap: entry.gap,
      changed: entry.changed,
    })),
    new: ingredients.new.map((entry) => ({
      hi: entry.hi,
      lo: entry.lo,
      size: entry.size,
      typeDigest: entry.type,
      labelDigest: entry.label,
      gap: entry.gap,
      keep: entry.keep,
      changed: entry.changed,
    })),
    changes: ingredients.changes,
    oldRoot: rootOfLayout(ingredients.old),
    newRoot: rootOfLayout(ingredients.new, ingredients.newUsed),
    findings: [],
  };
  const opening: PatchOpening = {
    codeDigest: ingredients.codeDigest,
    layoutRoot: layout.newRoot,
    incidentRoot: rootOfVectors("incident", incidents, parameters.incidentDepth),
    account: ingredients.account,
    migrationDigest: ingredients.migrationDigest,
    executionDigest: ingredients.executionDigest,
    salt: ingredients.salt,
  };
  const statement: AttestStatement = {
    commitment: patchCommitment(opening),
    auditorRoot: registered.auditorRoot ?? auditors.root,
    threshold: ingredients.threshold,
    vectorRoot: registered.vectorRoot ?? rootOfVectors("baseline", baseline, parameters.baselineDepth),
    maxWaivers: ingredients.maxWaivers,
    layoutRoot: registered.layoutRoot ?? layout.oldRoot,
    targetsRoot: ingredients.targetsRoot,
  };
  const signed = { ...statement, reportDigest: reportDigest({ baseline, incidents, currentCode }) };
  const attestations = ingredients.signers.map((index) => {
    const secret = auditorSecrets[index]!;
    const { commitment, targetsRoot, vectorRoot, reportDigest } = signed;
    const parts = [secret, commitment, targetsRoot, vectorRoot, reportDigest];
    return { ...once(parts, (): Attestation => attest(secret, signed)), index };
  });
  const witness = { opening, baseline, incidents, currentCode, layout, auditors, attestations };
  const input = attestInputUnchecked(statement, witness, parameters);
  const { newUsed } = ingredients;
  if (newUsed === undefined) return { statement, witness, input };
  const unused = Array<bigint>(parameters.newEntries - newUsed.length).fill(0n);
  return { statement, witness, input: { ...input, newUsed: [...newUsed, ...unused] } };
}
