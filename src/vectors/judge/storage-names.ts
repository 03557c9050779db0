import { hexlify, keccak256, toUtf8String } from "ethers";
import type { z } from "zod";
import { bytesToBigInt } from "../../field/index.js";
import { lazily } from "../../lazily.js";
import { zod } from "../../zod.js";
import type { ExecutionStep } from "../run/index.js";

const KECCAK256 = 0x20;
/** Longest input of KECCAK256 that is kept: a mapping's key, of which only texts are longer than a word, and its slot. */
const MAX_PREIMAGE = 1024;
/** Slots behind the first one of a mapping's value or an array in which a name is looked for. */
const MAX_DISTANCE = 2n ** 20n;
/** Mappings and arrays within each other. */
const MAX_NESTING = 8;

const variableSchema = lazily(() =>
  zod.object({ label: zod.string(), slot: zod.string(), offset: zod.int(), type: zod.string() }),
);
const typeSchema = lazily(() =>
  zod.object({
    encoding: zod.string(),
    label: zod.string(),
    numberOfBytes: zod.string(),
    key: zod.string().optional(),
    value: zod.string().optional(),
    base: zod.string().optional(),
    members: zod.array(variableSchema()).optional(),
  }),
);
const layoutSchema = lazily(() =>
  zod.object({
    storage: zod.array(variableSchema()),
    types: zod.record(zod.string(), typeSchema()).nullable(),
  }),
);

type StorageType = z.infer<ReturnType<typeof typeSchema>>;

/** Something in storage; its type where what it holds can lie elsewhere. */
interface Found {
  readonly name: string;
  readonly type: StorageType | undefined;
}

/** A variable of which only name and extent are known, such as a member of an ERC-7201 namespace. */
export interface KnownVariable {
  readonly slot: bigint;
  /** Bytes. */
  readonly size: number;
  readonly label: string;
}

/**
 * Names for storage slots: `_minDelay`, `_roles[0xd8..].members[0x70..]`. The place of a mapping's value or of an array's
 * element is a hash that cannot be undone, so the names of those come from hashes that were computed during a run.
 */
export class StorageNames {
  readonly #variables: readonly z.infer<ReturnType<typeof variableSchema>>[];
  readonly #types: Readonly<Record<string, StorageType>>;
  readonly #others: readonly KnownVariable[];
  readonly #preimages = new Map<bigint, Uint8Array>();

  /**
   * @param storageLayout solc's `storageLayout`; where it is none, there are names of `others` only.
   * @param others variables that it does not have.
   */
  constructor(storageLayout: unknown, others: readonly KnownVariable[] = []) {
    const { data } = layoutSchema().safeParse(storageLayout);
    this.#variables = data?.storage ?? [];
    this.#types = data?.types ?? {};
    this.#others = others;
  }

  /** Learns from an instruction; for every step of a run whose slots shall have names. */
  readonly learn = (step: ExecutionStep): void => {
    if (step.opcode !== KECCAK256) return;
    const [offset, length] = step.stack(2) as [bigint, bigint];
    if (length < 32n || length > MAX_PREIMAGE) return;
    const preimage = step.memory(offset, length);
    this.#preimages.set(BigInt(keccak256(preimage)), preimage);
  };

  /** The name of what is stored in a slot, several joined by `, ` where variables share it; undefined where unknown. */
  nameOf(slot: bigint): string | undefined {
    const names = this.#find(slot, MAX_NESTING).map(({ name, type }) =>
      type?.encoding === "dynamic_array" ? `${name}.length` : name,
    );
    return names.length === 0 ? undefined : names.join(", ");
  }

  #find(slot: bigint, nesting: number): Found[] {
    const direct = [
      ...this.#variables.flatMap(({ type, slot: start, label }) =>
        this.#within(type, BigInt(start), label, slot),
      ),
      ...this.#others
        .filter((other) => other.slot <= slot && slot < other.slot + slotsOf(other.size))
        .map(({ label }): Found => ({ name: label, type: undefined })),
    ];
    if (direct.length > 0 || nesting === 0) return direct;
    // A slot is counted from the nearest hash below it.
    const near = [...this.#preimages]
      .filter(([hash]) => hash <= slot && slot - hash < MAX_DISTANCE)
      .sort(([a], [b]) => (a > b ? -1 : 1));
    for (const [hash, preimage] of near) {
      const parents = this.#find(bytesToBigInt(preimage.subarray(-32)), nesting - 1);
      const found = parents.flatMap((parent) => this.#behind(parent, preimage, hash, slot));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** What lies in `slot`, of a value of this type that starts in slot `start`. */
  #within(typeId: string, start: bigint, name: string, slot: bigint): Found[] {
    const type = this.#types[typeId];
    if (type === undefined || slot < start || slot >= start + slotsOf(Number(type.numberOfBytes))) return [];
    if (type.members !== undefined) {
      return type.members.flatMap(({ label, slot: place, type: member }) =>
        this.#within(member, start + BigInt(place), `${name}.${label}`, slot),
      );
    }
    if (type.encoding === "inplace" && type.base !== undefined) {
      return this.#element(type.base, start, name, slot);
    }
    return [{ name, type }];
  }

  /** What lies in `slot`, of elements of this type one after the other from slot `start` on. */
  #element(typeId: string, start: bigint, name: string, slot: bigint): Found[] {
    const size = Number(this.#types[typeId]?.numberOfBytes ?? 32);
    const distance = slot - start;
    const perSlot = BigInt(Math.floor(32 / size));
    if (perSlot > 1n) {
      const first = distance * perSlot;
      return [{ name: `${name}[${first}..${first + perSlot - 1n}]`, type: undefined }];
    }
    const index = distance / slotsOf(size);
    return this.#within(typeId, start + index * slotsOf(size), `${name}[${index}]`, slot);
  }

  /** What lies in `slot`, counted from the hash of a key and the parent's slot, or of the parent's slot alone. */
  #behind({ name, type }: Found, preimage: Uint8Array, hash: bigint, slot: bigint): Found[] {
    if (type?.encoding === "mapping" && preimage.length > 32) {
      const key = keyText(this.#types[type.key ?? ""], preimage.subarray(0, -32));
      return this.#within(type.value ?? "", hash, `${name}[${key}]`, slot);
    }
    if (preimage.length !== 32) return [];
    if (type?.encoding === "dynamic_array") return this.#element(type.base ?? "", hash, name, slot);
    return type?.encoding === "bytes" ? [{ name: `${name}, part ${slot - hash}`, type: undefined }] : [];
  }
}

function keyText(type: StorageType | undefined, key: Uint8Array): string {
  if (type?.encoding === "bytes") {
    return type.label === "string" ? JSON.stringify(toUtf8String(key, () => 0)) : hexlify(key);
  }
  if (type !== undefined && /^(address|contract )/.test(type.label)) return hexlify(key.subarray(12));
  if (type !== undefined && /^(u?int\d+|enum )/.test(type.label)) return bytesToBigInt(key).toString();
  return hexlify(key);
}

function slotsOf(bytes: number): bigint {
  return BigInt(Math.ceil(bytes / 32));
}
