import { zeroPadValue } from "ethers";
import { expect, it } from "vitest";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import * as council from "../../scripts/index.js";
import { verify as verifyHonestly } from "../../scripts/reveal.js";
import { DrillChain, drill } from "../../src/drill/index.js";
import { makeDevelopmentKeys, PROXY_SLOTS, parseDisclosure } from "../../src/index.js";

it("P04: a drill whose proxy is set back to the vulnerable code does not say that the incident is over", async () => {
  await makeDevelopmentKeys();
  const chain = await DrillChain.start();
  try {
    const verify: typeof verifyHonestly = async (incident) => {
      const { currentImplementation, targets } = parseDisclosure(incident.text);
      const slot = [targets[0]!.proxy, PROXY_SLOTS.implementation, zeroPadValue(currentImplementation, 32)];
      await chain.provider.send("anvil_setStorageAt", slot);
      return verifyHonestly(incident);
    };
    const report = await drill({
      chain,
      corpusCase,
      variant: "transparent",
      council: { ...council, verify },
      listener: { begin: () => {}, end: () => {} },
      keep: async () => [],
    });
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({
        name: "verify the disclosure from the chain and the file alone",
        detail: expect.stringContaining("the proxy runs"),
      }),
    ]);
    expect(report.ok).toBe(false);
  } finally {
    await chain.stop();
  }
}, 1_200_000);
