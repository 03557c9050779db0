import type * as z from "zod";
import { FORGE_BUILD, HARDHAT_LINE } from "../compiler-settings.js";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { inOwnWords, zod } from "../zod.js";
import type { ContractCode } from "./contract-code.js";

const decimal = lazily(() => zod.string().regex(/^\d+$/));

const variable = lazily(() =>
  zod.object({
    label: zod.string().min(1),
    /** Byte within the slot, counted from the low end. */
    offset: zod.int().min(0).max(31),
    slot: decimal(),
    /** Key into `types`. */
    type: zod.string(),
    /** Syntax tree node of the declaration. */
    astId: zod.int().optional(),
  }),
);

const storageType = lazily(() =>
  zod.object({
    encoding: zod.enum(["inplace", "mapping", "dynamic_array", "bytes"]),
    label: zod.string().min(1),
    numberOfBytes: decimal(),
    members: zod.array(variable()).optional(),
    base: zod.string().optional(),
    key: zod.string().optional(),
    value: zod.string().optional(),
  }),
);

const storageLayout = lazily(() =>
  zod.object({
    storage: zod.array(variable()),
    types: zod.record(zod.string(), storageType()).nullable(),
  }),
);

/** A state variable or a struct member: its place, relative to the contract or the struct. */
export type StorageVariable = z.infer<ReturnType<typeof variable>>;

/** One row of the type table. */
export type StorageType = z.infer<ReturnType<typeof storageType>>;

/** solc's table of the types that the variables use, directly or inside of each other. */
export type StorageTypes = Readonly<Record<string, StorageType>>;

/**
 * Reads solc's `storageLayout` output ("Layout of State Variables in Storage", Solidity documentation).
 * @throws SealpatchError `layout/missing-storage-layout`, `layout/invalid-storage-layout`.
 */
export function parseStorageLayout(
  json: unknown,
  contractName: string,
): { storage: StorageVariable[]; types: StorageTypes } {
  if (json === undefined) {
    throw new SealpatchError(
      "layout/missing-storage-layout",
      `the artifact of ${contractName} holds no storage layout`,
      {
        details: { contract: contractName },
        why: "compilers give it only when they are asked",
        remedy:
          `Foundry: \`${FORGE_BUILD}\`. Hardhat: \`${HARDHAT_LINE}\` in the compiler's settings, and read the ` +
          'artifact with its build-info. solc: "storageLayout" in outputSelection',
      },
    );
  }
  const result = storageLayout().safeParse(json, { error: inOwnWords });
  if (result.success) return { storage: result.data.storage, types: result.data.types ?? {} };
  const [issue] = result.error.issues;
  throw new SealpatchError(
    "layout/invalid-storage-layout",
    `the storage layout of ${contractName} is not as expected`,
    {
      details: { contract: contractName, problem: `${issue?.path.join(".")}: ${issue?.message}` },
      remedy: "compile again with solc and read its output unchanged",
    },
  );
}

/** The row of a type. @throws SealpatchError `layout/invalid-storage-layout` where the table lacks it. */
export function lookUpType(types: StorageTypes, id: string): StorageType {
  const type = Object.hasOwn(types, id) ? types[id] : undefined;
  if (type === undefined) {
    throw new SealpatchError("layout/invalid-storage-layout", `the storage layout lacks the type ${id}`, {
      details: { type: id },
      remedy: "compile again with solc and read its output unchanged",
    });
  }
  return type;
}

const GAP_LABEL = /^__gap(_.*)?$/;

/**
 * Space that a later version may use: `__gap` or `__gap_...` of a type that is an array of fixed length, which no code
 * uses.
 * @throws SealpatchError `layout/missing-syntax-tree` where something is called so and no tree tells whether it is used.
 */
export function isGap(
  { label, type, astId }: StorageVariable,
  types: StorageTypes,
  code: Pick<ContractCode, "uses">,
): boolean {
  const { base, encoding } = lookUpType(types, type);
  const named = GAP_LABEL.test(label) && base !== undefined && encoding === "inplace";
  return named && astId !== undefined && !code.uses(astId);
}
