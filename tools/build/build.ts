import type { CircuitName } from "../../src/manifest.js";
import { buildCircuit, CIRCUIT_NAMES, circuitSource } from "../../src/proof/index.js";
import {
  type BuiltKey,
  buildDevelopmentKey,
  exportVerifierContract,
  VERIFIERS,
} from "../../src/proof/keys/index.js";
import { buildContracts, buildVerifiers, copySafes } from "./contracts.js";
import { writePackage } from "./package.js";

/** Told when a stage begins and ends; a stage that was cached ends at once. */
export type OnStage = (stage: string, state: "begin" | "end") => void;

/**
 * Builds what is missing of circuits, development keys and contracts, and puts what the package ships into build/package.
 * Cheap where nothing has changed.
 */
export async function build(onStage: OnStage = () => {}): Promise<void> {
  const stage = async <T>(name: string, work: Promise<T>): Promise<T> => {
    onStage(name, "begin");
    const result = await work;
    onStage(name, "end");
    return result;
  };
  const compile = (name: CircuitName) =>
    stage(`compile circuit ${name}`, buildCircuit({ source: circuitSource(name) }));
  // attest takes as long as everything else together: one core for it, the other for the rest in turn.
  const attest = compile("attest");
  const rest = (async () => ({
    bind: await compile("bind"),
    contracts: await stage("compile contracts", buildContracts()),
  }))();
  const [compiledAttest, { contracts, bind }] = await Promise.all([attest, rest]);
  const compiled = { attest: compiledAttest, bind };
  const keys = {} as Record<CircuitName, BuiltKey>;
  for (const name of CIRCUIT_NAMES) {
    keys[name] = await stage(`development key of ${name}`, buildDevelopmentKey(name, compiled[name]));
  }
  const sources: Record<string, string> = {};
  const verifiers = await stage(
    "compile verifiers",
    (async () => {
      for (const name of CIRCUIT_NAMES) {
        const { zkeyFile } = keys[name];
        const contractName = VERIFIERS[name];
        sources[contractName] = await exportVerifierContract({ zkeyFile, contractName });
      }
      return buildVerifiers(sources);
    })(),
  );
  await writePackage({
    circuits: {
      attest: { wasmFile: compiled.attest.wasmFile, key: keys.attest },
      bind: { wasmFile: compiled.bind.wasmFile, key: keys.bind },
    },
    verifiers: sources,
    contracts: [...contracts, verifiers, await copySafes()],
  });
}
