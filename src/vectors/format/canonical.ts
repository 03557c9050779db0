import { keccak256 } from "ethers";
import type { z } from "zod";
import { SealpatchError } from "../../errors.js";
import { jsonOf } from "../../file-form.js";
import { inOwnWords } from "../../zod.js";
import { assertCapacity } from "./capacity.js";
import { type Hex, type Vector, type VectorAccount, type VectorSet, vectorSetSchema } from "./schema.js";

/**
 * Reads a vector set: checks its shape, its bounds and that it does not contradict itself, and
 * brings it into canonical order (accounts by address, storage by slot, only codes that are used).
 * @param file its JSON, or its text.
 * @throws SealpatchError `vectors/malformed` with the place of the first fault, or the codes of `canonicalVectorSet`.
 */
export function parseVectorSet(file: unknown): VectorSet {
  const json = jsonOf(file, { code: "vectors/malformed", what: "a vector set" });
  const { vectors } = (json ?? {}) as { vectors?: unknown };
  if (Array.isArray(vectors)) assertCapacity(vectors.length, "baseline");
  const result = vectorSetSchema().safeDecode(json as z.input<ReturnType<typeof vectorSetSchema>>, {
    error: inOwnWords,
  });
  if (!result.success) throw malformed(result.error);
  return canonicalVectorSet(result.data);
}

/**
 * The set as plain JSON values, bigints as 0x-hex strings: the inverse of `parseVectorSet`.
 * @throws SealpatchError `vectors/malformed` where the set breaks the bounds of the format.
 */
export function vectorSetToJson(set: VectorSet): z.input<ReturnType<typeof vectorSetSchema>> {
  const result = vectorSetSchema().safeEncode(set, { error: inOwnWords });
  if (!result.success) throw malformed(result.error);
  return result.data;
}

/**
 * Joins sets in the order given.
 * @throws SealpatchError as `canonicalVectorSet` does.
 */
export function mergeVectorSets(sets: readonly VectorSet[]): VectorSet {
  return canonicalVectorSet({
    schema: "sealpatch.vectors/1",
    codes: Object.assign({}, ...sets.map((set) => set.codes)),
    vectors: sets.flatMap((set) => set.vectors),
  });
}

/**
 * A set in canonical order, if it does not contradict itself.
 * @throws SealpatchError `vectors/too-many`, `vectors/duplicate` (account, slot, block hash or name given twice), `vectors/code-missing`,
 * `vectors/code-mismatch` (a code that does not hash to its key), `vectors/contradiction`.
 */
export function canonicalVectorSet(set: VectorSet): VectorSet {
  const incidents = set.vectors.filter(({ kind }) => kind === "incident").length;
  assertCapacity(incidents, "incident");
  assertCapacity(set.vectors.length - incidents, "baseline");
  for (const [key, code] of Object.entries(set.codes)) {
    if (keccak256(code) !== key) {
      throw new SealpatchError("vectors/code-mismatch", "a code of the vector set does not hash to its key", {
        why: "the key of a code is its keccak256; the file was edited or damaged",
        remedy: "record the set again, or take it from its source",
      });
    }
  }
  const used = new Set<string>();
  const vectors = set.vectors.map((vector, index) => {
    assertConsistent(vector, vectorLabel(vector, index), set.codes);
    for (const account of vector.accounts) if (account.codeHash !== null) used.add(account.codeHash);
    return ordered(vector);
  });
  const names = set.vectors.map((vector) => vector.name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice !== -1) duplicate(vectorLabel(set.vectors[twice]!, twice), "a name that another vector has");
  return {
    schema: set.schema,
    codes: Object.fromEntries(
      Object.entries(set.codes)
        .filter(([key]) => used.has(key))
        .sort(byText),
    ),
    vectors,
  };
}

/** How messages name a vector. What an incident vector contains, its name included, is secret until disclosure. */
export function vectorLabel(vector: Pick<Vector, "kind" | "name">, index: number): string {
  return vector.kind === "incident" ? `incident vector ${index}` : `vector ${index} "${vector.name}"`;
}

