import { JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpusCase } from "../../corpus/CVE-2021-41264/case.js";
import type { Actor } from "../../corpus/CVE-2021-41264/treasury.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { type DeployedCase, deployCase } from "../../src/drill/deploy.js";
import { recordScenarios } from "../../src/drill/record.js";
import { IMPLEMENTATION_SLOT, type Outcome, runVectors, type VectorSet } from "../../src/vectors/index.js";

describe("CVE-2021-41264: the attack on the bare implementation", () => {
  let anvil: Anvil;
  let provider: JsonRpcProvider;
  let deployed: DeployedCase<Actor>;
  let incidents: VectorSet;

  beforeAll(async () => {
    anvil = await startAnvil();
    provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
    deployed = await deployCase(provider, corpusCase, "uups");
    const { context, current, patch } = deployed;
    incidents = await recordScenarios(anvil.url, context, corpusCase.incidents(context), [patch, current]);
  });

  afterAll(async () => {
    provider?.destroy();
    await anvil?.stop();
  });

  async function outcomesOnCurrent(): Promise<Exclude<Outcome, "step-limit">[]> {
    const runs = await runVectors(incidents, deployed.current);
    return runs.map(({ outcome }) => outcome as Exclude<Outcome, "step-limit">);
  }

  it("destroys it under the rules before Cancun, and the proxy answers nothing any more", async () => {
    const [published] = await outcomesOnCurrent();
    const implementation = published!.accounts.find(({ address }) => address === deployed.current.address);
    expect(implementation).toMatchObject({ destroyed: true });
    expect(published!.calls.at(-1)).toMatchObject({ success: true, returnData: "0x" });
  });

  it("runs foreign code in its name since Cancun, and the proxy answers as before", async () => {
    const [, today] = await outcomesOnCurrent();
    const implementation = today!.accounts.find(({ address }) => address === deployed.current.address);
    expect(implementation?.destroyed ?? false).toBe(false);
    const taken = today!.slots.find(
      ({ address, slot }) => address === deployed.current.address && slot === IMPLEMENTATION_SLOT,
    );
    expect(taken?.value).toBeGreaterThan(0n);
    expect(today!.calls.at(-1)?.returnData).toBe(incidents.vectors[1]!.expectation.calls.at(-1)!.returnData);
  });
});
