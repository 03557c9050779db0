import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CeremonyCircuit, compileConstraints } from "./circuits.js";
import { sha256Of } from "./files.js";
import { bySnarkjs } from "./snarkjs.js";

/** SHA-256 of the initial key that snarkjs makes of a circuit, 64 hex digits. */
export async function remadeInitialKey(circuit: CeremonyCircuit, powersOfTau: string): Promise<string> {
  const { r1csFile } = await compileConstraints(circuit);
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-ceremony-"));
  try {
    const file = join(folder, "initial.zkey");
    await bySnarkjs(`the initial key of ${circuit.name}`, (zKey) =>
      zKey.newZKey(r1csFile, powersOfTau, file),
    );
    return await sha256Of(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
