import { createHash } from "node:crypto";
import { type CeremonyCircuit, type CompiledConstraints, compileConstraints } from "./circuits.js";
import { KEY_BYTES } from "./room.js";
import { keyBySnarkjs } from "./snarkjs.js";

/** The initial key of a circuit, made by snarkjs: its file. @throws SealpatchError `ceremony/step-failed`. */
export function initialKeyBySnarkjs(
  name: string,
  { r1csFile, power }: CompiledConstraints,
  powersOfTau: string,
): Promise<Uint8Array> {
  return keyBySnarkjs(`the initial key of ${name}`, KEY_BYTES * 2 ** power, (zKey, target) =>
    zKey.newZKey(r1csFile, powersOfTau, target),
  );
}

/** SHA-256 of the initial key that snarkjs makes of a circuit, 64 hex digits. */
export async function remadeInitialKey(circuit: CeremonyCircuit, powersOfTau: string): Promise<string> {
  const key = await initialKeyBySnarkjs(circuit.name, await compileConstraints(circuit), powersOfTau);
  return createHash("sha256").update(key).digest("hex");
}
