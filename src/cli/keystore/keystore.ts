import { basename, extname } from "node:path";
import { auditorRegistrationToJson } from "../../audit/index.js";
import {
  assertNoKeystore,
  auditorRegistration,
  councilMember,
  councilMemberToJson,
  type Keystore,
  newAuditorKeystore,
  newCouncilKeystore,
  ofRole,
  readKeystore,
  wipeKeystore,
  writeKeystore,
} from "../../keystore/index.js";
import { print, printJson } from "../../terminal/index.js";
import { jsonText, writeOutput } from "../output-file.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";

interface KeystoreOptions {
  readonly json?: boolean;
  readonly passphraseFile?: string;
}

const FRESH = { auditor: newAuditorKeystore, council: newCouncilKeystore } as const;

/** `auditor new`, `council new`. @param terminal where a person is asked, the process's own unless given. */
export async function makeKeystore(
  role: Keystore["role"],
  options: KeystoreOptions & { readonly out: string; readonly label?: string },
  terminal?: AskingTerminal,
): Promise<void> {
  const { json, out, label = basename(out, extname(out)), passphraseFile } = options;
  // Before anybody types a passphrase.
  await assertNoKeystore(out);
  const keystore = await FRESH[role](label);
  try {
    const passphrase = await passphraseOf({ file: passphraseFile, isNew: true }, terminal);
    const shown = await publicFile(keystore);
    await writeKeystore(out, keystore, passphrase);
    if (json) printJson({ keystore: out, public: shown });
    else
      print(
        `${out}: the keystore of ${label}, which only its owner may read`,
        `  recipient  ${shown.recipient}`,
        "  to do      keep a copy, and give others what `show` prints",
      );
  } finally {
    wipeKeystore(keystore);
  }
}

/** `auditor show`, `council show`. */
export async function showKeystore(
  role: Keystore["role"],
  file: string,
  options: KeystoreOptions & { readonly out?: string },
  terminal?: AskingTerminal,
): Promise<void> {
  const { json, out, passphraseFile } = options;
  const passphrase = await passphraseOf({ file: passphraseFile, isNew: false }, terminal);
  const keystore = await readKeystore(file, passphrase);
  try {
    const shown = await publicFile(ofRole(keystore, role));
    if (out !== undefined) await writeOutput(out, jsonText(shown), false);
    if (json || out === undefined) printJson(shown);
    else print(`${out}: what others need of ${shown.label}`);
  } finally {
    wipeKeystore(keystore);
  }
}

async function publicFile(keystore: Keystore) {
  return keystore.role === "auditor"
    ? auditorRegistrationToJson(await auditorRegistration(keystore))
    : councilMemberToJson(await councilMember(keystore));
}
