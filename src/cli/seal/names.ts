/** The file of the target that a bundle is attested for: beside it. */
export function targetFileOf(bundle: string): string {
  return `${withoutEnd(bundle)}.target.json`;
}

/** The file of an attestation, where none is named: beside the bundle. */
export function attestationFileOf(bundle: string): string {
  return `${withoutEnd(bundle)}.attestation.json`;
}

/** The bundle of one proxy of a group. */
export function bundleFileOf(out: string, proxy: string): string {
  return `${withoutEnd(out)}.${proxy}.age`;
}

function withoutEnd(file: string): string {
  return file.replace(/\.age$/, "");
}
