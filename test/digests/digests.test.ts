import { readFileSync } from "node:fs";
import { Contract, hexlify, JsonRpcProvider, keccak256 } from "ethers";
import { describe, expect, it } from "vitest";
import { WitnessCalculator } from "../../soundness/index.js";
import { deployVerifier } from "../../src/chain/index.js";
import { startAnvil } from "../../src/drill/anvil.js";
import { readManifest } from "../../src/manifest.js";
import { shownOpening } from "../../src/patch/index.js";
import { bindInputUnchecked } from "../../src/proof/index.js";
import { compileProbe } from "../../tools/probe/probe.js";
import { bindCaseOfCode, CODE, computeDigests, TARGET } from "./cases.js";

/** The values that stand in the repository: every implementation must give these. */
const shared = JSON.parse(readFileSync("test/digests/digests.json", "utf8")) as Record<string, string>;
const value = (name: string): bigint => BigInt(shared[name]!);

describe("the shared digests are those of", () => {
  it("the TypeScript package", () => {
    expect(computeDigests()).toEqual(shared);
  });

  it("the bind circuit: code digest, commitment, polynomial", async () => {
    const { bind } = (await readManifest()).circuits;
    const circuit = await WitnessCalculator.load(bind.wasm);
    const { opening, statement } = bindCaseOfCode();
    const signals = {
      ...statement,
      commitment: value("patchCommitment"),
      point: value("bindPoint"),
      value: value("codePolynomial"),
    };
    expect(() => circuit.calculate(bindInputUnchecked(signals, { opening, code: CODE }))).not.toThrow();
  });

  it("the contracts: commitment, leaf, polynomial point and value", async () => {
    const anvil = await startAnvil();
    const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
    try {
      const signer = await provider.getSigner(0);
      const verifier = await deployVerifier(signer);
      const { opening } = bindCaseOfCode();
      expect(await verifier.getFunction("commitmentOf")(shownOpening(opening))).toBe(
        value("patchCommitment"),
      );

      // At the target's timelock, because a leaf holds the address of the contract that computes it.
      const probe = await compileProbe();
      await provider.send("anvil_setCode", [TARGET.timelock, hexlify(probe.runtimeTemplate)]);
      await provider.send("anvil_setCode", [TARGET.proxy, hexlify(CODE)]);
      const contract = new Contract(TARGET.timelock, [...probe.abi], provider);
      const call = (name: string, ...values: unknown[]) => contract.getFunction(name)(...values);
      expect(await call("pointOf", value("patchCommitment"), keccak256(CODE))).toBe(value("bindPoint"));
      const [polynomial] = await call("evaluate", TARGET.proxy, value("bindPoint"));
      expect(polynomial).toBe(value("codePolynomial"));
      const { proxy, codehash, nonce, validUntil, group } = TARGET;
      expect(await call("leafOf", proxy, codehash, nonce, validUntil, group)).toBe(shared.targetLeaf);
      expect(await call("idOf", value("patchCommitment"), shared.targetLeaf)).toBe(shared.statementId);
    } finally {
      provider.destroy();
      await anvil.stop();
    }
  });
});
