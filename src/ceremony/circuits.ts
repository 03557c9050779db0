import { createHash } from "node:crypto";
import { keptHome } from "../places.js";
import { buildCircuit, CIRCUIT_NAMES, circuitSource, circuitSources } from "../proof/index.js";
import { domainPower, R1csFile, VERIFIERS } from "../proof/keys/index.js";
import { sha256Of } from "./files.js";

/** A circuit that a ceremony makes a key for. */
export interface CeremonyCircuit {
  readonly name: string;
  /** Source with a `main`, below the package's root. */
  readonly source: string;
  /** Name of its verifier contract. */
  readonly verifier: string;
}

/** The product's circuits: what a ceremony is about unless other circuits are given. */
export const PRODUCT_CIRCUITS: readonly CeremonyCircuit[] = CIRCUIT_NAMES.map((name) => ({
  name,
  source: circuitSource(name),
  verifier: VERIFIERS[name],
}));

/** What a circuit's sources compile to, here. */
export interface CompiledConstraints {
  readonly r1csFile: string;
  /** SHA-256 of the file. */
  readonly r1cs: string;
  readonly constraints: number;
  /** log2 of the evaluation domain. */
  readonly power: number;
}

/** SHA-256 of a circuit's source and of everything that it includes, by their names. @param source below the package's root. */
export async function sourceHashes(source: string): Promise<Readonly<Record<string, string>>> {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  return Object.fromEntries([...(await circuitSources(source))].map(([name, text]) => [name, hash(text)]));
}

/** Compiles a circuit from this package's sources, where that was not done before. */
export async function compileConstraints({ source }: CeremonyCircuit): Promise<CompiledConstraints> {
  const { r1csFile } = await buildCircuit({ source, home: keptHome() });
  const file = await R1csFile.open(r1csFile);
  const { header } = file;
  await file.close();
  const { constraints } = header;
  return { r1csFile, r1cs: await sha256Of(r1csFile), constraints, power: domainPower(header) };
}
