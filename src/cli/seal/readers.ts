import { parseAuditorRegistration } from "../../audit/index.js";
import { SealpatchError } from "../../errors.js";
import { parseCouncilMember } from "../../keystore/index.js";
import { readInputText } from "../input-file.js";

/** Somebody for whom a bundle is encrypted. */
export interface Reader {
  /** As the public file calls him; none for a bare recipient. */
  readonly label: string | null;
  readonly recipient: string;
}

/**
 * Reads a reader off the command line: the public file of an auditor or of a member of the council, or an age recipient.
 * @throws SealpatchError `cli/unreadable-file`, `patch/invalid-recipient` where an identity, which is secret, was given; as
 *   `parseAuditorRegistration` and `parseCouncilMember`.
 */
export async function readerOf(text: string): Promise<Reader> {
  if (/^age1[a-z0-9]+$/.test(text)) return { label: null, recipient: text };
  if (text.includes("AGE-SECRET-KEY")) {
    throw new SealpatchError("patch/invalid-recipient", "--to has an identity, which is secret", {
      why: "it stood on the command line, where other processes read it",
      remedy: "make new keys in place of these, and give the public file that goes with them",
    });
  }
  const file = await readInputText(text);
  const { label, recipient } = /"sealpatch\.auditor\/\d+"/.test(file)
    ? parseAuditorRegistration(file)
    : parseCouncilMember(file);
  return { label, recipient };
}

/** Each reader once, however often he was named. */
export function distinct(readers: readonly Reader[]): Reader[] {
  const all = readers.map(({ recipient }) => recipient);
  return readers.filter(({ recipient }, index) => all.indexOf(recipient) === index);
}

/** A reader as output names him. */
export function shownReader({ label, recipient }: Reader): string {
  return label === null ? recipient : `${label} (${recipient})`;
}
