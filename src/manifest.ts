import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { SealpatchError } from "./errors.js";
import { lazily } from "./lazily.js";
import { contentPath, SHIPPED } from "./places.js";
import { zod } from "./zod.js";

export const MANIFEST_SCHEMA = "sealpatch.build/3";

const circuitSchema = lazily(() =>
  zod.strictObject({
    /** Witness calculator. */
    wasm: zod.string(),
    verifyingKey: zod.string(),
    /** Source of the Groth16 verifier contract. */
    verifier: zod.string(),
    /** Proving key, below a home (`contentPath`): it is too large to be shipped. */
    zkey: zod.string(),
    /** SHA-256 of the proving key. */
    fingerprint: zod.string().regex(/^0x[0-9a-f]{64}$/),
  }),
);

const manifestSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal(MANIFEST_SCHEMA),
    /** Hash of everything beside it: two folders of one content are the same. */
    content: zod.string(),
    circuits: zod.strictObject({ attest: circuitSchema(), bind: circuitSchema() }),
    /** Folder with an artifact `<Contract>.json` for each contract. */
    contracts: zod.string(),
  }),
);

/** What a build made and where it lies. */
export type Manifest = z.output<ReturnType<typeof manifestSchema>>;
export type CircuitName = keyof Manifest["circuits"];
export type CircuitArtifacts = z.output<ReturnType<typeof circuitSchema>>;

/**
 * Reads the manifest of a build, with absolute paths. The proving keys need not be there: `makeDevelopmentKeys` makes them.
 * @throws SealpatchError `proof/not-built` where there is none or it has another schema.
 */
export async function readManifest(folder: string = SHIPPED): Promise<Manifest> {
  const manifest = await readFile(join(folder, "manifest.json"), "utf8")
    .then((text) => manifestSchema().parse(JSON.parse(text)))
    .catch(() => {
      throw new SealpatchError("proof/not-built", "circuits, keys and contracts are not built", {
        details: { folder },
        remedy: "run `npm run build` in the repository",
      });
    });
  const absolute = (circuit: CircuitArtifacts): CircuitArtifacts => ({
    wasm: join(folder, circuit.wasm),
    verifyingKey: join(folder, circuit.verifyingKey),
    verifier: join(folder, circuit.verifier),
    zkey: contentPath(circuit.zkey),
    fingerprint: circuit.fingerprint,
  });
  const { circuits, contracts } = manifest;
  return {
    ...manifest,
    circuits: { attest: absolute(circuits.attest), bind: absolute(circuits.bind) },
    contracts: join(folder, contracts),
  };
}

/**
 * File of a circuit's proving key.
 * @throws SealpatchError `proof/no-key` where it is not on this machine.
 */
export function provingKeyOf(manifest: Manifest, circuit: CircuitName): string {
  if (hasProvingKey(manifest, circuit)) return manifest.circuits[circuit].zkey;
  throw noProvingKey(manifest, circuit);
}

/** That the proving keys are on this machine. @throws SealpatchError `proof/no-key`. */
export function assertProvingKeys(manifest: Manifest): void {
  for (const circuit of Object.keys(manifest.circuits) as CircuitName[]) provingKeyOf(manifest, circuit);
}

/** Whether a circuit's proving key is on this machine. */
export function hasProvingKey({ circuits }: Manifest, circuit: CircuitName): boolean {
  return existsSync(circuits[circuit].zkey);
}

/** `proof/no-key`. */
export function noProvingKey({ circuits }: Manifest, circuit: CircuitName): SealpatchError {
  const { zkey } = circuits[circuit];
  return new SealpatchError("proof/no-key", `the proving key of ${circuit} is not on this machine`, {
    details: { circuit, zkey },
    why: "proving keys are too large to be part of the package",
    remedy:
      "make the development keys with makeDevelopmentKeys(), or set SEALPATCH_HOME to the folder that has them",
  });
}
