import { SealpatchError } from "../errors.js";
import { withCurve } from "../proof/keys/index.js";

/**
 * Runs a step of snarkjs, which says by exceptions, by -1, by false or not at all that it failed. Its text is not shown: it may repeat
 * what it was given.
 * @throws SealpatchError `ceremony/step-failed`, `ceremony/folder-unwritable` where the disk is full.
 */
export async function bySnarkjs(
  step: string,
  work: (keys: typeof import("snarkjs").zKey) => Promise<Uint8Array | boolean | -1>,
): Promise<void> {
  const { zKey } = await import("snarkjs");
  const result = await withCurve(() => work(zKey)).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === undefined ? failed(step) : error;
  });
  if (result === -1 || result === false) throw failed(step);
}

function failed(step: string): SealpatchError {
  return new SealpatchError("ceremony/step-failed", `${step} failed`, {
    details: { step },
    why: "snarkjs stopped on the files that it was given",
    remedy: "verify the ceremony to find the file that is wrong",
  });
}
