import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACCEPT_CASES } from "./accept-cases.js";
import { FALSE_ATTEST_STATEMENTS } from "./false-statements.js";

/**
 * What sections 5 to 7 of the protocol say of the attest circuit, sentence by sentence, each with the false statements
 * that deny it. Left out is what the circuit has no part in: how vectors run, how layouts are written down, who signs when.
 */
const SENTENCES: readonly [section: number, sentence: string, deniedBy: readonly string[]][] = [
  [
    5,
    "A vector's leaf covers its input, its expectation and the digest of its run record",
    [
      "input of a vector changed",
      "expectation bent to the outcome",
      "run record of a vector changed",
      "run record of a vector left out",
      "incident input that is not inside C",
      "incident expectation that is not inside C",
      "incident run record that is not inside C",
    ],
  ],
  [
    5,
    "The report has, in leaf order, the outcome of each baseline vector on the patch",
    [
      "outcome changed after the auditors signed",
      "outcomes of two waived vectors swapped after the auditors signed",
      "signature over another report",
    ],
  ],
  [5, "and of each incident vector on the live code", ["outcome on the current code that nobody signed"]],
  [5, "it names the live code by its hash", ["current implementation that nobody signed"]],
  [5, "There is a baseline vector", ["no baseline vector"]],
  [
    5,
    "all pass on the patch save at most `maxWaivers`",
    [
      "failing vector beyond the waivers",
      "failing vector where nothing is waived",
      "only vector fails where nothing is waived",
      "last vector of a full set fails beyond the waivers",
      "waivers of 2^(depth + 1)",
      "waivers of p - 1",
      "failing vector dropped",
    ],
  ],
  [5, "There is an incident vector.", ["no incident vector"]],
  [
    5,
    "The live code fails each",
    [
      "incident vector that the current code survives",
      "second incident vector that the current code survives",
    ],
  ],
  // Its outcome on the patch is no input: the expectation stands for it, in C and in the report.
  [5, "the patch passes each", ["incident expectation that is not inside C"]],
  [
    5,
    "none has the input of a baseline vector",
    [
      "incident input that is a baseline input",
      "incident input that is baseline input 0 of a full set",
      "incident input that is baseline input 1 of a full set",
      "incident input that is baseline input 3 of a full set",
      "last incident input of a full set that is a baseline input",
    ],
  ],
  [
    6,
    "An entry is its position",
    [
      "variable moved to another slot",
      "variable moved within its slot",
      "variable moved to another stretch",
      "position limb of p - 32, an entry that begins in the stretch before",
      "first entry in stretch p - 1",
      "last stretch of 2^216",
    ],
  ],
  [
    6,
    "its size in bytes (at least 1)",
    [
      "variable resized",
      "empty entry",
      "entry of 2^40 + 1 bytes",
      "entry that ends one byte after its stretch",
    ],
  ],
  [6, "a digest of its type with everything inside", ["variable retyped"]],
  [6, "and a digest of its label", ["variable renamed"]],
  [
    6,
    "Gaps are flagged.",
    [
      "old variable re-read as a gap",
      "old gap re-read as a variable",
      "old gap mark of 2",
      "new gap mark of 2 that C covers",
      "variable turned into a gap",
    ],
  ],
  [
    6,
    "both lists hash to their roots",
    [
      "layout root of another contract",
      "old variable left out",
      "new variable that is not the one inside C",
      "new mark of p - 1 that C covers",
      "hole in the new marks that C covers",
    ],
  ],
  [6, "the new one is sorted", ["entries out of order", "stretches out of order"]],
  [
    6,
    "nothing in it overlaps",
    [
      "variable that overlaps a kept one",
      "variable that overlaps a kept one from before",
      "last entry of a full list that overlaps the one before",
      "kept variable listed twice",
    ],
  ],
  [
    6,
    "every old entry that is no gap stands in it unchanged",
    [
      "first variable deleted",
      "last variable deleted",
      "all variables deleted",
      "last old variable of a full list dropped",
      "last new variable of a full list renamed",
      "two old variables at one place, one kept and one changed into it",
      "old change marks solved for after the challenge, and a variable retyped",
      "kept marks solved for after the challenge, and a variable retyped",
    ],
  ],
  [
    6,
    "a name or type may change in place where the new declaration says so",
    [
      "new name without a declaration",
      "new type without a declaration",
      "new name that tells another former name",
      "new type that tells another former type",
      "former name that only the old declaration tells",
      "new declared mark of 2, and former name and type that were none",
      "changed variable moved along with its change",
      "changed variable resized",
      "last change of a full list to another type, undeclared",
      "new change marks solved for after the challenge, and a variable retyped under another's declaration",
    ],
  ],
  [
    6,
    "Everything new therefore lies in space that was free or gap",
    ["variable that overlaps a kept one", "variable that overlaps a kept one from before"],
  ],
  [
    7,
    "Public signals, in this order: C, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot.",
    [
      "commitment to another patch",
      "commitment and targets root swapped",
      "auditor root of another set",
      "vector root of another set",
      "layout root of another contract",
      "targets that nobody attested to",
    ],
  ],
  [
    7,
    "its maker knows an opening of C",
    [
      "code digest that is not inside C",
      "migration call that is not inside C",
      "salt that is not inside C",
      "incident input that is not inside C",
      "new variable that is not the one inside C",
    ],
  ],
  [
    7,
    "at least `threshold` (1 to 8)",
    [
      "no attestation",
      "one attestation where two are needed",
      "two attestations where three are needed",
      "threshold of 0",
      "threshold of p - 1",
    ],
  ],
  [
    7,
    "different auditors of the set signed",
    ["auditor outside the set", "key that is not the registered one", "same auditor twice"],
  ],
  [
    7,
    "M = H_5(tag, C, targetsRoot, vectorRoot, reportDigest)",
    [
      "signatures over a message of another tag",
      "signature over another patch",
      "signature over another target",
      "signature over another vector set",
      "signature over another report",
    ],
  ],
  [
    7,
    "with EdDSA-Poseidon",
    ["scalar plus the group order", "signature of zeros", "nonce point off the curve"],
  ],
  [7, "used places come first", ["hole in the signer marks", "padding signer marked as used"]],
  [
    7,
    "the leaf indices strictly increase",
    [
      "same auditor twice",
      "auditors out of order",
      "last auditors of a full list out of order",
      "index of 2^depth",
    ],
  ],
  [
    7,
    "8A of their keys is pairwise different",
    [
      "one key at two places of the set",
      "one key at two places of the set, with another between them",
      "one key at the last two places of the signers",
    ],
  ],
  [
    7,
    "A and A + T, T of order 2, 4 or 8, are one auditor",
    [2, 4, 8].map((order) => `one key, and it with a point of order ${order}`),
  ],
  // Of the circuit's: a key off the curve. That a set has no key twice is the business of registration.
  [7, "none off the curve", ["registered key off the curve"]],
];

const sections = readFileSync("docs/protocol.md", "utf8")
  .split(/^## /m)
  .map((text) => text.replaceAll(/\s+/g, " "));
const lies = new Set(FALSE_ATTEST_STATEMENTS.map(({ name }) => name));

describe("sections 5 to 7 of the protocol", () => {
  it.each(SENTENCES)("section %i, %s: has its false statements", (section, sentence, deniedBy) => {
    const text = sections.find((one) => one.startsWith(`${section}. `));
    expect(text).toContain(sentence);
    expect(deniedBy.length).toBeGreaterThan(0);
    expect(deniedBy.filter((name) => !lies.has(name))).toEqual([]);
  });

  it("T09: section 7, A and -A are two: has its true statement", () => {
    expect(sections.find((one) => one.startsWith("7. "))).toContain("A and -A are two");
    const accepted = ACCEPT_CASES["attest-small"].map(({ name }) => name);
    expect(accepted).toContain("T09: a key and its negative as two auditors");
  });
});
