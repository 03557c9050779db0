import { printable } from "../../foreign-text.js";
import type { SafeAction, SafeFolder, SafeHashes } from "../../safe/index.js";
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
          `${folder} is for the same nonce: one of the two is executed at most, and signatures of both may be used`,
        ),
      ),
    );
}
