import { rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { MANIFEST_FORMAT, type Manifest } from "../../src/manifest.js";
import { BUILD } from "./cache.js";
import { buildCircuit } from "./circuits.js";
import { buildContracts, buildVerifiers } from "./contracts.js";
import { buildDevelopmentKey } from "./keys.js";

/** Told when a stage begins and ends; a stage that was cached ends at once. */
export type OnStage = (stage: string, state: "begin" | "end") => void;

/**
 * Builds what is missing of circuits, development keys and contracts, and writes build/manifest.json, which tells the
 * SDK where everything lies. Cheap where nothing has changed.
 */
export async function build(onStage: OnStage = () => {}): Promise<Manifest> {
  const stage = async <T>(name: string, work: Promise<T>): Promise<T> => {
    onStage(name, "begin");
    const result = await work;
    onStage(name, "end");
    return result;
  };
  // attest takes as long as everything else together: one core for it, the other for the rest in turn.
  const attest = stage("compile circuit attest", buildCircuit("attest"));
  const rest = (async () => {
    const bind = await stage("compile circuit bind", buildCircuit("bind"));
    const contracts = await stage("compile contracts", buildContracts());
    return { bind, contracts };
  })();
  const compiled = { attest: await attest, ...(await rest) };
  const circuits = {} as Manifest["circuits"];
  const verifiers: Record<string, string> = {};
  for (const [name, verifier] of [
    ["attest", "AttestVerifier"],
    ["bind", "BindVerifier"],
  ] as const) {
    const { r1csFile, wasmFile } = compiled[name];
    const key = await stage(
      `development key of ${name}`,
      buildDevelopmentKey(name, compiled[name], verifier, () => {}),
    );
    circuits[name] = {
      r1cs: relative(BUILD, r1csFile),
      wasm: relative(BUILD, wasmFile),
      zkey: relative(BUILD, key.zkeyFile),
      verifyingKey: relative(BUILD, key.verifyingKeyFile),
      fingerprint: key.fingerprint,
    };
    verifiers[verifier] = key.verifierFile;
  }
  const verifierContracts = await stage("compile verifiers", buildVerifiers(verifiers));
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    circuits,
    contracts: [...compiled.contracts, verifierContracts].map((folder) => relative(BUILD, folder)),
  };
  const file = join(BUILD, "manifest.json");
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(manifest, null, 1)}\n`);
  await rename(`${file}.${process.pid}`, file);
  return manifest;
}
