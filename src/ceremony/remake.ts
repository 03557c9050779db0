import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readContributions } from "../proof/keys/index.js";
import { type CeremonyCircuit, compileConstraints } from "./circuits.js";
import { sha256Of } from "./files.js";
import { bySnarkjs } from "./snarkjs.js";

/** The initial key that snarkjs makes of a circuit: SHA-256 of its file, and what its section 10 begins with. */
export async function remadeInitialKey(
  circuit: CeremonyCircuit,
  powersOfTau: string,
): Promise<{ readonly initialKey: string; readonly circuitHash: string }> {
  const { r1csFile } = await compileConstraints(circuit);
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-ceremony-"));
  try {
    const file = join(folder, "initial.zkey");
    await bySnarkjs(`the initial key of ${circuit.name}`, (zKey) =>
      zKey.newZKey(r1csFile, powersOfTau, file),
    );
    const { circuitHash } = await readContributions(file);
    return { initialKey: await sha256Of(file), circuitHash: Buffer.from(circuitHash).toString("hex") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
