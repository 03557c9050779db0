import { printable } from "../../foreign-text.js";
import { type SafeAction, type SafeFolder, type SafeHashes, safeHashes } from "../../safe/index.js";
import { print, styled, wrap } from "../../terminal/index.js";

/** Shows what a transaction does, and what devices show of it. */
export function printRequest({ request }: Pick<SafeFolder, "request">, action: SafeAction | undefined): void {
  const { chainId, safe, version, threshold, owners, transaction } = request;
  print(
    styled("bold", action?.title ?? "It is not known what this transaction does."),
    `Safe ${safe} (${version}), ${threshold} of ${owners.length} owners`,
    `chain ${chainId}, nonce ${transaction.nonce}`,
    "",
    ...(action?.words ?? ["Do not sign it."]).map((sentence) => wrap(printable(sentence))),
  );
}

/** The hashes of a folder's ten fields: what its file says of them may be anything. */
export const hashesOf = ({ request }: Pick<SafeFolder, "request">): SafeHashes =>
  safeHashes(request, request.transaction);

/** Shows the hashes that are compared with a device. */
export function printHashes({ domainHash, messageHash, safeTxHash }: SafeHashes): void {
  print("", `domain hash   ${domainHash}`, `message hash  ${messageHash}`, `Safe hash     ${safeTxHash}`);
}

/** Warns of other folders with the same nonce. */
export function printRivals(folders: readonly string[]): void {
  for (const folder of folders)
    print(
      styled(
        "yellow",
        wrap(
          `${printable(folder)} is for the same nonce: one of the two is executed at most, and signatures of both may be used`,
        ),
      ),
    );
}
