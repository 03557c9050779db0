import { onOneLine, printable } from "../../foreign-text.js";
import type { RevealedFile } from "../../lane/index.js";
import { parseDisclosure } from "../../patch/index.js";
import { fullHex, print, styled, thousands, wrap } from "../../terminal/index.js";
import { type Connection, proxyName } from "../lane/account.js";

/** Shows what becomes public, and what of it could not be checked. */
export function printPrepared(
  shown: RevealedFile & {
    readonly proxy: string;
    readonly labels: readonly string[];
    readonly connection: Connection;
  },
): void {
  const { prepared, file, proxy, labels, connection } = shown;
  const { parts, text, isPublished, checks, judged } = prepared;
  const { bundle, attestations, auditors } = parseDisclosure(text);
  const open = checks.filter(({ outcome }) => outcome !== "holds");
  const attested = attestations.map(({ publicKey }) => labels[auditors.indexOf(publicKey)]!);
  print(
    "",
    proxyName(connection, proxy),
    `  commitment   ${fullHex(parts.commitment)}`,
    `  contract     ${printable(bundle.contract)}, and all its sources`,
    `  incidents    ${bundle.incidents.vectors.length}, with what shows the bug`,
    `  file         ${file}, ${thousands(text.length)} bytes`,
    `  its hash     ${parts.bundleHash}`,
    isPublished ? "  disclosed    already, by an earlier run" : `  will be at   ${onOneLine(parts.uri)}`,
    `  checks       ${checks.length - open.length} hold`,
  );
  print(wrap(`attested by  ${attested.map(onOneLine).join(", ")}`, "  "));
  for (const { name, verdict } of judged)
    if (verdict !== "counts")
      print(styled("yellow", wrap(`left out     ${onOneLine(name)}: ${verdict}`, "  ")));
  for (const { name, detail } of open) print(styled("yellow", wrap(`not checked  ${name}: ${detail}`, "  ")));
}

/** Says what was disclosed, and what is left to do. */
export function printRevealed(revealed: readonly RevealedFile[], transactions: readonly string[]): void {
  for (const { id, transaction, file } of revealedAsJson(revealed, transactions))
    print("", `disclosed    ${id}`, `transaction  ${transaction}`, `publish      ${file}, byte for byte`);
}

/** The same for `--json`. */
export function revealedAsJson(revealed: readonly RevealedFile[], transactions: readonly string[]) {
  return revealed.map(({ prepared, file }, index) => ({
    commitment: fullHex(prepared.parts.commitment),
    id: prepared.facts.id,
    file,
    bundleHash: prepared.parts.bundleHash,
    uri: prepared.parts.uri,
    transaction: transactions[index]!,
  }));
}
