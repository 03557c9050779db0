import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { SealpatchError } from "../../errors.js";

/*
 * The container of iden3's binary files (ptau, r1cs, wtns, zkey): four letters, version and number of sections as 32-bit
 * little-endian integers, then sections of id (32 bits), size in bytes (64 bits) and content.
 */

interface Section {
  readonly offset: number;
  readonly size: number;
}

/** An open file of sections. Close it. */
export class SectionFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #sections: ReadonlyMap<number, Section>;

  private constructor(handle: FileHandle, path: string, sections: ReadonlyMap<number, Section>) {
    this.#handle = handle;
    this.#path = path;
    this.#sections = sections;
  }

  /**
   * Opens a file and reads its table of sections.
   * @throws SealpatchError `key/unreadable` where the file is missing, of another kind, or cut off.
   */
  static async open(path: string, magic: "ptau" | "r1cs" | "zkey"): Promise<SectionFile> {
    const handle = await open(path, "r").catch((cause: unknown) => {
      throw unreadable(path, "it cannot be opened", cause);
    });
    try {
      return new SectionFile(handle, path, await readSectionTable(handle, path, magic));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  has(id: number): boolean {
    return this.#sections.has(id);
  }

  /** Size of a section in bytes. */
  size(id: number): number {
    return this.#section(id).size;
  }

  /** Bytes of a section: `length` bytes from `offset`, or all of it. */
  async read(id: number, offset = 0, length = this.#section(id).size - offset): Promise<Buffer> {
    const section = this.#section(id);
    if (offset + length > section.size) throw unreadable(this.#path, `section ${id} is too short`);
    return readFully(this.#handle, this.#path, section.offset + offset, length);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #section(id: number): Section {
    const section = this.#sections.get(id);
    if (section === undefined) throw unreadable(this.#path, `section ${id} is missing`);
    return section;
  }
}

async function readSectionTable(
  handle: FileHandle,
  path: string,
  magic: string,
): Promise<Map<number, Section>> {
  const { size } = await handle.stat();
  const head = await readFully(handle, path, 0, 12);
  if (head.toString("latin1", 0, 4) !== magic) throw unreadable(path, `it does not begin with "${magic}"`);
  const sections = new Map<number, Section>();
  let offset = 12;
  for (let count = head.readUInt32LE(8); count > 0; count--) {
    const entry = await readFully(handle, path, offset, 12);
    const section = { offset: offset + 12, size: Number(entry.readBigUInt64LE(4)) };
    offset = section.offset + section.size;
    if (offset > size) throw unreadable(path, "it is cut off");
    if (sections.has(entry.readUInt32LE(0))) throw unreadable(path, "a section stands in it twice");
    sections.set(entry.readUInt32LE(0), section);
  }
  return sections;
}

async function readFully(
  handle: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle
      .read(buffer, done, length - done, position + done)
      .catch((cause: unknown) => {
        // A folder can be opened, and not be read.
        throw unreadable(path, "it cannot be read", cause);
      });
    if (bytesRead === 0) throw unreadable(path, "it is cut off");
    done += bytesRead;
  }
  return buffer;
}

/** Error for a file that is not what it should be. */
export function unreadable(path: string, why: string, cause?: unknown): SealpatchError {
  return new SealpatchError("key/unreadable", `cannot read ${path}`, {
    details: { path },
    why,
    remedy: "build the file again",
    cause,
  });
}

/** Writes a file of sections, in order. */
export class SectionWriter {
  #position = 0;
  #sectionStart = 0;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async begin(magic: "ptau" | "zkey", version: number, sections: number): Promise<void> {
    await this.write(Buffer.concat([Buffer.from(magic, "latin1"), uint32(version, sections)]));
  }

  /** Writes one section; its size is known when `content` is done. */
  async section(id: number, content: () => Promise<void>): Promise<void> {
    await this.write(uint32(id, 0, 0));
    this.#sectionStart = this.#position;
    await content();
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(this.#position - this.#sectionStart));
    await this.#writeAt(this.#sectionStart - 8, size);
  }

  /** Appends bytes; they must not change until the promise resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#writeAt(this.#position, bytes);
    this.#position += bytes.length;
  }

  /** Overwrites bytes of the present section, `offset` bytes after its start. */
  patch(offset: number, bytes: Uint8Array): Promise<void> {
    return this.#writeAt(this.#sectionStart + offset, bytes);
  }

  async #writeAt(position: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }
}

/** Writes a file beside `path` and renames it when `content` is done: a failure leaves nothing behind. */
export async function writeSectionFile(
  path: string,
  content: (writer: SectionWriter) => Promise<void>,
): Promise<void> {
  const scratch = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(scratch, "wx");
    try {
      await content(new SectionWriter(handle));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(scratch, path);
  } finally {
    await rm(scratch, { force: true });
  }
}

/** 32-bit little-endian integers. */
export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

/** A non-negative integer as 32 bytes, little-endian. */
export function uint256(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
}
