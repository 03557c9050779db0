import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { SealpatchError } from "../../errors.js";
import {
  type CircuitName,
  hasProvingKey,
  type Manifest,
  noProvingKey,
  provingKeyOf,
} from "../../manifest.js";
import { checkElements, checkVerifyingKey } from "./check-verifying-key.js";
import { assertFingerprint } from "./fingerprint.js";
import { hasPublishedAlpha } from "./key-class.js";
import { exportVerifyingKey, parseVerifyingKey, type VerifyingKey } from "./verifying-key.js";

/**
 * File of a circuit's proving key, after comparing its bytes with the manifest's fingerprint. A proof made with another
 * key may hide nothing: whoever made the key can choose it so that proofs tell of the witness.
 * @throws SealpatchError `proof/no-key` where it is not on this machine, `key/changed`, `key/unreadable`.
 */
export async function checkedProvingKey(manifest: Manifest, circuit: CircuitName): Promise<string> {
  const zkeyFile = provingKeyOf(manifest, circuit);
  await assertFingerprint(circuit, manifest.circuits[circuit]);
  return zkeyFile;
}

/**
 * The verifying key inside a circuit's proving key, checked (T07). The file beside it is for other programs: it has to say
 * the same, and nothing is taken from it.
 * @throws SealpatchError `key/other-verifying-key` where the two differ, and as `checkedProvingKey` and `checkVerifyingKey`.
 */
export async function checkedVerifyingKey(manifest: Manifest, circuit: CircuitName): Promise<VerifyingKey> {
  const verifyingKey = await exportVerifyingKey(await checkedProvingKey(manifest, circuit));
  await checkVerifyingKey(verifyingKey);
  const shown = parseVerifyingKey(
    await readFile(manifest.circuits[circuit].verifyingKey, "utf8").catch(() => ""),
  );
  if (isDeepStrictEqual(shown, verifyingKey)) return verifyingKey;
  throw new SealpatchError(
    "key/other-verifying-key",
    `the verifying key of ${circuit} is not that of its proving key`,
    {
      details: { circuit, file: manifest.circuits[circuit].verifyingKey },
      why: "the file beside the proving key says something else than the proving key itself",
      remedy: "delete the build folder and build again, or export the verifying key from the proving key",
    },
  );
}

/**
 * A circuit's verifying key for whoever checks proofs: the one inside the proving key where that is on this machine. Where it is not, the file
 * is enough of a development key, which is known by its published alpha and proves nothing anyway.
 * @throws SealpatchError `proof/no-key` where it is another key without its proving key, and as `checkedVerifyingKey`.
 */
export async function verifyingKeyOf(manifest: Manifest, circuit: CircuitName): Promise<VerifyingKey> {
  if (hasProvingKey(manifest, circuit)) return checkedVerifyingKey(manifest, circuit);
  const key = await readVerifyingKey(manifest, circuit);
  await checkVerifyingKey(key);
  if (await hasPublishedAlpha(key)) return key;
  throw noProvingKey(manifest, circuit);
}

/**
 * A circuit's verifying key by the file of it that the build or the key package has, for whoever has no proving key: an owner who signs, for
 * example. That it is the one inside the proving key is not looked at here; who may write the file may write the program. Its points are
 * for `proofHolds` to look at.
 * @throws SealpatchError `key/malformed`, and as `checkElements`.
 */
export async function readVerifyingKey(manifest: Manifest, circuit: CircuitName): Promise<VerifyingKey> {
  const text = await readFile(manifest.circuits[circuit].verifyingKey, "utf8").catch(() => "");
  const key = parseVerifyingKey(text);
  checkElements(key);
  return key;
}
