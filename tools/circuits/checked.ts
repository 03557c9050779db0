import { join } from "node:path";
import type { CircuitInput, CircuitUnderCheck } from "../../soundness/index.js";
import { codeDigest, evaluateCodePolynomial } from "../../src/code/index.js";
import { poseidon } from "../../src/field/index.js";
import { patchCommitment } from "../../src/patch/index.js";
import { ROOT } from "../../src/places.js";
import { ATTEST_PARAMETERS, bindInput, buildCircuit, circuitSource } from "../../src/proof/index.js";
import { bindCase } from "./bind-case.js";
import { INSTANCES } from "./instances.js";
import {
  assemble,
  type Change,
  declaredLabel,
  digest,
  type Entry,
  type Ingredients,
  trueIngredients,
} from "./statements.js";

/** What `npm run circuits:check` examines. */
export const CHECKED_CIRCUITS: readonly CircuitUnderCheck[] = [
  {
    name: "attest",
    mainFile: join(ROOT, circuitSource("attest")),
    compile: () => buildCircuit({ source: circuitSource("attest") }),
    inputs: () =>
      [trueIngredients(), crowdedIngredients()].map(
        (ingredients) => assemble(ingredients, {}, ATTEST_PARAMETERS).input,
      ),
    small: {
      mainFile: join(ROOT, INSTANCES["attest-small"]),
      input: () => assemble(trueIngredients()).input,
    },
  },
  {
    name: "bind",
    mainFile: join(ROOT, circuitSource("bind")),
    compile: () => buildCircuit({ source: circuitSource("bind") }),
    inputs: () => [1, 24_576].map(bindStatement),
    small: {
      mainFile: join(ROOT, INSTANCES["bind-small"]),
      input: () => bindCase(new Uint8Array(500).fill(0x5b)).input,
    },
  },
];

/** A true statement that fills every place of the full circuit. */
function crowdedIngredients(): Ingredients {
  const { auditorDepth, signers, baselineDepth, incidentDepth, oldEntries, newEntries, changes } =
    ATTEST_PARAMETERS;
  const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, i) => make(i));
  // The last variables of the old list change name and type.
  const change = (index: number): Change => ({
    hi: BigInt(index >> 1),
    packed: BigInt(index & 1) * 32n + 32n * 2n ** 45n,
    old: {
      typeDigest: digest(20, index),
      name: digest(21, index),
      declared: 0n,
      formerName: 0n,
      formerType: 0n,
    },
    new: {
      typeDigest: digest(28, index),
      name: digest(29, index),
      declared: 1n,
      formerName: digest(21, index),
      formerType: digest(20, index),
    },
  });
  const isChanged = (index: number) => index >= oldEntries - changes && index < oldEntries;
  const entry = (index: number, keep: bigint): Entry => ({
    hi: BigInt(index >> 1),
    lo: BigInt(index & 1) * 32n,
    size: 32n,
    type: digest(20, index),
    label: digest(21, index),
    gap: 0n,
    keep,
    changed: isChanged(index) ? 1n : 0n,
  });
  const renamed = (index: number): Entry => ({
    ...entry(index, 0n),
    type: digest(28, index),
    label: declaredLabel(change(index).new),
  });
  return {
    ...trueIngredients(),
    auditorSecrets: list(2 ** auditorDepth, (i) => new Uint8Array(32).fill(i + 1)),
    signers: list(signers, (i) => 4 * i),
    threshold: BigInt(signers),
    baseline: list(2 ** baselineDepth, (i) => ({
      inputDigest: digest(22, i),
      expectation: digest(23, i),
      runs: digest(30, i),
      outcome: digest(i === 0 ? 24 : 23, i),
    })),
    incidents: list(2 ** incidentDepth, (i) => ({
      inputDigest: digest(25, i),
      expectation: digest(26, i),
      runs: digest(31, i),
      currentOutcome: digest(27, i),
    })),
    old: list(oldEntries, (i) => entry(i, 0n)),
    new: list(newEntries, (i) => (isChanged(i) ? renamed(i) : entry(i, i < oldEntries ? 1n : 0n))),
    changes: list(changes, (i) => change(oldEntries - changes + i)),
  };
}

function bindStatement(codeLength: number): CircuitInput {
  const code = Uint8Array.from({ length: codeLength }, (_, i) => (i * 37 + 11) % 256);
  const opening = {
    codeDigest: codeDigest(code),
    layoutRoot: digest(1),
    incidentRoot: digest(2),
    account: digest(4) >> 30n,
    migrationDigest: digest(5) >> 6n,
    executionDigest: digest(6),
    salt: digest(3) >> 1n,
  };
  const commitment = patchCommitment(opening);
  const point = poseidon([commitment]) >> 6n;
  const value = evaluateCodePolynomial(code, point);
  const { layoutRoot, account, migrationDigest } = opening;
  return bindInput(
    { commitment, point, value, layoutRoot, account, migrationDigest, codeDigest: opening.codeDigest },
    { opening, code },
  );
}
