import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { nodeChainId, type TimelockClient } from "../chain/index.js";
import { SealpatchError } from "../errors.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { withLock } from "../lock.js";
import { address, decimalBelow, word } from "../schemas.js";
import { privateFolder, unwritableState } from "../state/index.js";
import { codeOf, writeWhole } from "../whole-file.js";
import { zod } from "../zod.js";
import { headOf } from "./block.js";
import type { EventValue } from "./event.js";

const value: () => z.ZodType<EventValue> = lazily(() =>
  zod.union([
    zod.string(),
    zod.boolean(),
    zod.array(zod.lazy(value)),
    zod.record(zod.string(), zod.lazy(value)),
  ]),
);

const number = lazily(() => zod.int().min(0));

const event = lazily(() =>
  zod.strictObject({
    id: zod.string().regex(/^0x[0-9a-f]{64}-\d{1,10}$/),
    name: zod.string().regex(/^\w{1,64}$/),
    takenBack: zod.literal(false),
    block: number(),
    blockHash: word(),
    time: number(),
    index: number(),
    transaction: word(),
    values: zod.record(zod.string(), value()),
  }),
);

const schema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.cursor/1"),
    chainId: decimalBelow(2n ** 256n),
    timelock: address(),
    /** Events of older blocks are given, and are not taken back any more. */
    from: number(),
    /** Up to where the chain was read, at each time: by them the last common block is found. The oldest first. */
    blocks: zod.array(zod.strictObject({ number: number(), hash: word() })),
    /** Events that were given, of blocks from there on. */
    given: zod.array(event()),
  }),
);

/** How far a timelock's events were given: what `followLane` goes on from, in the next run as well. */
export type LaneCursor = Readonly<Omit<z.output<ReturnType<typeof schema>>, "schema">>;

const FORM: FormName = { code: "state/malformed-cursor", what: "a cursor of a watch" };

/**
 * Where to begin: at a block, or with what comes from now on.
 * @throws SealpatchError as `asked` does.
 */
export async function newCursor(
  timelock: TimelockClient,
  { fromBlock }: { readonly fromBlock: number | "now" },
): Promise<LaneCursor> {
  const from = fromBlock === "now" ? (await headOf(timelock)).number + 1 : fromBlock;
  const chainId = await nodeChainId(timelock.provider);
  return { chainId, timelock: timelock.address, from, blocks: [], given: [] };
}

/** The file in which a watch keeps its cursor. */
export interface CursorFile {
  /** Undefined where there is none yet. @throws SealpatchError `state/malformed-cursor`, `state/folder-unwritable`. */
  read(): Promise<LaneCursor | undefined>;
  /** Durably, as a whole or not at all. @throws SealpatchError `state/folder-unwritable`. */
  write(cursor: LaneCursor): Promise<void>;
}

/**
 * Works with the cursor in a folder of its own, which is made where there is none, for its owner alone. One watch at a time does: the lock
 * is of this folder, and keeps nothing else of a project waiting.
 * @throws SealpatchError `state/locked` with who holds it, `state/folder-unwritable`, `state/open-to-others`.
 * @example
 * ```ts
 * await withCursor(".sealpatch/watch-mainnet", async (file) => {
 *   const cursor = (await file.read()) ?? (await newCursor(timelock, { fromBlock }));
 *   for await (const step of followLane(timelock, { cursor, once: true })) {
 *     if (step.event !== null) console.log(step.event.name, step.event.values);
 *     await file.write(step.cursor);
 *   }
 * });
 * ```
 */
export async function withCursor<T>(folder: string, work: (file: CursorFile) => Promise<T>): Promise<T> {
  await privateFolder(folder);
  const path = join(folder, "cursor.json");
  const unwritable = (error: unknown) => unwritableState(folder, error);
  return withLock(folder, { locked: "state/locked", unwritable }, () =>
    work({
      read: async () => {
        const text = await readFile(path, "utf8").catch((error: unknown) => {
          if (codeOf(error) === "ENOENT") return undefined;
          throw unwritable(error);
        });
        return text === undefined ? undefined : parseCursor(text);
      },
      write: async (cursor) => {
        const json = formToJson(
          schema(),
          { ...mutable(cursor), schema: "sealpatch.cursor/1" as const },
          FORM,
        );
        await writeWhole(path, `${JSON.stringify(json)}\n`, { mode: 0o600, replace: true }).catch(
          (error: unknown) => {
            throw unwritable(error);
          },
        );
      },
    }),
  );
}

function parseCursor(text: string): LaneCursor {
  const { schema: _, ...cursor } = parseForm(schema(), text, FORM);
  return cursor;
}

const mutable = (cursor: LaneCursor) => cursor as Omit<z.output<ReturnType<typeof schema>>, "schema">;

/**
 * Checks that a cursor is of a timelock, on the chain that its node serves now.
 * @throws SealpatchError `state/other-cursor`, and as `nodeChainId`.
 */
export async function assertCursorOf(cursor: LaneCursor, timelock: TimelockClient): Promise<void> {
  const chainId = await nodeChainId(timelock.provider);
  if (cursor.chainId === chainId && BigInt(cursor.timelock) === BigInt(timelock.address)) return;
  throw new SealpatchError("state/other-cursor", "the cursor is of another timelock or chain", {
    details: { timelock: timelock.address, chainId, ofTimelock: cursor.timelock, ofChain: cursor.chainId },
    why: "events of one lane say nothing about how far another was followed",
    remedy: "keep a cursor for each timelock, and check which chain the node serves",
  });
}
