import { TAGS } from "../../../src/field/index.js";
import type { CircuitInput } from "../../../src/proof/index.js";
import { hash, isEqual, isZero, listSponge, merkleRoot, num2Bits, prefix, sum } from "./hashing.js";
import { column, type Scope, single } from "./scope.js";

// circuits/lib/vectors.circom.

interface Vector {
  readonly used: bigint;
  readonly inputDigest: bigint;
  readonly expectation: bigint;
  readonly runs: bigint;
}

function vectors(input: CircuitInput, kind: "baseline" | "incident"): Vector[] {
  return column(input, `${kind}Used`).map((used, i) => ({
    used,
    inputDigest: column(input, `${kind}Input`)[i]!,
    expectation: column(input, `${kind}Expectation`)[i]!,
    runs: column(input, `${kind}Runs`)[i]!,
  }));
}

function vectorLeaf(at: Scope, { used, inputDigest, expectation, runs }: Vector): bigint {
  return at.set("leaf", used * hash(at.in("hash"), TAGS.vector, inputDigest, expectation, runs));
}

export function baselineVectors(at: Scope, input: CircuitInput): { root: bigint; outcomes: bigint } {
  const outcomes = column(input, "baselineOutcome");
  const baseline = vectors(input, "baseline");
  const used = baseline.map((vector) => vector.used);
  prefix(at.in("prefix"), used);
  const passes = baseline.map((vector, i) => {
    const inside = at.in(`vectors[${i}]`);
    return inside.set("passes", isEqual(inside.in("same"), vector.expectation, outcomes[i]!));
  });
  const leaves = baseline.map((vector, i) => {
    const inside = at.in(`vectors[${i}]`);
    return inside.set("leaf", vectorLeaf(inside.in("leafOf"), vector));
  });
  const maxWaivers = single(input, "maxWaivers");
  num2Bits(at.in("waiversInRange"), maxWaivers);
  num2Bits(at.in("waiversSuffice"), maxWaivers - (BigInt(baseline.length) - sum(passes)));
  return {
    root: at.set("root", merkleRoot(at.in("tree"), leaves)),
    outcomes: at.set("outcomes", listSponge(at.in("list"), TAGS.reportBaseline, used, outcomes)),
  };
}

export function incidentVectors(at: Scope, input: CircuitInput): { root: bigint; outcomes: bigint } {
  const outcomes = column(input, "incidentCurrentOutcome");
  const baselineInputs = column(input, "baselineInput");
  const incidents = vectors(input, "incident");
  prefix(
    at.in("prefix"),
    incidents.map(({ used }) => used),
  );
  const leaves = incidents.map((vector, i) => {
    const inside = at.in(`vectors[${i}]`);
    isEqual(inside.in("survives"), vector.expectation, outcomes[i]!);
    let product = 1n;
    baselineInputs.forEach((baselineInput, k) => {
      product = inside.set(`differences[${k}]`, product * (vector.inputDigest - baselineInput));
    });
    isZero(inside.in("inBaseline"), product);
    return inside.set("leaf", vectorLeaf(inside.in("leafOf"), vector));
  });
  const used = incidents.flatMap((vector) => [vector.used, vector.used]);
  const elements = incidents.flatMap(({ expectation }, i) => [outcomes[i]!, expectation]);
  return {
    root: at.set("root", merkleRoot(at.in("tree"), leaves)),
    outcomes: at.set("outcomes", listSponge(at.in("list"), TAGS.reportIncident, used, elements)),
  };
}

export function report(at: Scope, baseline: bigint, incident: bigint, currentCode: bigint): bigint {
  return at.set("out", hash(at.in("hash"), TAGS.report, baseline, incident, currentCode));
}
