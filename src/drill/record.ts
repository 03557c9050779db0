import { type CodeUnderTest, mergeVectorSets, recordVector, type VectorSet } from "../vectors/index.js";
import type { CaseContext, Scenario } from "./case.js";

/**
 * Records scripted scenarios from the chain on which a case is deployed, each from the state of the newest block.
 * @param codes the code whose behaviour is expected first, then the others that the vectors will be run on.
 */
export async function recordScenarios(
  rpcUrl: string,
  { subject, timestamp }: CaseContext,
  scenarios: readonly Scenario[],
  [code, ...alsoRunOn]: readonly [CodeUnderTest, ...CodeUnderTest[]],
): Promise<VectorSet> {
  const sets: VectorSet[] = [];
  for (const { name, kind, hardfork = "cancun", calls } of scenarios) {
    sets.push(
      await recordVector({
        rpcUrl,
        name,
        kind,
        subject,
        hardfork,
        code,
        alsoRunOn,
        calls: calls.map(({ from, to, data, value = 0n, after = 0n }) => ({
          from,
          to,
          data,
          value,
          environment: { timestamp: timestamp + after },
        })),
        expect: calls.map((call) => call.expect),
      }),
    );
  }
  return mergeVectorSets(sets);
}
