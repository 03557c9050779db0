import { readAccount } from "../../keystore/index.js";
import {
  addSignature,
  assertFolderHolds,
  checkSafeFolder,
  nestedHashes,
  ownerMessage,
  ownerStates,
  SAFE_MESSAGE,
  SAFE_TRANSACTION,
  safeDomain,
} from "../../safe/index.js";
import { print, printJson, withProgress, wrap } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { accountFile } from "../lane/account.js";
import { type AskingTerminal, passphraseOf } from "../passphrase.js";
import { type FolderOptions, type FolderPlace, keysFor, withFolder } from "./place.js";
import { printHashes, printRequest, printRivals } from "./print.js";

interface SignOptions extends FolderOptions {
  readonly account?: string;
  readonly accountPassphraseFile?: string;
  readonly for?: string;
  readonly keys?: string;
  readonly yes?: boolean;
}

/** `safe sign`. @param terminal where a person is asked, the process's own unless given. */
export async function sign(path: string, options: SignOptions, terminal?: AskingTerminal): Promise<void> {
  assertConfirmable(options, terminal);
  await withFolder(path, options, async (place) => {
    const { folder, known } = place;
    const { request } = folder;
    const file = accountFile(options, place.project);
    const manifest = await keysFor(folder, options);
    const checked = await withProgress("check", options.json, () =>
      checkSafeFolder(folder, { ...known, manifest }),
    );
    assertFolderHolds(checked);
    const hashes = options.for === undefined ? request.hashes : nestedHashes(request, options.for);
    if (!options.json) {
      printRequest(folder, checked.action);
      if (options.for !== undefined) print("", `as an owner of ${options.for}, which owns the Safe`);
      printHashes(hashes);
      const open = checked.checks.filter(({ outcome }) => outcome === "not checked");
      print(
        "",
        `${checked.checks.length - open.length} lines of safe check hold`,
        ...open.map(({ name, detail }) => wrap(`not checked: ${name}: ${detail}`)),
      );
      printRivals(checked.sameNonce);
      print("A signature cannot be taken back; safe void writes what makes it useless.");
    }
    const word = checked.action!.name;
    await confirm(`Type what it does, ${word}, to sign: `, word, options, terminal);
    const wanted = { file: options.accountPassphraseFile, isNew: false, of: "account" } as const;
    const account = await readAccount(file, await passphraseOf(wanted, terminal));
    const text =
      options.for === undefined
        ? await account.signTypedData(safeDomain(request), SAFE_TRANSACTION, request.transaction)
        : await account.signTypedData(
            safeDomain({ chainId: request.chainId, safe: options.for }),
            SAFE_MESSAGE,
            { message: ownerMessage(request) },
          );
    const { owner } = await addSignature(folder, text, { for: options.for });
    await printAdded(place, owner, text, options.json);
  });
}

/** Says whose signature there is now, and how many it takes. */
export async function printAdded(
  { folder, provider }: FolderPlace,
  owner: string,
  signature: string,
  json: boolean | undefined,
): Promise<void> {
  const { threshold } = folder.request;
  const signed = (await ownerStates(folder, provider)).filter((one) => one.signature !== undefined).length;
  if (json) printJson({ owner, signature, signed, threshold, folder: folder.folder });
  else print(`signed        by ${owner}`, `signatures    ${signed} of the ${threshold} that it takes`);
}
