import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diffLayouts, readContractLayout } from "../../src/layout/index.js";
import { compileSolidity } from "../../tools/solc.js";

const text = readFileSync(new URL("audius/Audius.sol", import.meta.url), "utf8");
const output = compileSolidity({ compiler: "0.6.12", code: false, sources: { "Audius.sol": text } });
const layout = (contract: string) => readContractLayout(output, `Audius.sol:${contract}`);

describe("the Audius collision (July 2022)", () => {
  const proxy = layout("AudiusProxy");
  const governance = layout("Governance");

  it("is found where the proxy's storage is compared with the logic's: the admin under the initializer's flags", () => {
    const { verdict, verdicts, findings } = diffLayouts(proxy, governance);
    expect(verdict).toBe("broken");
    expect(verdicts).toEqual({ upgradesCore: "unsafe", canonical: "broken", circuit: "refused" });
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: "layout/deleted", slot: 0n, offset: 0, label: "proxyAdmin" }),
        expect.objectContaining({
          code: "layout/inserted-in-used-space",
          slot: 0n,
          offset: 0,
          label: "initialized",
          old: expect.objectContaining({ label: "proxyAdmin" }),
        }),
        expect.objectContaining({
          code: "layout/inserted-in-used-space",
          slot: 0n,
          offset: 1,
          label: "initializing",
          old: expect.objectContaining({ label: "proxyAdmin" }),
        }),
      ]),
    );
  });

  it("is found from the logic's side too: both flags are named, and what lies on them", () => {
    const { verdict, findings } = diffLayouts(governance, proxy);
    expect(verdict).toBe("broken");
    const lies = findings.filter(({ code }) => code === "layout/inserted-in-used-space");
    expect(lies.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^proxyAdmin \(slot 0\) lies where initialized was$/),
      expect.stringMatching(/^proxyAdmin \(slot 0\) lies where initializing was$/),
    ]);
  });

  it("is no upgrade of the logic by itself that shows it: the same logic again is preserved", () => {
    expect(diffLayouts(governance, governance).verdict).toBe("preserved");
  });

  it("is gone where the logic begins behind the proxy's variable", () => {
    const { verdict, verdicts, findings } = diffLayouts(proxy, layout("RepairedGovernance"));
    expect(findings).toEqual([]);
    expect(verdict).toBe("preserved");
    expect(verdicts).toEqual({ upgradesCore: "safe", canonical: "preserved", circuit: "provable" });
  });
});
