import { join } from "node:path";
import { groth16, powersOfTau, zKey } from "snarkjs";
import { describe, expect, it } from "vitest";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import {
  BASE_FIELD_ORDER,
  checkVerifyingKey,
  exportVerifierContract,
  exportVerifyingKey,
  makeDevelopmentKey,
  type PointG1,
  type PointG2,
  parseVerifyingKey,
  type VerifyingKey,
} from "../../../src/proof/keys/index.js";
import { forgeWhereDeltaIsGamma } from "../../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeCeremonyKey } from "./ceremony.js";
import { outsideSubgroup, writtenG2 } from "./points.js";

const SIGNALS = [1n, 2n, 3n];
const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "multiplier");
const zkeyFile = join(folder, "multiplier.zkey");
await makeDevelopmentKey({ r1csFile, zkeyFile });
const good = await exportVerifyingKey(zkeyFile);
const curve = await singleThreadCurve();
const ceremony = await makeCeremonyKey(folder, r1csFile);

function pointG1(scalar: bigint): PointG1 {
  const [x, y, z] = curve.G1.toObject(curve.G1.toAffine(curve.G1.timesScalar(curve.G1.g, scalar)));
  return [`${x}`, `${y}`, `${z}`];
}

function pointG2(scalar: bigint): PointG2 {
  return writtenG2(curve, curve.G2.timesScalar(curve.G2.g, scalar));
}

describe("exportVerifyingKey", () => {
  it("gives what snarkjs gives", async () => {
    expect(good).toEqual(await withCurve(() => zKey.exportVerificationKey(zkeyFile)));
  });

  it("refuses a file that is no key", async () => {
    await expect(exportVerifyingKey(r1csFile)).rejects.toMatchObject({ code: "key/unreadable" });
    await expect(exportVerifyingKey(join(folder, "none"))).rejects.toMatchObject({ code: "key/unreadable" });
  });
});

