import { JsonRpcProvider } from "ethers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type CorpusCase, type Variant, variantsOf } from "../../src/drill/case.js";
import { type DeployedCase, deployCase } from "../../src/drill/deploy.js";
import { recordScenarios } from "../../src/drill/record.js";
import { type Hex, outcomeDigest, runVector, type Vector, type VectorCall } from "../../src/vectors/index.js";
import { AnvilEngine } from "./anvil.js";
import {
  ALICE,
  BOB,
  ETHER,
  expectingItself,
  PROXY,
  probeCall,
  probeCode,
  probeInterface,
  probeSet,
} from "./probe.js";

const anvil = new AnvilEngine();
afterAll(() => anvil.stop());

/** anvil's price of blob gas is 1. */
const environment = { blobBaseFee: 1n };
const call = (name: string, values: readonly unknown[] = [], more: Parameters<typeof probeCall>[2] = {}) =>
  probeCall(name, values, { ...more, environment: { ...environment, ...more.environment } });

async function onBothEngines(calls: readonly VectorCall[], overrides: Partial<Vector> = {}): Promise<void> {
  const set = await expectingItself(probeSet(calls, overrides));
  const [vector] = set.vectors;
  const here = await runVector(vector!, set.codes, probeCode(), 0);
  const there = await anvil.run(vector!, set.codes, probeCode());
  expect(there).toEqual(here.outcome);
  expect(outcomeDigest(there)).toBe(outcomeDigest(vector!.expectation));
}

describe("a vector on @ethereumjs/evm and on anvil has the same outcome digest", () => {
  const slot = fc.bigInt({ min: 0n, max: 3n });
  const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  const bytes = fc.uint8Array({ maxLength: 70 }).map((data) => `0x${Buffer.from(data).toString("hex")}`);
  const initCode = "0x69602a60005260206000f3600052600a6016f3";
  const sender = fc.constantFrom<Hex>(ALICE, BOB);
  const value = fc.constantFrom(0n, 1n, 200n * ETHER);
  const inner = fc
    .tuple(slot, word, bytes)
    .map((values) => probeInterface().encodeFunctionData("fail", values));
  const step: fc.Arbitrary<readonly [string, readonly unknown[]]> = fc.oneof(
    fc.tuple(slot, fc.oneof(word, fc.constant(0n))).map((values) => ["store", values] as const),
    fc.tuple(slot, word, bytes).map((values) => ["fail", values] as const),
    fc.constant(["invalid", []] as const),
    fc.constant(["surroundings", []] as const),
    fc.constant(["limits", []] as const),
    slot.map((values) => ["load", [values]] as const),
    slot.map((values) => ["transientOnce", [values]] as const),
    slot.map((values) => ["loadCost", [values]] as const),
    fc.tuple(slot, slot).map((values) => ["storeCost", values] as const),
    fc.bigInt({ min: 17_999_740n, max: 18_000_001n }).map((number) => ["hashOfBlock", [number]] as const),
    fc.tuple(slot, fc.boolean()).map(([salt, salted]) => ["create", [initCode, salt, salted]] as const),
    fc.constant(["create", ["0xfe", 0n, false]] as const),
    fc.constantFrom(ALICE, BOB, PROXY).map((to) => ["createAndDestroy", [to]] as const),
    fc.constantFrom(ALICE, BOB, PROXY).map((to) => ["destroy", [to]] as const),
    fc.tuple(slot, inner).map(([amount, data]) => ["forward", [PROXY, amount, data]] as const),
    fc.tuple(fc.bigInt({ min: 1n, max: 9n }), bytes).map((values) => ["precompile", values] as const),
    slot.map((depth) => ["recurse", [depth]] as const),
  );

  it.each(["paris", "shanghai", "cancun", "prague", "osaka"] as const)(
    "under the rules of %s",
    async (hardfork) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(step, sender, value), { minLength: 1, maxLength: 5 }),
          async (steps) => {
            const calls = steps.map(([[name, values], from, amount], index) =>
              call(name, values, {
                from,
                value: amount,
                environment: {
                  timestamp: 1_700_000_000n + BigInt(index),
                  blockHashes: [{ number: 17_999_999n, hash: 7n }],
                },
              }),
            );
            await onBothEngines(calls, { hardfork });
          },
        ),
        { numRuns: 12 },
      );
    },
  );
});

const DEPLOYMENTS = CORPUS.flatMap((corpusCase) =>
  variantsOf(corpusCase).map((variant): [string, Variant, CorpusCase] => [
    corpusCase.name,
    variant,
    corpusCase,
  ]),
);

describe.each(DEPLOYMENTS)("the vectors of %s behind a %s proxy", (_name, variant, corpusCase) => {
  let chain: Anvil;
  let provider: JsonRpcProvider;
  let deployed: DeployedCase<string>;

  beforeAll(async () => {
    chain = await startAnvil();
    provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
    deployed = await deployCase(provider, corpusCase, variant);
  });

  afterAll(async () => {
    provider?.destroy();
    await chain?.stop();
  });

  it("have the same outcome digests on both engines, on the current code and on the patch", async () => {
    const { context, current, patch } = deployed;
    const scenarios = [...corpusCase.baseline(context), ...corpusCase.incidents(context)];
    const set = await recordScenarios(chain.url, context, scenarios, [patch, current]);
    for (const code of [current, patch]) {
      const under = { code: code.code, address: code.address };
      for (const [index, vector] of set.vectors.entries()) {
        const here = await runVector(vector, set.codes, under, index);
        const there = await anvil.run(vector, set.codes, under);
        expect(there, vector.name).toEqual(here.outcome);
        expect(outcomeDigest(there)).toBe(outcomeDigest(here.outcome));
      }
    }
  });
});
