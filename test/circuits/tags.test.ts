import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { TAGS, tag } from "../../src/field/index.js";

it("the circuits' domain tags are the package's", () => {
  const source = readFileSync("circuits/lib/tags.circom", "utf8");
  const inCircuits = [
    ...source.matchAll(/\/\/ (sealpatch\.[a-z.]+)\nfunction \w+\(\) \{\n {4}return (0x[0-9a-f]+);/g),
  ];
  expect(inCircuits.length).toBe(source.match(/function/g)!.length);
  const known = new Set<bigint>(Object.values(TAGS));
  expect(known.size).toBe(Object.keys(TAGS).length);
  for (const [, name, value] of inCircuits) {
    expect(BigInt(value!)).toBe(tag(name!));
    expect(known.has(BigInt(value!))).toBe(true);
  }
});
