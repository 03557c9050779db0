import { beforeAll, describe, expect, it } from "vitest";
import { AuditorSet, attest, derivePublicKey } from "../../src/audit/index.js";
import {
  compareLayouts,
  type LayoutVariable,
  layoutEntry,
  layoutWitness,
  makeLayout,
} from "../../src/layout/index.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { patchCommitment } from "../../src/patch/index.js";
import {
  ATTEST_PARAMETERS,
  type AttestStatement,
  type AttestWitness,
  attestInput,
  attestInputUnchecked,
  type BindStatement,
  type BindWitness,
  bindInput,
} from "../../src/proof/index.js";
import { calculateWitness } from "../../src/proof/prover/index.js";
import { reportDigest } from "../../src/vectors/index.js";
import { assemble, digest, type Ingredients, trueIngredients } from "../../tools/circuits/statements.js";
import { bindCaseOfCode, CODE } from "../digests/cases.js";

let manifest: Manifest;

beforeAll(async () => {
  manifest = await readManifest();
});

interface Claim {
  statement: AttestStatement;
  witness: AttestWitness;
}

function claim(change: (ingredients: Ingredients) => void = () => {}): Claim {
  const ingredients = trueIngredients();
  change(ingredients);
  return assemble(ingredients, {}, ATTEST_PARAMETERS);
}

const OLD: LayoutVariable[] = [
  { slot: 0n, offset: 0, size: 20, label: "owner", type: "address", gap: false },
  { slot: 1n, offset: 0, size: 32, label: "total", type: "uint256", gap: false },
];

/** The true claim with real layouts in it, the new one changed; commitment and signatures are made to fit. */
function withLayout(change: (variables: LayoutVariable[]) => LayoutVariable[]): Claim {
  const { statement, witness } = claim();
  const layout = layoutWitness(
    compareLayouts(
      makeLayout(OLD.map(layoutEntry)),
      makeLayout(change(OLD.map((variable) => ({ ...variable }))).map(layoutEntry)),
    ),
  );
  const opening = { ...witness.opening, layoutRoot: layout.newRoot };
  const moved = { ...statement, commitment: patchCommitment(opening), layoutRoot: layout.oldRoot };
  return signed({ statement: moved, witness: { ...witness, layout, opening } });
}

/** The claim with its attestations made anew over `over`. */
function signed(
  { statement, witness }: Claim,
  over: Partial<AttestStatement & { reportDigest: bigint }> = {},
): Claim {
  const { auditorSecrets, signers } = trueIngredients();
  const message = { ...statement, reportDigest: reportDigest(witness), ...over };
  const attestations = signers.map((index) => ({ ...attest(auditorSecrets[index]!, message), index }));
  return { statement, witness: { ...witness, attestations } };
}

const CASES: [name: string, code: string, make: () => Claim][] = [
  [
    "a failing baseline vector beyond the waivers",
    "vectors/baseline-fails",
    () =>
      claim((i) => {
        i.maxWaivers = 0n;
      }),
  ],
  [
    "an incident vector that the old code survives",
    "vectors/incident-survives",
    () =>
      claim((i) => {
        i.incidents[0]!.currentOutcome = i.incidents[0]!.expectation;
      }),
  ],
  [
    "no incident vector",
    "vectors/no-incident",
    () =>
      claim((i) => {
        i.incidents = [];
      }),
  ],
  ["a variable moved", "layout/not-preserved", () => withLayout(([a, b]) => [a!, { ...b!, slot: 2n }])],
  ["a variable resized", "layout/not-preserved", () => withLayout(([a, b]) => [{ ...a!, size: 16 }, b!])],
  [
    "a variable retyped",
    "layout/not-preserved",
    () => withLayout(([a, b]) => [a!, { ...b!, type: "int256" }]),
  ],
  ["a variable deleted", "layout/not-preserved", () => withLayout(([a]) => [a!])],
  [
    "two attestations where three are needed",
    "audit/below-threshold",
    () =>
      claim((i) => {
        i.threshold = 3n;
      }),
  ],
  [
    "the same auditor twice",
    "audit/duplicate-auditor",
    () =>
      claim((i) => {
        i.signers = [3, 3];
      }),
  ],
  [
    "an attestation over another patch",
    "audit/invalid-signature",
    () => signed(claim(), { commitment: digest(70) }),
  ],
  [
    "an attestation over another target",
    "audit/invalid-signature",
    () => signed(claim(), { targetsRoot: digest(70) }),
  ],
  [
    "an attestation over another report",
    "audit/invalid-signature",
    () => signed(claim(), { reportDigest: digest(70) }),
  ],
];

