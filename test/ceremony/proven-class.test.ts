import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { keyClassOf, proveKeyPackage } from "../../src/ceremony/index.js";
import { makeDevelopmentKey } from "../../src/proof/keys/index.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { type FinishedCeremony, finishCeremony } from "./finished-ceremony.js";
import { writePackage } from "./made-package.js";

const scratch = await scratchFolder();
let ceremony: FinishedCeremony;
let r1csFile: string;

beforeAll(async () => {
  ceremony = await finishCeremony(scratch);
  ({ r1csFile } = await compileTestCircuit(scratch, "multiplier"));
});

describe("T07, T18: proveKeyPackage", () => {
  it("proves nothing of a package that is exchanged for another while it is verified", async () => {
    const folder = join(scratch, "exchanged");
    const { finalZkey } = await makeCeremonyKey(scratch, r1csFile);
    await writePackage(folder, { keys: [finalZkey, finalZkey], recordClass: "production" });
    const { terms, keyPackage } = ceremony;
    let asked = 0;
    const options = {
      ...terms,
      // Asked for once by whoever opens the package, and once by whoever verifies it.
      get circuits() {
        if (++asked === 2) {
          rmSync(folder, { recursive: true });
          cpSync(keyPackage, folder, { recursive: true });
        }
        return terms.circuits;
      },
    };
    await expect(proveKeyPackage(folder, options)).rejects.toMatchObject({
      code: "key/package-changed",
      details: { file: "record.json" },
    });
    expect(asked).toBe(2);
  });

  it("leaves a development key what it is, whatever else is found", async () => {
    const development = join(scratch, "development.zkey");
    await makeDevelopmentKey({ r1csFile, zkeyFile: development });
    const folder = join(scratch, "development");
    await writePackage(folder, { keys: [development, development], recordClass: "production" });
    const { keyClass, manifest } = await proveKeyPackage(folder, ceremony.terms);
    expect([keyClass, await keyClassOf(manifest)]).toEqual(["development", "development"]);
  });

  it("shows the verification of the ceremony, in order", async () => {
    const { terms, keyPackage } = ceremony;
    const stages: string[] = [];
    const { checks } = await proveKeyPackage(keyPackage, {
      ...terms,
      onProgress: ({ stage }) => stages.push(stage),
    });
    expect(checks.length).toBeGreaterThan(10);
    expect(checks[0]!.name).toBe("announcement");
    expect(new Set(stages).size).toBeGreaterThan(2);
  });
});
