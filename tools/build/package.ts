import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type CaseInputs, CORPUS } from "../../corpus/index.js";
import { contentKey } from "../../src/cached.js";
import { type CircuitName, MANIFEST_SCHEMA, type Manifest } from "../../src/manifest.js";
import { BUILD, SHIPPED } from "../../src/places.js";
import { type BuiltKey, VERIFIERS } from "../../src/proof/keys/index.js";

/** The case that the package ships with its sources: the drill's. */
const SHIPPED_CASE = CORPUS[0]!;

/** What a build made, each part in a folder that is named after its content. */
export interface BuiltParts {
  readonly circuits: Readonly<Record<CircuitName, { readonly wasmFile: string; readonly key: BuiltKey }>>;
  /** Sources of the Groth16 verifiers, by the contracts' names; their artifacts are among the contracts. */
  readonly verifiers: Readonly<Record<string, string>>;
  /** Folders of contract artifacts. */
  readonly contracts: readonly string[];
}

/**
 * Puts what the package ships into a folder, build/package unless given, under names that stay, with the manifest that tells the SDK what is what. The
 * folder appears complete, and stays where every file in it is the one that would be written.
 */
export async function writePackage(
  { circuits, verifiers, contracts }: BuiltParts,
  folder: string = SHIPPED,
): Promise<void> {
  const { vulnerable, fixed, exploit } = await SHIPPED_CASE.compile();
  const inputs = JSON.stringify({
    vulnerable: vulnerable.input,
    fixed: fixed.input,
    exploit: exploit.input,
  } satisfies CaseInputs);
  const scratch = `${folder}.making-${randomUUID()}`;
  await mkdir(join(scratch, "contracts"), { recursive: true });
  await mkdir(join(scratch, "corpus"));
  await writeFile(join(scratch, "corpus", `${SHIPPED_CASE.name}.json`), inputs);
  const copy = async (file: string, name: string): Promise<string> => {
    await copyFile(file, join(scratch, name));
    return name;
  };
  const shipped = {} as Manifest["circuits"];
  for (const [name, { wasmFile, key }] of Object.entries(circuits)) {
    shipped[name as CircuitName] = {
      wasm: await copy(wasmFile, `${name}.wasm`),
      verifyingKey: await copy(key.verifyingKeyFile, `${name}.verifying-key.json`),
      verifier: `${VERIFIERS[name as CircuitName]}.sol`,
      zkey: relative(BUILD, key.zkeyFile),
      fingerprint: key.fingerprint,
    };
  }
  for (const [name, source] of Object.entries(verifiers))
    await writeFile(join(scratch, `${name}.sol`), source);
  for (const group of contracts) {
    for (const name of await readdir(group)) await copy(join(group, name), join("contracts", name));
  }
  const parts: Omit<Manifest, "content"> = {
    schema: MANIFEST_SCHEMA,
    circuits: shipped,
    contracts: "contracts",
  };
  const content = contentKey([JSON.stringify(parts), ...(await filesBelow(scratch)).flat()]);
  const manifest: Manifest = { ...parts, content };
  await writeFile(join(scratch, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  if (await areEqual(scratch, folder)) return rm(scratch, { recursive: true });
  const old = `${folder}.old-${randomUUID()}`;
  await rename(folder, old).catch(() => {});
  await rename(scratch, folder);
  await rm(old, { recursive: true, force: true });
}

/** Whether two folders hold the same files, byte for byte: a manifest that says so is no proof of what lies beside it. */
async function areEqual(one: string, other: string): Promise<boolean> {
  const [files, others] = await Promise.all([one, other].map(filesBelow));
  return contentKey(files!.flat()) === contentKey(others!.flat());
}

/** Names and bytes of all files below a folder, in order; none where there is no folder. */
async function filesBelow(folder: string): Promise<[name: string, bytes: Uint8Array][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (file) => [relative(folder, file), await readFile(file)]));
}
