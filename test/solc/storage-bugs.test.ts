import { describe, expect, it } from "vitest";
import {
  BUGS_KNOWN_TO,
  isBeyondKnownBugs,
  STORAGE_BUGS,
  type StandardInput,
  storageBugs,
} from "../../src/solc/index.js";

const EVERY_WORD = STORAGE_BUGS.map(({ word }) => word ?? "").join(" ");
const named = (version: string, settings: StandardInput["settings"] = {}, content = EVERY_WORD): string[] =>
  storageBugs(version, { language: "Solidity", sources: { "A.sol": { content } }, settings }).map(
    ({ name }) => name,
  );

describe("known storage bugs of solc", () => {
  it.each([
    ["TransientStorageClearingHelperCollision", "0.8.28", "0.8.33", "0.8.27", "0.8.34"],
    ["StorageWriteRemovalBeforeConditionalTermination", "0.8.13", "0.8.16", "0.8.12", "0.8.17"],
    ["UserDefinedValueTypesBug", "0.8.8", "0.8.8", "0.8.7", "0.8.9"],
    ["DynamicArrayCleanup", "0.5.13", "0.7.2", undefined, "0.7.3"],
    ["KeccakCaching", "0.5.13", "0.8.2", undefined, "0.8.3"],
  ])("%s: from %s to %s", (name, first, last, before, after) => {
    const settings = { viaIR: true, optimizer: { enabled: true } };
    for (const version of [first, last, `${last}+commit.73712a01`])
      expect(named(version, settings)).toContain(name);
    for (const version of [before, after])
      if (version !== undefined) expect(named(version, settings)).not.toContain(name);
  });

  it("by pipeline, optimizer and EVM version; what the settings leave open counts as given", () => {
    const transient = "TransientStorageClearingHelperCollision";
    expect(named("0.8.30", { viaIR: true })).toContain(transient);
    expect(named("0.8.30", { viaIR: true, evmVersion: "prague" })).toContain(transient);
    for (const settings of [{}, { viaIR: false }, { viaIR: true, evmVersion: "shanghai" }])
      expect(named("0.8.30", settings)).not.toContain(transient);
    const removal = "StorageWriteRemovalBeforeConditionalTermination";
    for (const optimizer of [{ enabled: true }, { enabled: false, details: { yul: true } }, { details: {} }])
      expect(named("0.8.16", { optimizer })).toContain(removal);
    for (const optimizer of [undefined, { enabled: false }, { enabled: true, details: { yul: false } }])
      expect(named("0.8.16", { optimizer })).not.toContain(removal);
    expect(named("0.8.14", { viaIR: true })).not.toContain("DirtyBytesArrayToStorage");
    expect(named("0.8.14", {})).toContain("DirtyBytesArrayToStorage");
  });

  it("by the keyword without which no source has it", () => {
    for (const bug of STORAGE_BUGS) {
      if (bug.word === undefined) continue;
      const version = bug.introduced ?? "0.6.12";
      const settings = { viaIR: true, optimizer: { enabled: true } };
      expect(named(version, settings, `contract C { ${bug.word} x; }`)).toContain(bug.name);
      expect(named(version, settings, `contract C { uint ${bug.word}s; }`)).not.toContain(bug.name);
    }
  });

  it("are known up to a release, and not beyond it", () => {
    expect(isBeyondKnownBugs(BUGS_KNOWN_TO)).toBe(false);
    for (const version of ["0.5.13", "0.8.9", "0.8.37+commit.f4017820"])
      expect(isBeyondKnownBugs(version)).toBe(false);
    for (const version of ["0.8.40", "0.9.0", "1.0.0", "0.10.0", "", "latest", "0.8", "0.8.30.1"])
      expect(isBeyondKnownBugs(version)).toBe(true);
  });

  it("each have a source, and names of their own", () => {
    expect(new Set(STORAGE_BUGS.map(({ name }) => name)).size).toBe(STORAGE_BUGS.length);
    for (const { source } of STORAGE_BUGS) expect(new URL(source).protocol).toBe("https:");
  });
});
