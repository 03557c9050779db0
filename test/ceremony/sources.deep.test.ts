import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { beginCeremony, verifyCeremony } from "../../src/ceremony/index.js";
import { BUILD, ROOT } from "../../src/places.js";
import { scratchFolder } from "../proof/circuit.js";
import { beginning, tinyPowers, verifying } from "./tiny-ceremony.js";

const home = await scratchFolder();
// Sources lie below the package's root.
const place = `build/test-sources-${randomBytes(6).toString("hex")}`;
afterAll(() => rm(join(ROOT, place), { recursive: true, force: true }));

const PART = `pragma circom 2.1.0;
template Product() { signal input a; signal input b; signal output c; c <== a * b; }
`;
const MAIN = `pragma circom 2.1.0;
include "part.circom";
component main = Product();
`;

it("T21: a ceremony says which source changed since it began, and that the constraints did", async () => {
  expect(join(ROOT, place).startsWith(BUILD)).toBe(true);
  await mkdir(join(ROOT, place));
  await writeFile(join(ROOT, place, "part.circom"), PART);
  await writeFile(join(ROOT, place, "main.circom"), MAIN);
  const powers = await tinyPowers(home);
  const circuits = [{ name: "copy", source: `${place}/main.circom`, verifier: "CopyVerifier" }];
  const folder = join(home, "ceremony");
  await beginCeremony(folder, { ...beginning(powers), circuits });
  const sources = async () => {
    const { checks } = await verifyCeremony(folder, { ...verifying(powers), circuits });
    return checks.find(({ name }) => name === "sources of copy");
  };
  expect(await sources()).toMatchObject({ outcome: "holds" });
  // A comment is enough: nobody has to compare constraints.
  for (const text of [`${PART}// harmless\n`, PART.replace("c <== a * b", "c <== a * a"), ""]) {
    await writeFile(join(ROOT, place, "part.circom"), text);
    const found = await sources();
    expect(found).toMatchObject({ outcome: "fails", what: expect.stringContaining(`${place}/part.circom`) });
  }
  await writeFile(join(ROOT, place, "part.circom"), PART);
  expect(await sources()).toMatchObject({ outcome: "holds" });
  await rm(join(ROOT, place, "part.circom"));
  expect(await sources()).toMatchObject({ outcome: "fails" });
});
