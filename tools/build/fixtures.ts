import { copyFile, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, contentKey } from "../../src/cached.js";
import { readManifest } from "../../src/manifest.js";
import { BUILD, ROOT } from "../../src/places.js";
import { realIncident } from "./real-incident.js";

const FILE = "real-proofs.json";
/** What is disclosed of it, beside that file: no contract test reads it. */
const DISCLOSURE = "disclosure.json";
const FORMAT = "forge fixture 2";
/**
 * What the incident is made of besides circuits, keys and contracts. Of the SDK only what gives the commitment its
 * meaning: other proofs that it made stay proofs for these contracts, and the drill tests it each time.
 */
const INPUTS = [
  "package-lock.json",
  "src/patch",
  ...["CVE-2021-39168", "sources.ts", "scripted.ts"].map((name) => `corpus/${name}`),
  "tools/build/real-incident.ts",
];

/**
 * A real incident with real proofs for the contract tests, in `build/fixtures/real-proofs.json`, made where there is none
 * for these keys, contracts and inputs. Takes a build.
 * @throws SealpatchError `proof/not-built`.
 */
export async function buildForgeFixture(): Promise<string> {
  const folder = await fixture();
  // Solidity cannot compute the key: the tests need a path that stays.
  const file = join(BUILD, "fixtures", FILE);
  const copy = `${file}.${process.pid}`;
  await copyFile(join(folder, FILE), copy);
  await rename(copy, file);
  return file;
}

/** The text that discloses the same incident. */
export async function fixtureDisclosure(): Promise<string> {
  return readFile(join(await fixture(), DISCLOSURE), "utf8");
}

async function fixture(): Promise<string> {
  const { folder } = await cached("fixtures/forge", await fixtureKey(), async (scratch) => {
    const { disclosure, ...incident } = await realIncident();
    // Decimal strings: forge takes them for numbers of any size.
    const numbers = (_: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
    await writeFile(join(scratch, FILE), JSON.stringify(incident, numbers, 1));
    await writeFile(join(scratch, DISCLOSURE), disclosure);
  });
  return folder;
}

async function fixtureKey(): Promise<string> {
  const { content } = await readManifest();
  return contentKey([FORMAT, content, ...(await Promise.all(INPUTS.map(textsOf))).flat()]);
}

/** Name and text of a file, or of all files below a folder. */
async function textsOf(path: string): Promise<string[]> {
  if ((await stat(join(ROOT, path))).isFile()) return [path, await readFile(join(ROOT, path), "utf8")];
  const names = await readdir(join(ROOT, path));
  return (await Promise.all(names.sort().map((name) => textsOf(`${path}/${name}`)))).flat();
}
