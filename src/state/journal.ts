import { open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow, word } from "../schemas.js";
import { codeOf, syncFolder } from "../whole-file.js";
import { zod } from "../zod.js";
import { unwritableState } from "./unwritable.js";

const count = lazily(() => zod.int().min(0));
const wei = lazily(() => decimalBelow(2n ** 256n));

const line = lazily(() =>
  zod.discriminatedUnion("stage", [
    /** What is to be sent: written before the transaction leaves this machine. */
    zod.strictObject({
      stage: zod.literal("signed"),
      at: zod.iso.datetime(),
      /** What it is for: `deploy AttestVerifier`, `schedule`. */
      what: zod.string().min(1).max(120),
      chainId: decimalBelow(2n ** 256n),
      from: address(),
      nonce: count(),
      /** None of a deployment. */
      to: address().optional(),
      /** keccak256 of its data. The data may be a patch, and is written nowhere. */
      dataHash: word(),
      hash: word(),
      /** With these the same transaction can be signed again; older lines are without. Fees in wei for a unit of gas. */
      gasLimit: wei().optional(),
      maxFeePerGas: wei().optional(),
      maxPriorityFeePerGas: wei().optional(),
      gasPrice: wei().optional(),
    }),
    /** What became of it. */
    zod.strictObject({
      stage: zod.literal("mined"),
      at: zod.iso.datetime(),
      hash: word(),
      block: count(),
      /** Where it made a contract. */
      contract: address().optional(),
    }),
    zod.strictObject({
      stage: zod.literal("replaced"),
      at: zod.iso.datetime(),
      hash: word(),
      /** The transaction that was mined with its nonce, where it is known. */
      by: word().optional(),
    }),
    zod.strictObject({
      stage: zod.literal("failed"),
      at: zod.iso.datetime(),
      hash: word(),
      /** Code of the error. It may still be mined. */
      code: zod.string().regex(/^[a-z]+\/[a-z0-9-]+$/),
    }),
  ]),
);

/** A line of the journal. */
export type JournalLine = z.output<ReturnType<typeof line>>;
/** A transaction as it was signed. */
export type SignedLine = Extract<JournalLine, { stage: "signed" }>;

type Unstamped<Line> = Line extends unknown ? Omit<Line, "at"> : never;

/**
 * What was sent, line by line, each on disk before the next step: after a crash it shows which transactions may be on their way.
 * It holds no data of transactions, and nothing secret.
 */
export class Journal {
  readonly #file: string;
  readonly #lines: JournalLine[];

  private constructor(file: string, lines: JournalLine[]) {
    this.#file = file;
    this.#lines = lines;
  }

  /**
   * Reads it; an end that is torn is cut off: it was being written when the machine stopped, so nothing was sent after it.
   * @throws SealpatchError `state/malformed-journal`, `state/folder-unwritable`.
   */
  static async open(file: string): Promise<Journal> {
    try {
      const bytes = await readFile(file).catch((error: unknown) => {
        if (codeOf(error) === "ENOENT") return Buffer.alloc(0);
        throw error;
      });
      const end = bytes.lastIndexOf("\n") + 1;
      if (end < bytes.length) await truncate(file, end);
      const texts = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
      return new Journal(
        file,
        texts.map((text, index) => readLine(text, index + 1)),
      );
    } catch (error) {
      throw unwritableState(file, error);
    }
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  /** Transactions that were signed for something, the oldest first. */
  signed(what: string, chainId: bigint): SignedLine[] {
    return this.#lines.filter(
      (each): each is SignedLine => each.stage === "signed" && each.what === what && each.chainId === chainId,
    );
  }

  /** Transactions of an account of which it is not written yet what was mined of their nonce, the oldest first. */
  open({ chainId, from }: { readonly chainId: bigint; readonly from: string }): SignedLine[] {
    return this.#open(chainId).filter((each) => each.from === from);
  }

  /** Accounts that have such transactions on a chain. */
  accounts(chainId: bigint): Set<string> {
    return new Set(this.#open(chainId).map(({ from }) => from));
  }

  #open(chainId: bigint): SignedLine[] {
    const ended = new Set(
      this.#lines.filter(({ stage }) => stage === "mined" || stage === "replaced").map(({ hash }) => hash),
    );
    return this.#lines.filter(
      (each): each is SignedLine =>
        each.stage === "signed" && each.chainId === chainId && !ended.has(each.hash),
    );
  }

  /** Writes a line, and returns when it is on disk. @throws SealpatchError `state/folder-unwritable`. */
  async write(entry: Unstamped<JournalLine>): Promise<void> {
    const stamped = { ...entry, at: new Date().toISOString() } as JournalLine;
    const text = JSON.stringify(zod.encode(line(), stamped));
    try {
      const isNew = this.#lines.length === 0;
      const handle = await open(this.#file, "a", 0o600);
      try {
        await handle.writeFile(`${text}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (isNew) await syncFolder(dirname(this.#file));
    } catch (error) {
      throw unwritableState(this.#file, error);
    }
    this.#lines.push(stamped);
  }
}

function readLine(text: string, number: number): JournalLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const result = zod.safeDecode(line(), json as z.input<ReturnType<typeof line>>);
  if (result.success) return result.data;
  throw new SealpatchError("state/malformed-journal", `line ${number} of the journal cannot be read`, {
    details: { line: number },
    why: "it is not as it was written",
    remedy: "take the journal from a copy, or move it away once none of its transactions is under way",
  });
}
