import { agrees, type Check, CheckList, fails, notChecked } from "../checks.js";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import type { SafeAction } from "./action.js";
import { folderOfHash, foldersOnNonce } from "./beside.js";
import { askChain, begun, checkOnChain, roleOf } from "./check-on-chain.js";
import { checkScheduled } from "./check-scheduled.js";
import { type OwnerState, ownerStates } from "./collect.js";
import { actionIn, type SafeFolder, safeFiles, strangersIn, textIn } from "./folder.js";
import type { SafeKnown } from "./known.js";
import { safeHashes } from "./transaction.js";

/** A folder as it was looked at. */
export interface CheckedFolder {
  /** Undefined where it is not known what the transaction does. */
  readonly action: SafeAction | undefined;
  readonly checks: readonly Check[];
  /** Folders beside it with the same nonce of the same Safe: of all these transactions one is executed at most. */
  readonly sameNonce: readonly string[];
}

const KNOWN = "the calldata is a call that is known";
const HASHES = "the hashes are those of the ten fields";

/**
 * Computes again all that a folder says: hashes, every file, what the calldata does, and the public signals of what is scheduled; then
 * compares it with what is given, be it policy, bundle or a node.
 * @throws SealpatchError as `readSafeFolder` of the files that it is made of; what does not hold is a line.
 * @example
 * ```ts
 * const { action, checks } = await checkSafeFolder(await readSafeFolder("safe-halt-7"), { client: timelock });
 * console.log(action?.title, checks.every(({ outcome }) => outcome === "holds"));
 * ```
 */
export async function checkSafeFolder(folder: SafeFolder, known: SafeKnown = {}): Promise<CheckedFolder> {
  const { request } = folder;
  const { action } = await actionIn(folder);
  // A node takes its time, and so does the proof.
  const answers = known.client && askChain(known.client, request, action);
  const states = begun(ownerStates(folder, known.client?.provider));
  const lines = new CheckList();
  await lines.check(HASHES, () => {
    const own = safeHashes(request, request.transaction);
    agrees("domain hash", request.hashes.domainHash, own.domainHash);
    agrees("message hash", request.hashes.messageHash, own.messageHash);
    return `${agrees("Safe transaction hash", request.hashes.safeTxHash, own.safeTxHash)}: ${own.safeTxHash}`;
  });
  await lines.check("it pays nobody, sends no wei and runs no foreign code", () => {
    const { operation, value, gasPrice, safeTxGas, baseGas, gasToken, refundReceiver } = request.transaction;
    if (operation !== 0) throw fails("operation is 1: foreign code would run as the Safe itself");
    if (value !== 0n) throw fails(`it sends ${value} wei`);
    const isPaid = gasPrice + safeTxGas + baseGas + BigInt(gasToken) + BigInt(refundReceiver) !== 0n;
    if (isPaid) throw fails("the Safe would pay whoever brings it");
    return "operation, value and the five fields of refunds are 0";
  });
  await lines.check(KNOWN, () => {
    if (action !== undefined) return action.title;
    throw fails("it is none of the calls that are made here, or has more bytes than its decoding");
  });
  await checkFiles(lines, folder);
  await checkStrangers(lines, folder);
  if (action?.name === "schedule") await checkScheduled(lines, folder, known);
  if (roleOf(action) !== undefined)
    await lines.check("the call goes to the protocol's timelock", () => {
      const { timelock } = known;
      if (timelock === undefined) throw notChecked("needs to be told the protocol's timelock");
      if (timelock.chainId !== request.chainId)
        throw fails(`it is for chain ${request.chainId}, the timelock is on ${timelock.chainId}`);
      if (BigInt(timelock.address) !== BigInt(request.transaction.to))
        throw fails(`it goes to ${request.transaction.to}, the timelock is ${timelock.address}`);
      return timelock.address;
    });
  if (action?.name === "approveHash")
    await lines.check("the approved hash is that of a folder", async () => {
      const hash = String(action.values.hashToApprove);
      const path = await folderOfHash(folder.folder, hash);
      if (path !== undefined) return `it is that of ${quoted(path)}: check that one, too`;
      throw notChecked("needs the folder of the approved transaction beside this one");
    });
  await checkOnChain(lines, folder, action, answers);
  await checkSignatures(lines, folder, states);
  return { action, checks: lines.checks, sameNonce: await foldersOnNonce(folder) };
}

async function checkFiles(lines: CheckList, folder: SafeFolder): Promise<void> {
  for (const [name, text] of Object.entries(await safeFiles(folder)))
    await lines.check(`${name} is made of the transaction`, async () => {
      const there = await textIn(folder.folder, name);
      if (there === undefined) throw fails("it is not there");
      if (there !== text) throw fails("it says something else, or says it otherwise");
      return "byte for byte";
    }, [HASHES]);
}

/** An owner signs what lies in the folder, be it made of this transaction or of another one. */
async function checkStrangers(lines: CheckList, folder: SafeFolder): Promise<void> {
  await lines.check("nothing else lies in the folder", async () => {
    const strangers = await strangersIn(folder);
    if (strangers.length > 0) throw fails(`not made of the transaction: ${strangers.map(quoted).join(", ")}`);
    return "its own files and signatures";
  });
}

async function checkSignatures(
  lines: CheckList,
  { request }: SafeFolder,
  found: Promise<readonly OwnerState[]>,
): Promise<void> {
  await lines.check("every signature is an owner's, of this transaction", async () => {
    const states = await found;
    const denied = states.filter((one) => one.denied !== undefined).map(({ owner }) => owner);
    if (denied.length > 0) throw fails(`the chain does not take what lies there for ${denied.join(", ")}`);
    const signed = states.filter(({ signature }) => signature !== undefined);
    const open = signed.filter(({ isChecked }) => !isChecked).map(({ owner }) => owner);
    if (open.length > 0) throw notChecked(`needs a node, for ${open.join(", ")}`);
    return `${signed.length} of the ${request.threshold} that it takes`;
  });
}

/** @throws SealpatchError `safe/not-checked` where a line of a folder fails. */
export function assertFolderHolds({ checks }: CheckedFolder): void {
  const failed = checks.find(({ outcome }) => outcome === "fails");
  if (failed === undefined) return;
  throw new SealpatchError("safe/not-checked", `${failed.name}: that does not hold`, {
    details: { check: failed.name, detail: failed.detail },
    why: failed.detail,
    remedy: "look at all of it with `safe check`, and take nothing of the folder for granted",
  });
}
