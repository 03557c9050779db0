import { SealpatchError } from "../errors.js";

/**
 * A domain tag as an integer: the ASCII name, at most 31 characters, read big-endian.
 * @throws SealpatchError `field/malformed-tag`.
 */
export function tag(name: string): bigint {
  if (typeof name !== "string" || !/^[\x21-\x7e]{1,31}$/.test(name)) {
    throw new SealpatchError("field/malformed-tag", "a domain tag has 1 to 31 printable ASCII characters");
  }
  // Without Buffer: pages in browsers hash, too.
  return [...name].reduce((number, letter) => (number << 8n) | BigInt(letter.charCodeAt(0)), 0n);
}

/** Every domain tag of the protocol. One tag, one kind of digest: no two kinds can collide. */
export const TAGS = {
  code: tag("sealpatch.code"),
  layout: tag("sealpatch.layout"),
  layoutEntry: tag("sealpatch.layout.entry"),
  layoutGap: tag("sealpatch.layout.gap"),
  layoutType: tag("sealpatch.layout.type"),
  layoutLabel: tag("sealpatch.layout.label"),
  layoutRegion: tag("sealpatch.layout.region"),
  layoutChanged: tag("sealpatch.layout.changed"),
  layoutChanges: tag("sealpatch.layout.changes"),
  layoutChallenge: tag("sealpatch.layout.challenge"),
  vector: tag("sealpatch.vector"),
  vectorInput: tag("sealpatch.vector.input"),
  vectorOutcome: tag("sealpatch.vector.outcome"),
  report: tag("sealpatch.report"),
  reportBaseline: tag("sealpatch.report.baseline"),
  reportIncident: tag("sealpatch.report.incident"),
  auditor: tag("sealpatch.auditor"),
  attestation: tag("sealpatch.attestation"),
  registration: tag("sealpatch.registration"),
  patch: tag("sealpatch.patch"),
  call: tag("sealpatch.call"),
  bindPoint: tag("sealpatch.bind.point"),
} as const;