describe("a patch with one thing wrong", () => {
  it.each(CASES)("%s: is refused before proving, and cannot be proven", async (_, code, make) => {
    const { statement, witness } = make();
    expect(() => attestInput(statement, witness)).toThrowError(expect.objectContaining({ code }));
    const bypassed = attestInputUnchecked(statement, witness);
    await expect(calculateWitness(manifest.circuits.attest.wasm, bypassed)).rejects.toMatchObject({
      code: "proof/witness-refused",
    });
  });

  it("nothing wrong: is accepted by both", async () => {
    for (const { statement, witness } of [claim(), withLayout((variables) => variables)]) {
      const input = attestInput(statement, witness);
      expect((await calculateWitness(manifest.circuits.attest.wasm, input)).length).toBeGreaterThan(0);
    }
  });
});

describe("the checks before proving also name", () => {
  const refuse = (
    code: string,
    statement: Partial<AttestStatement>,
    witness: Partial<AttestWitness> = {},
  ) => {
    const truth = claim();
    expect(() =>
      attestInput({ ...truth.statement, ...statement }, { ...truth.witness, ...witness }),
    ).toThrowError(expect.objectContaining({ code }));
  };

  it("T10: vectors that are not the registered ones", () => {
    refuse("proof/other-vector-set", { vectorRoot: 1n });
  });

  it("an empty baseline set", () => {
    refuse("vectors/no-baseline", {}, { baseline: [] });
  });

  it("more vectors than the circuit has room for", () => {
    const { baseline } = claim().witness;
    refuse("vectors/too-many", {}, { baseline: Array(129).fill(baseline[0]) });
  });

  it("an incident input that is a baseline input", () => {
    const { baseline, incidents } = claim().witness;
    refuse(
      "vectors/incident-is-baseline",
      {},
      {
        incidents: [{ ...incidents[0]!, inputDigest: baseline[0]!.inputDigest }],
      },
    );
  });

  it("a patch that fails an incident vector", () => {
    const { incidents } = claim().witness;
    const patch = { outcomeDigest: digest(70) };
    refuse("vectors/incident-fails", {}, { incidents: [{ ...incidents[0]!, patch }] });
  });

  it("incident vectors that are not the sealed ones", () => {
    const { incidents } = claim().witness;
    refuse("proof/other-incidents", {}, { incidents: [{ ...incidents[0]!, inputDigest: digest(70) }] });
  });

  it("T03: a layout that is not the registered one", () => {
    refuse("patch/other-layout", { layoutRoot: 1n });
    const { opening } = claim().witness;
    refuse("proof/other-layout", {}, { opening: { ...opening, layoutRoot: 1n } });
  });

  it("a commitment to something else", () => {
    refuse("proof/other-commitment", { commitment: 1n });
  });

  it("T09: an auditor set that is not the registered one", () => {
    const auditors = new AuditorSet([derivePublicKey(new Uint8Array(32).fill(9))]);
    refuse("proof/other-auditors", {}, { auditors });
  });

  it("thresholds that cannot be proven", () => {
    refuse("audit/threshold-out-of-range", { threshold: 0n });
    refuse("audit/threshold-out-of-range", { threshold: 9n });
  });

  it("T06: public signals that are not canonical", () => {
    refuse("field/out-of-range", { targetsRoot: 1n << 254n });
  });
});

describe("the checks before proving bind name", () => {
  const { opening, statement } = bindCaseOfCode();
  const refuse = (code: string, changed: Partial<BindStatement>, witness: Partial<BindWitness> = {}) =>
    expect(() => bindInput({ ...statement, ...changed }, { opening, code: CODE, ...witness })).toThrowError(
      expect.objectContaining({ code }),
    );

  it("T05: each part that is not the sealed one", () => {
    expect(bindInput(statement, { opening, code: CODE })).toMatchObject({ ...statement });
    refuse("proof/other-commitment", { commitment: 1n });
    refuse("proof/other-code", {}, { code: CODE.slice(1) });
    refuse("proof/other-code", { codeDigest: 1n });
    refuse("proof/other-layout", { layoutRoot: 1n });
    refuse("proof/other-migration", { account: 1n });
    refuse("proof/other-migration", { migrationDigest: 1n });
    refuse("proof/other-value", { value: 1n });
    refuse("field/out-of-range", { point: -1n });
  });
});
