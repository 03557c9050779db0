import { describe, expect, it } from "vitest";
import { type ContractLayout, diffLayouts, layoutRoot, readContractLayout } from "../../src/layout/index.js";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";
import {
  agreedVerdicts,
  RELEASED_PAIRS,
  RELEASES,
  type ReleasedPair,
  STRUCT_ONLY,
} from "./released-pairs.js";

const compiled = new Map<string, SolcOutput>();

/** Compiles all contracts of one release that the table names, at once. */
function compile(name: string): SolcOutput {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const { folder, prefix = folder, imports = {} } = RELEASES[name]!;
  const files = RELEASED_PAIRS.flatMap((pair) => [
    ...(pair.old === name ? [pair.files[0]] : []),
    ...(pair.next === name ? [pair.files[1] ?? pair.files[0]] : []),
  ]);
  const lines = [...new Set(files)].map((file) => {
    const wrapper = STRUCT_ONLY.has(file) ? ` contract ${file}Holder { ${file} internal s; }` : "";
    return `import "${prefix}${file}.sol";${wrapper}`;
  });
  const output = compileSolidity({
    code: false,
    anyPragma: true,
    sources: { "Released.sol": lines.join("\n") },
    remappings: { [prefix]: folder, ...imports },
  });
  compiled.set(name, output);
  return output;
}

function contractLayout(release: string, file: string): ContractLayout {
  const name = file.split("/").at(-1)!;
  const { folder, prefix = folder } = RELEASES[release]!;
  const contract = STRUCT_ONLY.has(name) ? `Released.sol:${name}Holder` : `${prefix}${file}.sol:${name}`;
  return readContractLayout(compile(release), contract);
}

function layouts({ old, next, files }: ReleasedPair): [ContractLayout, ContractLayout] {
  return [contractLayout(old, files[0]), contractLayout(next, files[1] ?? files[0])];
}

describe("released versions of upgradeable contracts", () => {
  it("are at least 12 pairs of at least 5 publishers, preserved and broken ones", () => {
    expect(RELEASED_PAIRS.length).toBeGreaterThanOrEqual(12);
    expect(new Set(RELEASED_PAIRS.map(({ publisher }) => publisher)).size).toBeGreaterThanOrEqual(5);
    const broken = RELEASED_PAIRS.filter(({ expected }) => expected === "broken");
    expect(broken.length).toBeGreaterThanOrEqual(3);
    expect(broken.length).toBeLessThan(RELEASED_PAIRS.length);
  });

  it.each(RELEASED_PAIRS.map((pair) => [pair.contract, pair.old, pair.next, pair] as const))(
    "%s: %s to %s",
    (_contract, _old, _next, pair) => {
      const [old, next] = layouts(pair);
      expect(old.layout.entries.length).toBeGreaterThan(0);
      const { verdict, verdicts, findings } = diffLayouts(old, next);
      expect(verdicts).toEqual(agreedVerdicts(pair.expected));
      expect(verdict).toBe(pair.expected);
      const named = findings.map(({ code, label }) => `${code} ${label}`);
      expect(named).toEqual(expect.arrayContaining([...(pair.named ?? [])]));
      if (pair.expected === "preserved") expect(named).toEqual([]);
    },
  );

  it.each(
    RELEASED_PAIRS.filter(({ expected }) => expected === "preserved").map(
      (pair) => [pair.contract, pair.next, pair] as const,
    ),
  )(
    "%s of %s preserves itself, and another variable before its own breaks it",
    (_contract, _release, pair) => {
      const [, { layout, upgradesCore }] = layouts(pair);
      const contract = { layout, upgradesCore };
      expect(diffLayouts(contract, contract).verdict).toBe("preserved");
      const [first, ...rest] = layout.entries.filter(({ gap }) => !gap);
      const without = { layout: { ...layout, entries: rest }, upgradesCore };
      expect(diffLayouts(contract, without).findings[0]).toMatchObject({ label: first!.label });
      expect(diffLayouts(contract, without).verdict).toBe("broken");
      expect(layoutRoot(layout)).not.toBe(layoutRoot(without.layout));
    },
  );
});
