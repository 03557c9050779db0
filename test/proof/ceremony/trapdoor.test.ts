import { groth16 } from "snarkjs";
import { expect, it } from "vitest";
import { singleThreadCurve, withCurve } from "../../../src/proof/curve/index.js";
import { checkKey } from "../../../src/proof/index.js";
import { assertContributionChain } from "../../../src/proof/keys/ceremony/index.js";
import { readContributions } from "../../../src/proof/keys/contributions.js";
import { exportVerifyingKey, readZkeyHeader } from "../../../src/proof/keys/index.js";
import { inverse } from "../../../src/proof/keys/modular.js";
import { type Groth16Proof, verifyProof } from "../../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";
import { makeKeySeries, SECRETS } from "./key-files.js";

const folder = await scratchFolder();
const { r1csFile } = await compileTestCircuit(folder, "guarded");
const { G1 } = await singleThreadCurve();

/**
 * A proof of any signals, made of what a key shows and of beta: A = alpha + (IC(signals) + c delta) / beta, B = beta, C = c. Nobody asks
 * who contributed to delta.
 */
async function forge(zkeyFile: string, signals: readonly bigint[], beta: bigint): Promise<Groth16Proof> {
  const { IC, vk_alpha_1, vk_beta_2 } = await exportVerifyingKey(zkeyFile);
  const { delta1 } = await readZkeyHeader(zkeyFile);
  const c = 5n;
  const fromKey = IC.map((point) => G1.fromObject(point.map(BigInt))).map((point, i) =>
    i === 0 ? point : G1.timesScalar(point, signals[i - 1]!),
  );
  const sum = [...fromKey, G1.timesScalar(delta1, c)].reduce((a, b) => G1.add(a, b));
  const a = G1.add(G1.fromObject(vk_alpha_1.map(BigInt)), G1.timesScalar(sum, inverse(beta)));
  const decimal = (point: Uint8Array) => G1.toObject(G1.toAffine(point)).map(String) as Groth16Proof["pi_a"];
  return {
    pi_a: decimal(a),
    pi_b: vk_beta_2,
    pi_c: decimal(G1.timesScalar(G1.g, c)),
    protocol: "groth16",
    curve: "bn128",
  };
}

it("T07: a key over unpinned powers of tau is a test key: who made the powers proves falsehoods, after three honest contributions and a beacon", async () => {
  const { ptauFile, keys } = await makeKeySeries(folder, { r1csFile, power: 5 });
  const zkeyFile = keys[4]!;
  // Nothing is wrong with the key.
  await checkKey({ r1csFile, ptauFile, zkeyFile });
  const contributions = await readContributions(zkeyFile);
  await assertContributionChain(contributions);
  expect(contributions.entries.map(({ beacon }) => beacon !== undefined)).toEqual([
    false,
    false,
    false,
    true,
  ]);

  // Two values below 256 whose sum is 1000.
  const signals = [1000n, 1n];
  const key = await exportVerifyingKey(zkeyFile);
  const proof = await forge(zkeyFile, signals, SECRETS.beta);
  expect(await verifyProof(key, signals, proof)).toBe(true);
  expect(await withCurve(() => groth16.verify(key, signals.map(String), proof))).toBe(true);
  // It takes the secret of these powers.
  expect(await verifyProof(key, signals, await forge(zkeyFile, signals, SECRETS.beta + 1n))).toBe(false);
  // And it proves these signals alone.
  expect(await verifyProof(key, [1001n, 1n], proof)).toBe(false);
});
