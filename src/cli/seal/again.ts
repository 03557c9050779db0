import { recipientOf } from "../../age.js";
import { readKeystore, wipeKeystore } from "../../keystore/index.js";
import { assertRecipients, decryptBundle, encryptBundle, rebuildPatch } from "../../patch/index.js";
import { fullHex, print, printJson, withProgress, wrap } from "../../terminal/index.js";
import { readInput } from "../input-file.js";
import { usageError } from "../options.js";
import { assertNoFiles, PRIVATE, writeOutput } from "../output-file.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import type { SealCommandOptions } from "./members.js";
import { distinct, type Reader, readerOf, shownReader } from "./readers.js";

/** Options that say what is sealed, where a bundle says it already. */
const OF_NEW_PATCHES = [
  ...(["proxy", "contract", "incidents", "current", "migration", "migrationGas"] as const),
  ...(["constructorArgs", "library", "validFor", "group"] as const),
];

/**
 * `seal --again`: the same bundle, with its salt, and so its commitment, for more readers. An age file does not name its readers, so that
 * the new one is for those who are named, and for whoever made it.
 */
export async function sealAgain(options: SealCommandOptions, terminal?: AskingTerminal): Promise<void> {
  const { json, again, out, to = [], keystore: file, passphraseFile, solc = [] } = options;
  const stray = OF_NEW_PATCHES.find((name) => options[name] !== undefined);
  if (stray !== undefined)
    throw usageError(`with --again nothing is sealed anew`, `leave out what ${stray} says`);
  if (to.length === 0) throw usageError("no reader is named", "name one with --to");
  if (file === undefined) throw usageError("nobody opens the bundle", "name your keystore with --keystore");
  await assertNoFiles(out);
  const named: Reader[] = [];
  for (const text of to) named.push(await readerOf(text));
  await assertRecipients(named.map(({ recipient }) => recipient));
  const sealed = await readInput(again!);
  const keystore = await readKeystore(
    file,
    await passphraseOf({ file: passphraseFile, isNew: false }, terminal),
  );
  try {
    const bundle = await decryptBundle(sealed, keystore.identity);
    const { commitment } = await withProgress("compile", json, () =>
      rebuildPatch(bundle, { compilers: solc }),
    );
    const own = { label: keystore.label, recipient: await recipientOf(keystore.identity) };
    const readers = distinct([own, ...named]);
    const recipients = readers.map(({ recipient }) => recipient);
    await writeOutput(out, await encryptBundle(bundle, recipients), false, PRIVATE);
    if (json) printJson({ bundle: out, commitment: fullHex(commitment), readers });
    else
      print(
        `${out}: the patch of ${again}, for`,
        ...readers.map((reader) => `  ${shownReader(reader)}`),
        `commitment   ${fullHex(commitment)}`,
        wrap(`Who reads ${again} goes on reading it: both hold the same. Its target is the same, too.`),
      );
  } finally {
    wipeKeystore(keystore);
  }
}
