import { TAGS } from "../../../src/field/index.js";
import type { CircuitInput } from "../../../src/proof/index.js";
import { attestedMessage, auditors } from "./auditors.js";
import { hash, sponge } from "./hashing.js";
import { type LayoutValues, layoutPreserved } from "./layout.js";
import { column, Scope, single } from "./scope.js";
import { baselineVectors, incidentVectors, report } from "./vectors.js";

export { type LayoutValues, layoutChallenge } from "./layout.js";

// Whatever the circuits compute, computed a second time: from the inputs of the main component, bits or not, after the
// text of the protocol (protocol.md sections 4 to 8). A circuit that hashes less than it should, weighs marks otherwise or takes a
// neighbour's place accepts true statements all the same; its signals differ from these.

/** What `attest` compares with its public signals, and every signal by its full name. */
export interface AttestReference {
  readonly vectorRoot: bigint;
  readonly commitment: bigint;
  readonly message: bigint;
  readonly reportDigest: bigint;
  readonly layout: LayoutValues;
  readonly signals: ReadonlyMap<string, bigint>;
}

/**
 * The signals of an `attest` circuit of any size, save the insides of circomlib's templates.
 * @param input all input signals; marks need be no bits.
 */
export function attestReference(input: CircuitInput): AttestReference {
  const signals = new Map<string, bigint>();
  const main = new Scope("main", signals);
  const results = baselineVectors(main.in("results"), input);
  const incident = incidentVectors(main.in("incident"), input);
  const reportDigest = report(
    main.in("report"),
    results.outcomes,
    incident.outcomes,
    single(input, "currentCode"),
  );
  const layout = layoutPreserved(main.in("layout"), input);
  const commitment = patchCommitment(main.in("opening"), {
    codeDigest: single(input, "codeDigest"),
    layoutRoot: layout.newRoot,
    incidentRoot: incident.root,
    callDigest: single(input, "callDigest"),
    salt: single(input, "salt"),
  });
  const message = attestedMessage(main.in("message"), input, single(input, "commitment"), reportDigest);
  auditors(main.in("auditors"), input, message);
  return { vectorRoot: results.root, commitment, message, reportDigest, layout, signals };
}

/** The signals of a `bind` circuit of any size, save the insides of circomlib's templates. */
export function bindReference(input: CircuitInput): ReadonlyMap<string, bigint> {
  const signals = new Map<string, bigint>();
  const main = new Scope("main", signals);
  const [length, chunks] = [single(input, "length"), column(input, "chunks")];
  sponge(main.in("code"), TAGS.code, [length, ...chunks]);
  const call = main.in("call");
  const parts = ["account", "migrationDigest", "executionDigest"].map((name) => single(input, name));
  const callDigest = call.set("out", hash(call.in("hash"), TAGS.call, ...parts));
  patchCommitment(main.in("opening"), {
    codeDigest: single(input, "codeDigest"),
    layoutRoot: single(input, "layoutRoot"),
    incidentRoot: single(input, "incidentRoot"),
    callDigest,
    salt: single(input, "salt"),
  });
  codePolynomial(main.in("polynomial"), length, chunks, single(input, "point"));
  return signals;
}

function patchCommitment(
  at: Scope,
  parts: Record<"codeDigest" | "layoutRoot" | "incidentRoot" | "callDigest" | "salt", bigint>,
): bigint {
  const { codeDigest, layoutRoot, incidentRoot, callDigest, salt } = parts;
  const content = hash(at.in("content"), codeDigest, layoutRoot, incidentRoot, callDigest);
  return at.set("out", hash(at.in("commitment"), TAGS.patch, content, salt));
}

function codePolynomial(at: Scope, length: bigint, chunks: readonly bigint[], point: bigint): void {
  // Horner's rule from the last chunk to the first.
  let value = 0n;
  for (let i = chunks.length - 1; i >= 0; i--) value = at.set(`partial[${i}]`, value * point + chunks[i]!);
  at.set("out", value * point + length);
}
