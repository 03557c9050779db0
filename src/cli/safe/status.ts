import {
  actionOf,
  foldersOnNonce,
  type OwnerState,
  ownerStates,
  type SafeAction,
  type SafeFolder,
  type SafeProgress,
  safeProgress,
} from "../../safe/index.js";
import { formatTable, print, printJson, styled, wrap } from "../../terminal/index.js";
import { shownTime } from "../lane/account.js";
import { nextFolder } from "./followers.js";
import { type FolderOptions, withFolder } from "./place.js";
import { hashesOf, printRequest, printRivals } from "./print.js";

/** `safe status`. */
export async function status(path: string, options: FolderOptions): Promise<void> {
  await withFolder(path, options, async ({ folder, provider }) => {
    const { request } = folder;
    const action = await actionOf(request, request.transaction);
    const owners = await ownerStates(folder, provider);
    const progress = provider === undefined ? undefined : await safeProgress(provider, folder);
    const rivals = await foldersOnNonce(folder);
    const next = isVoid(progress, action) ? await nextFolder(provider!, folder) : undefined;
    const shown = { folder, action, owners, progress, rivals, next };
    if (options.json) printJson(asJson(shown));
    else printStatus(shown);
  });
}

/** Whether another transaction is known to have used the nonce, and the call is still to be made: then it is to be signed anew. */
export function isVoid(progress: SafeProgress | undefined, action: SafeAction | undefined): boolean {
  // Of a nonce whose use nobody shows, the signatures may be good still, or have done their work.
  return progress?.use?.isOwn === false && action !== undefined && action.name !== "void";
}

interface Shown {
  readonly folder: SafeFolder;
  readonly action: SafeAction | undefined;
  readonly owners: readonly OwnerState[];
  readonly progress: SafeProgress | undefined;
  readonly rivals: readonly string[];
  readonly next: string | undefined;
}

function asJson({ folder, action, owners, progress, rivals, next }: Shown) {
  const { request } = folder;
  return {
    folder: folder.folder,
    action: action?.name ?? null,
    safe: request.safe,
    chainId: request.chainId,
    nonce: request.transaction.nonce,
    safeTxHash: hashesOf(folder).safeTxHash,
    threshold: request.threshold,
    signed: owners.filter(({ signature }) => signature !== undefined).length,
    owners: owners.map(({ owner, signature, isChecked, nested }) => ({
      owner,
      kind: signature?.kind ?? null,
      isChecked,
      ...(nested === undefined ? {} : { nested }),
    })),
    validUntil: action?.validUntil ?? null,
    safeNonce: progress?.nonce ?? null,
    usedBy:
      progress?.use === undefined ? null : { ...progress.use, action: progress.use.action?.name ?? null },
    sameNonce: rivals,
    next: next ?? null,
  };
}

function printStatus(shown: Shown): void {
  const { folder, action, owners, progress, rivals, next } = shown;
  const { threshold, transaction } = folder.request;
  printRequest(folder, action);
  print(
    "",
    formatTable(
      [
        { title: "owner", flexible: true },
        { title: "signature", wraps: true },
      ],
      owners.map(ownerRow),
    ),
  );
  const signed = owners.filter(({ signature }) => signature !== undefined).length;
  print("", `signatures    ${signed} of the ${threshold} that it takes`);
  printRivals(rivals);
  if (progress === undefined) print("nonce         not looked at: it needs a node");
  else print(...nonceLines(shown, progress));
  if (next !== undefined) {
    print(`new folder    ${next}`, "Its owners sign that one; the signatures of this one are void.");
  } else if (progress?.use?.isOwn !== true) {
    const until = action?.validUntil === undefined ? "" : `, or until ${shownTime(action.validUntil)}`;
    print(
      wrap(
        `The signatures can be used by anybody who has enough of them while the Safe's nonce is not above ${transaction.nonce}${until}. To make them useless: sealpatch safe void ${folder.folder}`,
      ),
    );
  }
}

function ownerRow({ owner, signature, isChecked, nested }: OwnerState): string[] {
  const within =
    nested === undefined ? "" : `, a Safe: ${nested.signed.length} of ${nested.threshold} of its owners`;
  if (signature === undefined) return [owner, styled("yellow", `missing${within}`)];
  const kind = `${signature.kind}${isChecked ? "" : ", not checked: it needs a node"}${within}`;
  return [owner, styled(isChecked ? "green" : "yellow", kind)];
}

function nonceLines({ folder }: Shown, { nonce, use }: SafeProgress): string[] {
  const own = folder.request.transaction.nonce;
  if (nonce === own) return [`nonce         ${own} is the Safe's next one`];
  if (nonce < own) return [`nonce         ${own}; the Safe is at ${nonce}: ${own - nonce} come before it`];
  if (use === undefined)
    return [
      `nonce         ${own} is used, the Safe is at ${nonce}; the node does not show by which transaction`,
      wrap(
        "It may have been this one: ask a node that has all logs of the Safe, before anything is signed anew.",
      ),
    ];
  const executed = use.hasFailed
    ? styled("red", `failed        in block ${use.block}: its call was tried, and the nonce is used`)
    : styled("green", `executed      in block ${use.block}`);
  return use.isOwn
    ? [executed, `transaction   ${use.transaction}`]
    : [
        styled("red", `nonce         ${own} was used by another transaction: the signatures are void`),
        `transaction   ${use.transaction}`,
        `which did     ${use.action?.title ?? "something that is not known here"}`,
      ];
}
