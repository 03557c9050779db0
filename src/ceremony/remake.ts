import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readContributions } from "../proof/keys/index.js";
import { type CeremonyCircuit, type CompiledConstraints, compileConstraints } from "./circuits.js";
import { sha256Of } from "./files.js";
import { KEY_BYTES } from "./room.js";
import { keyBySnarkjs } from "./snarkjs.js";

/** A circuit's initial key, made by snarkjs: the bytes of its file. @throws SealpatchError `ceremony/step-failed`. */
export function initialKeyBySnarkjs(
  name: string,
  { r1csFile, power }: CompiledConstraints,
  powersOfTau: string,
): Promise<Uint8Array> {
  return keyBySnarkjs(`the initial key of ${name}`, KEY_BYTES * 2 ** power, (zKey, target) =>
    zKey.newZKey(r1csFile, powersOfTau, target),
  );
}

/** The initial key that snarkjs makes of a circuit: SHA-256 of its file, and what its section 10 begins with. */
export async function remadeInitialKey(
  circuit: CeremonyCircuit,
  powersOfTau: string,
): Promise<{ readonly initialKey: string; readonly circuitHash: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-ceremony-"));
  try {
    const file = join(folder, "initial.zkey");
    await writeFile(
      file,
      await initialKeyBySnarkjs(circuit.name, await compileConstraints(circuit), powersOfTau),
    );
    const { circuitHash } = await readContributions(file);
    return { initialKey: await sha256Of(file), circuitHash: Buffer.from(circuitHash).toString("hex") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
