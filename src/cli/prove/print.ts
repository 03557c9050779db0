import { onOneLine } from "../../foreign-text.js";
import type { ProvenGroup } from "../../lane/index.js";
import { formatTable, fullHex, print, printJson, styled, wrap } from "../../terminal/index.js";
import { type Reader, shownReader } from "../seal/readers.js";

/** What there is to say about proving. */
interface Told {
  readonly proven: ProvenGroup;
  /** What the auditors of each patch are called, in the order of its policy. */
  readonly labels: readonly (readonly string[])[];
  readonly bundles: readonly string[];
  readonly keys: { readonly setupHash: string; readonly keyClass: string };
  readonly readers: readonly Reader[];
  readonly files: { readonly schedule: string; readonly execution: string };
}

/** Says what was proven, or who is missing; as JSON nothing of the patches but their commitments. */
export function printProven(told: Told, json: boolean | undefined): void {
  const { proven, labels, bundles, keys, readers, files } = told;
  const complete = proven.schedule !== undefined;
  const named = (patch: number, places: readonly number[]) => places.map((place) => labels[patch]![place]!);
  const patches = proven.attendance.map(({ present, missing, wanted }, index) => ({
    bundle: bundles[index]!,
    commitment: fullHex(proven.reviews[index]!.statement.commitment),
    attested: named(index, present),
    missing: named(index, missing),
    wanted,
  }));
  const attestations = proven.judged.map(({ name, verdict, auditor, patch }) => ({
    file: name,
    verdict,
    auditor: auditor === undefined ? null : labels[patch ?? 0]![auditor]!,
    bundle: patch === undefined ? null : bundles[patch]!,
  }));
  if (json) {
    printJson({
      complete,
      keys,
      resumed: proven.resumed,
      patches,
      attestations,
      ...(complete ? { ...files, readers } : {}),
    });
    return;
  }
  print(`keys         ${keys.setupHash}, class ${keys.keyClass}`);
  if (attestations.length > 0)
    print(
      "",
      formatTable(
        [
          { title: "attestation", flexible: true },
          { title: "auditor" },
          { title: "verdict" },
          { title: "bundle", flexible: true },
        ],
        attestations.map(({ file, auditor, verdict, bundle }) => [
          file,
          onOneLine(auditor ?? "-"),
          styled(verdict === "counts" ? "green" : "yellow", verdict),
          bundle ?? "-",
        ]),
      ),
    );
  for (const { bundle, commitment, attested, missing, wanted } of patches) {
    print("", `${bundle}`, `commitment   ${commitment}`);
    print(wrap(`attested by  ${attested.map(onOneLine).join(", ") || "nobody"}`));
    if (wanted > 0)
      print(styled("yellow", wrap(`missing      ${wanted} more, of: ${missing.map(onOneLine).join(", ")}`)));
  }
  print("");
  if (!complete) {
    print(wrap("The proofs of the code are made and kept. Prove again, with more attestations, to go on."));
    return;
  }
  print(
    `${files.schedule}: for the council; public once it is scheduled`,
    `${files.execution}: the patch itself, for`,
    ...readers.map((reader) => `  ${shownReader(reader)}`),
  );
}
