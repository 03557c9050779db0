import { SealpatchError } from "../errors.js";
import { withCurve } from "../proof/curve/index.js";

/** A file in memory that snarkjs writes to. */
export type KeyTarget = { type: "mem"; initialSize: number; data?: Uint8Array };

/** What of snarkjs makes keys. Written down here: snarkjs has no types, and declarations that name it would stop whoever imports this package. */
export interface KeyMaker {
  newZKey(r1csFile: string, ptauFile: string, key: KeyTarget): Promise<Uint8Array | -1>;
  contribute(before: string, after: KeyTarget, name: string, entropy: string): Promise<Uint8Array>;
  beacon(
    before: string,
    after: KeyTarget,
    name: string,
    beaconHash: string,
    iterationsExponent: number,
  ): Promise<Uint8Array | false>;
}

/**
 * Has snarkjs make a key, in memory: its own writer of files takes half of a write for all of it where a disk is full. It says by
 * exceptions, by -1, by false or not at all that it failed. Its text is not shown: it may repeat what it was given.
 * @param size bytes of the key, at most: memory is taken once.
 * @returns the key's file.
 * @throws SealpatchError `ceremony/step-failed`.
 */
export async function keyBySnarkjs(
  step: string,
  size: number,
  work: (zKey: KeyMaker, target: KeyTarget) => Promise<Uint8Array | boolean | -1>,
): Promise<Uint8Array> {
  const { zKey } = await import("snarkjs");
  const target: KeyTarget = { type: "mem", initialSize: size };
  const result = await withCurve(() => work(zKey, target)).catch(() => false);
  if (result === -1 || result === false || target.data === undefined) throw failed(step);
  return target.data;
}

function failed(step: string): SealpatchError {
  return new SealpatchError("ceremony/step-failed", `${step} failed`, {
    details: { step },
    why: "snarkjs stopped on the files that it was given",
    remedy: "verify the ceremony to find the file that is wrong",
  });
}
