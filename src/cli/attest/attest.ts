import { resolve } from "node:path";
import { attest, attestationToJson, derivePublicKey } from "../../audit/index.js";
import { SealpatchError } from "../../errors.js";
import { prepareHashing } from "../../field/index.js";
import { type AuditorKeystore, ofRole, readKeystore, wipeKeystore } from "../../keystore/index.js";
import { decryptBundle, type PatchPolicy, parseTarget } from "../../patch/index.js";
import { openLane, type Project, proxyOf, reviewForTarget } from "../../project/index.js";
import { fullHex, print, printJson, withProgress } from "../../terminal/index.js";
import { projectOf } from "../configuration.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { readInput, readInputText } from "../input-file.js";
import { usageError } from "../options.js";
import { assertNoFiles, jsonText, PRIVATE, writeOutput } from "../output-file.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import { attestationFileOf, targetFileOf } from "../seal/names.js";
import { reviewAsJson } from "./json.js";
import { printReview } from "./print.js";
import { signedValues } from "./values.js";

/** Options of `attest`, as commander gives them. */
export interface AttestOptions {
  readonly json?: boolean;
  readonly keystore?: string;
  readonly target?: string;
  readonly out?: string;
  readonly passphraseFile?: string;
  readonly yes?: boolean;
  readonly showIncidents?: boolean;
  readonly solc?: readonly string[];
  readonly config?: string;
}

/** Digits of the commitment that have to be typed. */
const DIGITS = 6;

/** `attest`. @param terminal where a person is asked, the process's own unless given. */
export async function attestBundle(
  bundle: string,
  options: AttestOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  const { out = attestationFileOf(bundle), target = targetFileOf(bundle) } = options;
  assertConfirmable(options, terminal);
  await assertNoFiles(out);
  const project = await projectOf(options);
  const keystoreFile = keystoreOf(project, options);
  const sealed = await readInput(bundle);
  const wanted = parseTarget(await readInputText(target));
  const passphrase = await passphraseOf({ file: options.passphraseFile, isNew: false }, terminal);
  const keystore = await readKeystore(keystoreFile, passphrase);
  try {
    await prepareHashing();
    const auditor = ofRole(keystore, "auditor");
    const opened = await decryptBundle(sealed, auditor.identity);
    const lane = await openLane(project, proxyOf(project, wanted));
    const index = placeOf(auditor, lane.policy);
    const review = await withProgress("vectors", options.json, (onProgress) =>
      reviewForTarget(lane, opened, wanted, { compilers: options.solc ?? [], onProgress }),
    );
    const values = signedValues(review, wanted);
    if (!options.json)
      printReview({ review, values, auditor: `${auditor.label}, auditor ${index}`, ...options });
    const commitment = fullHex(review.statement.commitment);
    const digits = commitment.slice(2, 2 + DIGITS);
    const question = `To sign, type the first ${DIGITS} digits of the commitment, after 0x: `;
    await confirm(question, digits, options, terminal);
    const attestation = attest(auditor.signingKey, review.statement);
    await writeOutput(out, jsonText(attestationToJson(attestation)), false, PRIVATE);
    if (options.json)
      printJson({ attestation: out, auditor: index, ...reviewAsJson(review, values, options) });
    else print(`${out}: the attestation of ${auditor.label}`, `signed       ${values.message}`);
  } finally {
    wipeKeystore(keystore);
  }
}

function keystoreOf({ configuration, folder }: Project, { keystore }: AttestOptions): string {
  if (keystore !== undefined) return keystore;
  const file = configuration.keystores?.auditor;
  if (file !== undefined) return resolve(folder, file);
  throw usageError("nobody opens the bundle", "name your keystore with --keystore");
}

/** The auditor's place in the policy. An attestation of anybody else would count for nothing. */
function placeOf({ signingKey }: AuditorKeystore, { auditors }: PatchPolicy): number {
  const index = auditors.indexOf(derivePublicKey(signingKey));
  if (index >= 0) return index;
  throw new SealpatchError(
    "audit/unknown-auditor",
    "your key is not registered in the policy of this proxy",
    {
      details: { auditors: auditors.publicKeys.length },
      why: "an attestation counts for registered auditors alone",
      remedy: "take the keystore that is registered, or have your public file registered by the slow path",
    },
  );
}
