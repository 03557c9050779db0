import type { Provider } from "ethers";
import { newestBlock, nodeChainId, type TimelockRole } from "../chain/index.js";
import { agrees, type Check, CheckList, fails, notChecked } from "../checks.js";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import { hashBySafe, messageHashBySafe, readSafe } from "./account.js";
import type { SafeAction } from "./action.js";
import { folderOfHash, foldersOnNonce } from "./beside.js";
import { checkScheduled } from "./check-scheduled.js";
import { ownerStates } from "./collect.js";
import { actionIn, type SafeFolder, safeFiles, strangersIn, textIn } from "./folder.js";
import { nestedHashes, ownerMessage } from "./form.js";
import type { SafeKnown } from "./known.js";
import { nonceUse } from "./nonce.js";
import { safeHashes } from "./transaction.js";

/** A folder as it was looked at. */
export interface CheckedFolder {
  /** Undefined where it is not known what the transaction does. */
  readonly action: SafeAction | undefined;
  readonly checks: readonly Check[];
  /** Folders beside it with the same nonce of the same Safe: of all these transactions one is executed at most. */
  readonly sameNonce: readonly string[];
}

const ROLES: Partial<Record<SafeAction["name"], TimelockRole>> = {
  schedule: "COUNCIL",
  disclose: "COUNCIL",
  veto: "GUARDIAN",
  halt: "GUARDIAN",
};

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
  if (action !== undefined && ROLES[action.name] !== undefined)
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
  await checkOnChain(lines, folder, action, known);
  await checkSignatures(lines, folder, known.client?.provider);
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

async function checkOnChain(
  lines: CheckList,
  { request }: SafeFolder,
  action: SafeAction | undefined,
  { client }: SafeKnown,
): Promise<void> {
  const ask = (): Provider => {
    if (client === undefined) throw notChecked("needs a node");
    return client.provider;
  };
  const SAFE_LINE = "the Safe is as the folder says";
  let nonce = 0n;
  await lines.check(SAFE_LINE, async () => {
    const provider = ask();
    const chainId = await nodeChainId(provider);
    if (chainId !== request.chainId)
      throw fails(`it is for chain ${request.chainId}, the node is on ${chainId}`);
    const safe = await readSafe(provider, request.safe);
    nonce = safe.nonce;
    const shown = ({ version, owners, threshold, nested }: Omit<typeof safe, "nonce" | "chainId" | "safe">) =>
      JSON.stringify([version, [...owners].sort(), threshold, Object.entries(nested).sort()]);
    if (shown(safe) !== shown(request)) throw fails("release, owners or threshold are others now");
    return `${safe.version}, ${safe.threshold} of ${safe.owners.length}`;
  });
  await lines.check(
    "the Safe computes the same hash",
    async () =>
      agrees("hash", await hashBySafe(ask(), request.safe, request.transaction), request.hashes.safeTxHash),
    [SAFE_LINE],
  );
  for (const owner of Object.keys(request.nested))
    await lines.check(
      `owner ${owner}, a Safe, computes the same hash of its message`,
      async () =>
        agrees(
          "hash",
          await answered(messageHashBySafe(ask(), owner, ownerMessage(request))),
          nestedHashes(request, owner).safeTxHash,
        ),
      [SAFE_LINE],
    );
  await lines.check("the nonce is not used", async () => {
    const provider = ask();
    const own = request.transaction.nonce;
    if (nonce <= own)
      return nonce === own ? "it is the next one" : `${own - nonce} transactions come before it`;
    const use = await nonceUse(provider, request);
    throw fails(
      use === undefined
        ? `the Safe is at ${nonce}`
        : `used by ${use.isOwn ? `this transaction${use.hasFailed ? ", whose call failed" : ""}` : `another one${use.action === undefined ? "" : ` (${use.action.title})`}`}, ${use.transaction}`,
    );
  }, [SAFE_LINE]);
  const role = action && ROLES[action.name];
  if (role !== undefined)
    await lines.check(`the Safe holds ${role}_ROLE`, async () => {
      ask();
      if (!(await client!.holdsRole(role, request.safe)))
        throw fails("it does not: the timelock would refuse");
      return `on ${client!.address}`;
    }, [SAFE_LINE]);
  if (action?.validUntil !== undefined)
    await lines.check("its deadline is ahead", async () => {
      const { timestamp } = await newestBlock(ask());
      if (BigInt(timestamp) >= action.validUntil!) throw fails("it has passed");
      return `${action.validUntil! - BigInt(timestamp)} seconds by the chain`;
    }, [SAFE_LINE]);
}

/** What the handler of a Safe that is an owner answers: a Safe needs none, and then it signs no messages. */
function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: SealpatchError) => {
    if (error.code !== "chain/not-a-safe") throw error;
    throw notChecked("it has no handler that signs for it: it can approve on chain alone");
  });
}

async function checkSignatures(
  lines: CheckList,
  folder: SafeFolder,
  provider: Provider | undefined,
): Promise<void> {
  await lines.check("every signature is an owner's, of this transaction", async () => {
    const states = await ownerStates(folder, provider);
    const denied = states.filter((one) => one.denied !== undefined).map(({ owner }) => owner);
    if (denied.length > 0) throw fails(`the chain does not take what lies there for ${denied.join(", ")}`);
    const signed = states.filter(({ signature }) => signature !== undefined);
    const open = signed.filter(({ isChecked }) => !isChecked).map(({ owner }) => owner);
    if (open.length > 0) throw notChecked(`needs a node, for ${open.join(", ")}`);
    return `${signed.length} of the ${folder.request.threshold} that it takes`;
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