function assertConsistent(vector: Vector, label: string, codes: VectorSet["codes"]): void {
  const { accounts, calls, expectation, pointer, subject } = vector;
  assertDistinct(
    label,
    "account",
    accounts.map((account) => account.address),
  );
  for (const account of accounts) {
    assertDistinct(
      label,
      "storage slot",
      account.storage.map(({ slot }) => slot),
    );
    if (account.codeHash !== null && codes[account.codeHash] === undefined) {
      throw new SealpatchError(
        "vectors/code-missing",
        `${label} names a code hash that the set has no code for`,
        {
          remedy: "add the code to the set's codes, or record the vector again",
        },
      );
    }
  }
  for (const { environment } of calls) {
    assertDistinct(
      label,
      "block hash",
      environment.blockHashes.map(({ number }) => number),
    );
    if (environment.chainId !== calls[0]!.environment.chainId) contradiction(label, "calls on two chain ids");
  }
  assertDistinct(
    label,
    "expected account",
    expectation.accounts.map(({ address }) => address),
  );
  assertDistinct(
    label,
    "expected slot",
    expectation.slots.map(({ address, slot }) => `${address} ${slot}`),
  );

  const accountAt = new Map<Hex, VectorAccount>(accounts.map((account) => [account.address, account]));
  const subjectAccount = accountAt.get(subject);
  if (subjectAccount === undefined) contradiction(label, "no pre-state of its subject");
  if (pointer === null && subjectAccount.codeHash !== null) {
    contradiction(label, "a code for its subject, which is the code under test");
  }
  if (pointer !== null) {
    if (subjectAccount.codeHash === null) contradiction(label, "no code for its subject, which is a proxy");
    const holder = accountAt.get(pointer.account);
    if (holder === undefined) contradiction(label, "no pre-state of the account that its pointer names");
    if (holder.storage.some(({ slot }) => slot === pointer.slot)) {
      contradiction(label, "a value for the pointer slot, which holds the address of the code under test");
    }
  }
  if (expectation.calls.length !== calls.length) contradiction(label, "not one expectation per call");
  if (expectation.calls.some((call) => !call.success && call.logs.length > 0)) {
    contradiction(label, "logs expected of a call that is expected to fail");
  }
  for (const { destroyed, balance, nonce, codeDigest } of expectation.accounts) {
    if (destroyed && (balance !== 0n || nonce !== 0n || codeDigest !== 0n)) {
      contradiction(label, "an account expected to be destroyed that has a balance, a nonce or code");
    }
  }
}

function assertDistinct(label: string, what: string, keys: readonly (string | bigint)[]): void {
  if (new Set(keys).size !== keys.length) duplicate(label, `one ${what} twice`);
}

function duplicate(label: string, what: string): never {
  throw new SealpatchError("vectors/duplicate", `${label} has ${what}`, {
    remedy: "keep one of the two; a vector has one meaning only",
  });
}

function contradiction(label: string, what: string): never {
  throw new SealpatchError("vectors/contradiction", `${label} has ${what}`, {
    remedy: "record the vector again, or correct it as docs/vectors.md says",
  });
}

function ordered(vector: Vector): Vector {
  const { expectation } = vector;
  return {
    ...vector,
    accounts: vector.accounts
      .map((account) => ({ ...account, storage: account.storage.toSorted(bySlot) }))
      .sort(byAddress),
    calls: vector.calls.map((call) => ({
      ...call,
      environment: {
        ...call.environment,
        blockHashes: call.environment.blockHashes.toSorted((a, b) => compare(a.number, b.number)),
      },
    })),
    expectation: {
      calls: expectation.calls,
      accounts: expectation.accounts.toSorted(byAddress),
      slots: expectation.slots.toSorted((a, b) => byAddress(a, b) || bySlot(a, b)),
    },
  };
}

/** Order of two addresses, hashes (as lower-case hex) or integers. */
export function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byAddress(a: { address: Hex }, b: { address: Hex }): number {
  return compare(a.address, b.address);
}

function bySlot(a: { slot: bigint }, b: { slot: bigint }): number {
  return compare(a.slot, b.slot);
}

function byText([a]: [string, unknown], [b]: [string, unknown]): number {
  return compare(a, b);
}

function malformed(error: z.core.$ZodError): SealpatchError {
  const issue = error.issues[0]!;
  return new SealpatchError("vectors/malformed", `the vector set is malformed at ${placeOf(issue.path)}`, {
    why: reasonOf(issue),
    remedy: "compare it with the format in docs/vectors.md",
  });
}

/** Keys of `codes` are hashes of code that may be secret: they are not repeated. */
function placeOf(path: readonly PropertyKey[]): string {
  if (path[0] === "codes") return "codes";
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return place === "" ? "the top level" : place.replace(/^\./, "");
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "a field that the format does not have";
  if (issue.code === "invalid_key") return "a key that is not a keccak256 hash";
  return issue.message;
}