describe("checkVerifyingKey", () => {
  it("T07: refuses the key that snarkjs leaves without a contribution, with which anybody proves anything", async () => {
    const initial = await exportVerifyingKey(ceremony.initialZkey);
    expect(await groth16Accepts(initial, await forgeWhereDeltaIsGamma(initial, SIGNALS))).toBe(true);
    await expect(checkVerifyingKey(initial)).rejects.toMatchObject({ code: "key/gamma-equals-delta" });
    const exporting = exportVerifierContract({ zkeyFile: ceremony.initialZkey, contractName: "Verifier" });
    await expect(exporting).rejects.toMatchObject({ code: "key/gamma-equals-delta" });
  });

  it("T07: accepts the key after a contribution, with which the forgery fails", async () => {
    const final = await exportVerifyingKey(ceremony.finalZkey);
    await checkVerifyingKey(final);
    expect(await groth16Accepts(final, await forgeWhereDeltaIsGamma(final, SIGNALS))).toBe(false);
  });

  it("T07: refuses powers of tau without contribution, whatever was contributed afterwards", async () => {
    const at = (name: string) => join(folder, `bare-${name}`);
    await withCurve(async (shared) => {
      await powersOfTau.newAccumulator(shared, 4, at("0.ptau"));
      await powersOfTau.preparePhase2(at("0.ptau"), at("1.ptau"));
      await zKey.newZKey(r1csFile, at("1.ptau"), at("0.zkey"));
      await zKey.contribute(at("0.zkey"), at("1.zkey"), "first", "entropy");
    });
    const key = await exportVerifyingKey(at("1.zkey"));
    await expect(checkVerifyingKey(key)).rejects.toMatchObject({ code: "key/trivial-alpha" });
  });

  const negated = (point: PointG2): PointG2 => [
    point[0],
    point[1].map((value) => `${BASE_FIELD_ORDER - BigInt(value)}`) as [string, string],
    point[2],
  ];
  const shifted = (point: PointG1): PointG1 => [`${BigInt(point[0]) + BASE_FIELD_ORDER}`, point[1], point[2]];
  const zeroG1: PointG1 = ["0", "1", "0"];
  const zeroG2: PointG2 = [
    ["0", "0"],
    ["1", "0"],
    ["0", "0"],
  ];
  const withIc = (index: number, point: PointG1) => ({
    IC: good.IC.map((other, place) => (place === index ? point : other)),
  });

  const refusals: [rule: string, code: string, change: Partial<VerifyingKey>][] = [
    ["gamma equal to delta", "gamma-equals-delta", { vk_delta_2: good.vk_gamma_2 }],
    ["delta equal to gamma", "gamma-equals-delta", { vk_gamma_2: good.vk_delta_2 }],
    ["delta opposite to gamma", "gamma-equals-delta", { vk_delta_2: negated(good.vk_gamma_2) }],
    ["delta at the generator", "delta-is-generator", { vk_delta_2: pointG2(1n), vk_gamma_2: pointG2(5n) }],
    ["another gamma", "gamma-not-generator", { vk_gamma_2: pointG2(5n) }],
    ["a negated gamma", "gamma-not-generator", { vk_gamma_2: negated(good.vk_gamma_2) }],
    ["alpha at the generator", "trivial-alpha", { vk_alpha_1: pointG1(1n) }],
    ["alpha opposite to the generator", "trivial-alpha", { vk_alpha_1: pointG1(FIELD_ORDER - 1n) }],
    ["beta at the generator", "trivial-beta", { vk_beta_2: pointG2(1n) }],
    ["a zero alpha", "zero-point", { vk_alpha_1: zeroG1 }],
    ["a zero alpha written as (0, 0)", "zero-point", { vk_alpha_1: ["0", "0", "1"] }],
    ["a zero beta", "zero-point", { vk_beta_2: zeroG2 }],
    ["a zero delta", "zero-point", { vk_delta_2: zeroG2 }],
    ["a public signal that counts for nothing", "zero-point", withIc(2, zeroG1)],
    ["two public signals that can be exchanged", "repeated-ic-point", withIc(2, good.IC[1]!)],
    ["a point off the curve", "point-off-curve", { vk_alpha_1: ["2", "3", "1"] }],
    ["an IC point off the curve", "point-off-curve", withIc(3, ["2", "3", "1"])],
    [
      "a point of G2 off the curve",
      "point-off-curve",
      {
        vk_delta_2: [
          ["1", "0"],
          ["2", "0"],
          ["1", "0"],
        ],
      },
    ],
    ["delta outside the subgroup", "point-outside-subgroup", { vk_delta_2: outsideSubgroup(curve) }],
    ["beta outside the subgroup", "point-outside-subgroup", { vk_beta_2: outsideSubgroup(curve) }],
    [
      "a coordinate that is not canonical",
      "coordinate-out-of-range",
      { vk_alpha_1: shifted(good.vk_alpha_1) },
    ],
    ["another pairing of alpha and beta", "alphabeta-mismatch", { vk_alpha_1: pointG1(77n) }],
    ["an IC point too few", "wrong-ic-length", { IC: good.IC.slice(1) }],
    ["an IC point too many", "wrong-ic-length", { IC: [...good.IC, pointG1(9n)] }],
    ["another number of public signals", "wrong-ic-length", { nPublic: 2 }],
    ["another protocol", "malformed", { protocol: "plonk" as "groth16" }],
    ["a coordinate that is no number", "malformed", { vk_alpha_1: ["x", "1", "1"] }],
  ];
  for (const [rule, code, change] of refusals) {
    it(`T07: refuses ${rule}`, async () => {
      await expect(checkVerifyingKey({ ...good, ...change })).rejects.toMatchObject({ code: `key/${code}` });
    });
  }

  it("accepts the unchanged key, through JSON", async () => {
    await checkVerifyingKey(parseVerifyingKey(JSON.parse(JSON.stringify(good))));
  });
});

function groth16Accepts(key: VerifyingKey, proof: unknown) {
  return withCurve(() => groth16.verify(key, SIGNALS.map(String), proof));
}
