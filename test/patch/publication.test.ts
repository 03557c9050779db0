import { createRequire } from "node:module";
import { concat, getBytes, keccak256 } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { deployCode } from "../../src/code/index.js";
import { type Check, type Publication, publicationsOf, verifyDisclosure } from "../../src/patch/index.js";
import { everyPart } from "./altered-parts.js";
import { COUNTER, type Incident, makeIncident } from "./incident.js";

let incident: Incident;
let checks: Check[];

beforeAll(async () => {
  incident = await makeIncident(everyPart(COUNTER));
  checks = await verifyDisclosure(incident.text, incident.facts);
});

const published = () => publicationsOf(incident.disclosure, incident.facts, checks);

/** Code that the compiler from npm makes of an input, without anything of this package, linked and deployed. */
async function deployed({ input, contract, libraries, address }: Publication, more: object = {}) {
  const solc = createRequire(import.meta.url)("solc");
  const sources = { ...input.sources, ...more };
  const output = JSON.parse(solc.compile(JSON.stringify({ ...input, sources })));
  const [source, name] = contract.split(":");
  const { object, linkReferences } = output.contracts[source!][name!].evm.bytecode;
  let hex: string = object;
  for (const [file, named] of Object.entries<Record<string, { start: number }[]>>(linkReferences))
    for (const [library, places] of Object.entries(named))
      for (const { start } of places) {
        const value = libraries[`${file}:${library}`]!.slice(2).toLowerCase();
        hex = hex.slice(0, 2 * start) + value + hex.slice(2 * start + 40);
      }
  const { constructorArguments } = incident.bundle;
  return deployCode({ initCode: getBytes(concat([`0x${hex}`, constructorArguments])), address });
}

describe("the publication of a disclosure", () => {
  it("is what the plain compiler makes the deployed code of, immutables and metadata included", async () => {
    const [patch, replaced] = published();
    expect(patch).toMatchObject({ of: "patch", compilerVersion: "v0.8.30+commit.73712a01" });
    expect(keccak256(await deployed(patch!))).toBe(incident.facts.executed.codehash);
    expect(await deployed(replaced!)).toEqual(incident.facts.replaced.code);
    expect(patch!.address).toBe(incident.facts.executed.implementation);
    expect([patch!.constructorArguments, replaced!.constructorArguments]).toEqual([
      `0x${"00".repeat(31)}07`,
      null,
    ]);
  });

  it("has every source as it was sealed: one that is imported and not used is in the hash of the metadata", async () => {
    const [patch] = published();
    expect(patch!.input.sources).toEqual(incident.bundle.compiler.input.sources);
    const other = { "Imported.sol": { content: "pragma solidity ^0.8.20; // somebody's\n" } };
    expect(keccak256(await deployed(patch!, other))).not.toBe(incident.facts.executed.codehash);
  });

  it("is of a contract whose line holds alone", async () => {
    const without = (name: string) =>
      checks.map((check) => (check.name === name ? { ...check, outcome: "not checked" as const } : check));
    const of = (lines: readonly Check[]) =>
      publicationsOf(incident.disclosure, incident.facts, lines).map((one) => one.of);
    expect(of(checks)).toEqual(["patch", "replaced"]);
    expect(of(without("the deployed code is the compiled code"))).toEqual(["replaced"]);
    expect(
      of(without("the replaced code is compiled from the source that the patch is compared with")),
    ).toEqual(["patch"]);
    expect(of([])).toEqual([]);
  });
});
