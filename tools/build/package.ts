import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
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
 * Puts what the package ships into build/package, under names that stay, with the manifest that tells the SDK what is what. The
 * folder appears complete, and stays where its content has not changed.
 */
export async function writePackage({ circuits, verifiers, contracts }: BuiltParts): Promise<void> {
  const { vulnerable, fixed, exploit } = await SHIPPED_CASE.compile();
  const inputs = JSON.stringify({
    vulnerable: vulnerable.input,
    fixed: fixed.input,
    exploit: exploit.input,
  } satisfies CaseInputs);
  const content = contentKey([
    MANIFEST_SCHEMA,
    ...Object.values(circuits).map(({ key }) => basename(dirname(key.zkeyFile))),
    ...contracts.map((folder) => basename(folder)),
    inputs,
  ]);
  if ((await contentOf(SHIPPED)) === content) return;
  const scratch = join(BUILD, `package.making-${randomUUID()}`);
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
  for (const folder of contracts) {
    for (const name of await readdir(folder)) await copy(join(folder, name), join("contracts", name));
  }
  const manifest: Manifest = { schema: MANIFEST_SCHEMA, content, circuits: shipped, contracts: "contracts" };
  await writeFile(join(scratch, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  const old = join(BUILD, `package.old-${randomUUID()}`);
  await rename(SHIPPED, old).catch(() => {});
  await rename(scratch, SHIPPED);
  await rm(old, { recursive: true, force: true });
}

async function contentOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => "{}");
  return (JSON.parse(text) as Partial<Manifest>).content;
}
