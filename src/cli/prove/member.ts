import { resolve } from "node:path";
import { type CouncilKeystore, ofRole, readKeystore } from "../../keystore/index.js";
import type { PatchPolicy } from "../../patch/index.js";
import { type Project, readAuditors } from "../../project/index.js";
import { usageError } from "../options.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";

/** Options that open what is sealed to a member of the council. */
export interface MemberOptions {
  readonly keystore?: string;
  readonly passphraseFile?: string;
}

/** Opens the keystore of a member of the council. @throws SealpatchError `cli/usage`, as `passphraseOf`, `readKeystore` and `ofRole`. */
export async function openMember(
  { configuration, folder }: Project,
  { keystore, passphraseFile }: MemberOptions,
  terminal?: AskingTerminal,
): Promise<CouncilKeystore> {
  const named = configuration.keystores?.council;
  const file = keystore ?? (named === undefined ? undefined : resolve(folder, named));
  if (file === undefined) throw usageError("nobody opens the bundle", "name your keystore with --keystore");
  const passphrase = await passphraseOf({ file: passphraseFile, isNew: false }, terminal);
  return ofRole(await readKeystore(file, passphrase), "council");
}

/** What auditors are called; their places, where their public files are not at hand. */
export async function auditorLabels(project: Project, auditors: PatchPolicy["auditors"]): Promise<string[]> {
  const registrations = await readAuditors(project, { auditors }).catch(() => []);
  return auditors.publicKeys.map((_, place) => registrations[place]?.label ?? `auditor ${place}`);
}
