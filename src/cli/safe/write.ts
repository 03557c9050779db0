import { VoidSigner } from "ethers";
import type { ContractCall, TimelockClient } from "../../chain/index.js";
import type { ScheduleMember } from "../../lane/index.js";
import {
  actionOf,
  foldersOnNonce,
  plainCall,
  readSafe,
  type SafeAccount,
  type SafeFolder,
  safeRequest,
  writeSafeFolder,
} from "../../safe/index.js";
import { print, printJson, styled, wrap } from "../../terminal/index.js";
import type { Connection } from "../lane/account.js";
import { checkAddress, usageError } from "../options.js";
import { nonceFor, type SafeOptions } from "./options.js";
import { printHashes, printRequest, printRivals } from "./print.js";

/** The Safe that a command line means. */
export interface ChosenSafe {
  readonly account: SafeAccount;
  /** The timelock, tried as the Safe. */
  readonly timelock: TimelockClient;
}

/**
 * The Safe that sends: the one that is named, else the only holder of the role in the configuration.
 * @throws SealpatchError `cli/usage`, as `readSafe`.
 */
export async function chosenSafe(
  { safe }: SafeOptions,
  role: "council" | "guardians",
  { project, chain, provider }: Connection,
  reader: TimelockClient,
): Promise<ChosenSafe> {
  const holders = project.configuration.chains[chain]!.roles?.[role] ?? [];
  const address =
    typeof safe === "string" ? checkAddress(safe) : holders.length === 1 ? holders[0] : undefined;
  if (address === undefined)
    throw usageError(
      `the configuration does not name one holder of the role alone (chains.${chain}.roles.${role})`,
      "give the Safe's address with --safe",
    );
  const account = await readSafe(provider, address);
  return { account, timelock: reader.as(new VoidSigner(account.safe, provider)) };
}

/** Calls that a Safe is to make, one transaction each. */
export interface SafeCalls {
  readonly calls: readonly ContractCall[];
  /** What is scheduled; of calls that schedule. */
  readonly schedule?: readonly ScheduleMember[] | undefined;
}

/**
 * Writes a folder for each call, with nonces from the Safe's next one on, and says what to do with them.
 * @param more of the JSON object.
 * @throws SealpatchError `cli/usage`, and as `writeSafeFolder`.
 */
export async function writeForSafe(
  account: SafeAccount,
  { calls, schedule }: SafeCalls,
  options: SafeOptions & { readonly json?: boolean },
  more: object = {},
): Promise<void> {
  const first = nonceFor(account, options.safeNonce);
  const written: { folder: SafeFolder; isNew: boolean; rivals: string[] }[] = [];
  for (const [index, { target, data }] of calls.entries()) {
    const transaction = plainCall({ to: target, data, nonce: first + BigInt(index) });
    const request = safeRequest(account, transaction);
    const action = await actionOf(account, request.transaction);
    const path = folderName(
      options,
      { index, count: calls.length },
      action?.name ?? "call",
      transaction.nonce,
    );
    const isNew = await writeSafeFolder(path, { request, schedule });
    const folder = { folder: path, request, schedule };
    const rivals = await foldersOnNonce(folder);
    written.push({ folder, isNew, rivals });
    if (options.json) continue;
    if (index > 0) print("");
    printRequest(folder, action);
    printHashes(request.hashes);
    printWritten({ folder, isNew, rivals }, account);
  }
  if (options.json)
    printJson({
      ...more,
      folders: written.map(({ folder: { folder, request }, isNew, rivals }) => ({
        folder,
        isNew,
        safe: request.safe,
        chainId: request.chainId,
        nonce: request.transaction.nonce,
        ...request.hashes,
        sameNonce: rivals,
      })),
    });
}

function folderName(
  { safeOut }: SafeOptions,
  { index, count }: { readonly index: number; readonly count: number },
  action: string,
  nonce: bigint,
): string {
  if (safeOut === undefined) return `safe-${action}-${nonce}`;
  return count === 1 ? safeOut : `${safeOut}-${index + 1}`;
}

/** Says where a folder lies, what stands in its way, and who does what with it. */
export function printWritten(
  { folder, isNew, rivals }: { folder: SafeFolder; isNew: boolean; rivals: readonly string[] },
  { nonce, threshold }: Pick<SafeAccount, "nonce" | "threshold">,
): void {
  const { folder: path, request } = folder;
  const ahead = request.transaction.nonce - nonce;
  print("", `${isNew ? "written" : "is there"}       ${path}`);
  if (ahead > 0n) print(styled("yellow", wrap(`${ahead} transactions of the Safe have to come before it`)));
  printRivals(rivals);
  print(
    wrap(
      `Each owner checks it (sealpatch safe check ${path}) and signs; with ${threshold} signatures anybody sends it (sealpatch safe send ${path}).`,
    ),
  );
}
