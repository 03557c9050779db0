import { hexlify, JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type CorpusCase, type Variant, variantOf, variantsOf } from "../../src/drill/case.js";
import { type DeployedCase, deployCase, send } from "../../src/drill/deploy.js";
import { recordScenarios } from "../../src/drill/record.js";
import { sourceOf } from "../../src/drill/scene.js";
import { compileContract } from "../../src/patch/index.js";
import { contractOf } from "../../src/solc/index.js";
import {
  assertReport,
  type CodeUnderTest,
  IMPLEMENTATION_SLOT,
  incidentRoot,
  type Outcome,
  parseVectorSet,
  type Report,
  report,
  runVectors,
  type VectorSet,
  vectorRoot,
  vectorSetToJson,
} from "../../src/vectors/index.js";

type Deployment = readonly [name: string, variant: Variant, corpusCase: CorpusCase];

/** Every case behind the usual kind of proxy, and behind the others that it has. */
export const DEPLOYMENTS: { readonly usual: readonly Deployment[]; readonly others: readonly Deployment[] } =
  {
    usual: CORPUS.map((corpusCase) => [corpusCase.name, variantsOf(corpusCase)[0]!, corpusCase]),
    others: CORPUS.flatMap((corpusCase) =>
      variantsOf(corpusCase)
        .slice(1)
        .map((variant): Deployment => [corpusCase.name, variant, corpusCase]),
    ),
  };

/** Tests of a case behind a kind of proxy: its vectors on both codes, its exploit, its sources. */
export function describeDeployments(deployments: readonly Deployment[]): void {
  describe.each(deployments)("%s behind a %s proxy", (_name, variant, corpusCase) => {
    let anvil: Anvil;
    let provider: JsonRpcProvider;
    let deployed: DeployedCase<string>;
    let baseline: VectorSet;
    let incidents: VectorSet;

    beforeAll(async () => {
      anvil = await startAnvil();
      provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
      deployed = await deployCase(provider, corpusCase, variant);
      const { context, current, patch } = deployed;
      baseline = await recordScenarios(anvil.url, context, corpusCase.baseline(context), [current]);
      incidents = await recordScenarios(anvil.url, context, corpusCase.incidents(context), [patch, current]);
    });

    afterAll(async () => {
      provider?.destroy();
      await anvil?.stop();
    });

    const judge = (patchCode: CodeUnderTest, maxWaivers = 0): Promise<Report> =>
      report({ baseline, incidents, currentCode: deployed.current, patchCode, maxWaivers });

    it("has a baseline that both codes pass alike, reading nothing that is not recorded", async () => {
      expect(baseline.vectors.length).toBeGreaterThanOrEqual(16);
      const onCurrent = await runVectors(baseline, deployed.current);
      const onPatch = await runVectors(baseline, deployed.patch);
      expect(onPatch.map((run) => run.outcome)).toEqual(onCurrent.map((run) => run.outcome));
      expect(onPatch.map((run) => run.outcome)).toEqual(baseline.vectors.map((vector) => vector.expectation));
      expect(onPatch.flatMap((run) => run.unlisted)).toEqual([]);
    });

    it("has incidents that the vulnerable code fails and the fixed code passes", async () => {
      expect(incidents.vectors.length).toBeGreaterThanOrEqual(1);
      const result = await judge(deployed.patch);
      assertReport(result);
      expect(result.waived).toEqual([]);
      for (const { current, patch } of result.incidents) {
        expect([current.passes, patch.passes]).toEqual([false, true]);
        // The attack goes through to its end, not only elsewhere than on the fixed code.
        expect(
          (current.outcome as Exclude<Outcome, "step-limit">).calls.every(({ success }) => success),
        ).toBe(true);
      }
    });

    it("refuses the vulnerable code as its own patch", async () => {
      const result = await judge(deployed.current);
      expect(() => assertReport(result)).toThrowError(
        expect.objectContaining({ code: "vectors/incident-fails" }),
      );
    });

    it("gives the same report on every run, and the same roots from the file", async () => {
      const first = await judge(deployed.patch);
      await runVectors(incidents, deployed.current);
      const second = await judge(deployed.patch);
      expect(second.reportDigest).toBe(first.reportDigest);
      const reread = (set: VectorSet) => parseVectorSet(JSON.parse(JSON.stringify(vectorSetToJson(set))));
      expect(vectorRoot(reread(baseline))).toBe(vectorRoot(baseline));
      expect(incidentRoot(reread(incidents))).toBe(incidentRoot(incidents));
    });

    it("is really exploited on the vulnerable code, and not on the fixed code", async () => {
      const { context, current, patch } = deployed;
      const outcomes: boolean[] = [];
      for (const code of [patch, current]) {
        const snapshot = await provider.send("evm_snapshot", []);
        await provider.send("anvil_setStorageAt", [
          context.subject,
          `0x${IMPLEMENTATION_SLOT.toString(16)}`,
          `0x${code.address.slice(2).padStart(64, "0")}`,
        ]);
        for (const transaction of corpusCase.exploit(context)) await send(provider, transaction);
        outcomes.push(await corpusCase.exploited(context, provider));
        await provider.send("evm_revert", [snapshot]);
      }
      expect(outcomes).toEqual([false, true]);
    });

    it("has sources that compile to the same code without any package", async () => {
      const { compiler, contract } = await sourceOf(corpusCase, variant, "fixed");
      const { creationCode } = await compileContract(compiler.input, contract);
      const { fixed } = await corpusCase.compile();
      const { object } = contractOf(fixed, variantOf(corpusCase, variant).contract).evm.bytecode;
      expect(hexlify(creationCode)).toBe(`0x${object}`);
    });
  });
}
