import { AbiCoder, getAddress, isAddress } from "ethers";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, word } from "../schemas.js";
import { zod } from "../zod.js";
import { MAX_OWNERS, SAFE_VERSIONS, type SafeOwners } from "./account.js";
import {
  placeMembers,
  SAFE_FORM,
  type SafeHashes,
  type SafePlace,
  type SafeTransaction,
  safeHashes,
  safeMessageHashes,
  safePreimage,
  transactionMembers,
} from "./transaction.js";

const owners = lazily(() =>
  zod.strictObject({
    version: zod.enum(SAFE_VERSIONS),
    owners: zod.array(address()).min(1).max(MAX_OWNERS),
    threshold: zod.int().min(1).max(MAX_OWNERS),
  }),
);

const hashes = lazily(() =>
  zod.strictObject({ domainHash: word(), messageHash: word(), safeTxHash: word() }),
);

/** As every Safe has them. */
const areOwners = (one: SafeOwners): boolean =>
  new Set(one.owners).size === one.owners.length && one.threshold <= one.owners.length;
const OWNERS_FAULT = "owners are distinct, and the threshold is at most their number";

const fields = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.safe-transaction/1"),
    ...placeMembers().shape,
    ...owners().shape,
    /** Owners that are Safes themselves. */
    nested: zod.record(address(), owners().refine(areOwners, OWNERS_FAULT)),
    transaction: transactionMembers(),
    hashes: hashes(),
  }),
);

const schema = lazily(() =>
  fields()
    .refine(areOwners, OWNERS_FAULT)
    .refine(({ owners, nested }) => Object.keys(nested).every((one) => owners.includes(one)), {
      message: "what is nested is an owner",
      path: ["nested"],
    }),
);

/** A transaction that the owners of a Safe are to sign, with what a node said of the Safe when it was made. */
export interface SafeRequest extends SafePlace, SafeOwners {
  readonly nested: Readonly<Record<string, SafeOwners>>;
  readonly transaction: SafeTransaction;
  /** As the file has them; whether they are those of the transaction is what `checkSafeFolder` compares. */
  readonly hashes: SafeHashes;
}

/** Reads `safe-tx.json`. @throws SealpatchError `safe/malformed-transaction`. */
export function parseSafeRequest(file: unknown): SafeRequest {
  const { schema: _, ...request } = parseForm(schema(), file, SAFE_FORM);
  return request;
}

/** The JSON form of a request. @throws SealpatchError `safe/malformed-transaction`. */
export function safeRequestToJson(request: SafeRequest): z.input<ReturnType<typeof schema>> {
  const { chainId, safe, version, owners, threshold, nested, transaction, hashes } = request;
  const plain = { chainId, safe, version, owners: [...owners], threshold, transaction, hashes };
  return formToJson(
    schema(),
    {
      schema: "sealpatch.safe-transaction/1",
      ...plain,
      nested: Object.fromEntries(
        Object.entries(nested).map(([owner, one]) => [owner, { ...one, owners: [...one.owners] }]),
      ),
    },
    SAFE_FORM,
  );
}

/** A request for a transaction of a Safe. */
export function safeRequest(
  account: SafePlace & SafeOwners & Pick<SafeRequest, "nested">,
  transaction: SafeTransaction,
): SafeRequest {
  const { chainId, safe, version, owners, threshold, nested } = account;
  const plain = { ...transaction, data: transaction.data.toLowerCase() };
  const hashes = safeHashes({ chainId, safe }, plain);
  return { chainId, safe, version, owners, threshold, nested, transaction: plain, hashes };
}

/**
 * The message that an owner signs, where that owner is a Safe: before 1.5.0 a Safe shows its owners what is hashed to `safeTxHash`,
 * since then the hash itself (`checkNSignatures` of the releases).
 */
export function ownerMessage({ version, transaction, ...place }: SafeRequest): string {
  const own = safeHashes(place, transaction);
  return version === "1.5.0"
    ? AbiCoder.defaultAbiCoder().encode(["bytes32"], [own.safeTxHash])
    : safePreimage(own);
}

/**
 * The hashes that the owners of an owner sign.
 * @param owner address of an owner that is a Safe.
 * @throws SealpatchError `safe/not-a-nested-safe`.
 */
export function nestedHashes(request: SafeRequest, owner: string): SafeHashes {
  nestedOwners(request, owner);
  return safeMessageHashes({ chainId: request.chainId, safe: owner }, ownerMessage(request));
}

/** @throws SealpatchError `safe/not-a-nested-safe`. */
export function nestedOwners({ nested }: SafeRequest, owner: string): SafeOwners {
  const found = isAddress(owner) ? nested[getAddress(owner)] : undefined;
  if (found !== undefined) return found;
  throw new SealpatchError("safe/not-a-nested-safe", `${owner} is no owner that is a Safe itself`, {
    details: { owner, nested: Object.keys(nested).join(", ") },
    remedy: "name an owner of the Safe that is a Safe",
  });
}
