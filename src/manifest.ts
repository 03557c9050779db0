import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { SealpatchError } from "./errors.js";
import { lazily } from "./lazily.js";
import { zod } from "./zod.js";

export const MANIFEST_FORMAT = "sealpatch.build/1";

const circuitSchema = lazily(() =>
  zod.strictObject({
    r1cs: zod.string(),
    wasm: zod.string(),
    zkey: zod.string(),
    verifyingKey: zod.string(),
    fingerprint: zod.string().regex(/^0x[0-9a-f]{64}$/),
  }),
);

const manifestSchema = lazily(() =>
  zod.strictObject({
    format: zod.literal(MANIFEST_FORMAT),
    circuits: zod.strictObject({ attest: circuitSchema(), bind: circuitSchema() }),
    /** Folders with contract artifacts. */
    contracts: zod.array(zod.string()),
  }),
);

/** What a build made and where it lies; paths are relative to the build folder. */
export type Manifest = z.output<ReturnType<typeof manifestSchema>>;
export type CircuitArtifacts = z.output<ReturnType<typeof circuitSchema>>;

/** The package's own build folder. */
export const BUILD_FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), "../build");

/**
 * Reads the manifest of a build, with absolute paths.
 * @throws SealpatchError `proof/not-built` where there is none or it is of another format.
 */
export async function readManifest(folder: string = BUILD_FOLDER): Promise<Manifest> {
  const parsed = await readFile(join(folder, "manifest.json"), "utf8").then(
    (text) => manifestSchema().safeParse(JSON.parse(text)),
    () => undefined,
  );
  if (parsed === undefined || !parsed.success) {
    throw new SealpatchError("proof/not-built", "circuits, keys and contracts are not built", {
      details: { folder },
      remedy: "run `npm run build` in the repository",
    });
  }
  const absolute = ({ fingerprint, ...files }: CircuitArtifacts): CircuitArtifacts => ({
    r1cs: join(folder, files.r1cs),
    wasm: join(folder, files.wasm),
    zkey: join(folder, files.zkey),
    verifyingKey: join(folder, files.verifyingKey),
    fingerprint,
  });
  const { attest, bind } = parsed.data.circuits;
  return {
    ...parsed.data,
    circuits: { attest: absolute(attest), bind: absolute(bind) },
    contracts: parsed.data.contracts.map((path) => join(folder, path)),
  };
}
