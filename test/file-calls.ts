import fs, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/**
 * Told of a call that is about to change a file.
 * @param name of the call with the file: `write journal.jsonl`. What is random in the name of a file is a star.
 * @param tear writes one half of what the call writes; nothing for calls that write nothing.
 */
export type OnFileCall = (name: string, tear: () => Promise<void>) => Promise<void>;

/**
 * Tells of each call of `node:fs/promises` in this process that changes a file below a folder, before it is made. For processes that end
 * themselves at one of them: nothing takes it back.
 */
export function watchFileCalls(folder: string, onCall: OnFileCall): void {
  const { copyFile, link, mkdir, open, readFile, rename, rm, truncate, writeFile } = fs;
  const passing = async (call: string, target: unknown, tear = async () => {}): Promise<void> => {
    if (typeof target !== "string" || !target.startsWith(folder)) return;
    const name = target
      .slice(folder.length)
      .replace(/^\//, "")
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "*");
    await onCall(`${call} ${name}`, tear);
  };
  /** What is written by a handle goes by the path that it was opened by. */
  const watched = (handle: FileHandle, path: unknown): FileHandle => {
    const { sync, writeFile: write } = handle;
    return Object.assign(handle, {
      writeFile: async (...args: Parameters<typeof write>) => {
        const half = halfOf(args[0] as string | Uint8Array);
        await passing("write", path, () => write.call(handle, half));
        return write.apply(handle, args);
      },
      sync: async () => {
        await passing("sync", path);
        return sync.call(handle);
      },
    });
  };
  Object.assign(fs, {
    open: async (...args: Parameters<typeof open>) => {
      const isChanging = args[1] !== undefined && args[1] !== "r";
      if (!isChanging) return open(...args);
      await passing("open", args[0]);
      return watched(await open(...args), args[0]);
    },
    writeFile: async (...args: Parameters<typeof writeFile>) => {
      const [file, data] = args;
      await passing("write", file, () => writeFile(file, halfOf(data as string | Uint8Array)));
      return writeFile(...args);
    },
    copyFile: async (...args: Parameters<typeof copyFile>) => {
      const [from, to] = args;
      await passing("copy", to, async () => writeFile(to, halfOf(await readFile(from))));
      return copyFile(...args);
    },
    link: async (...args: Parameters<typeof link>) => {
      await passing("link", args[1]);
      return link(...args);
    },
    rename: async (...args: Parameters<typeof rename>) => {
      await passing("rename", args[1]);
      return rename(...args);
    },
    mkdir: async (...args: Parameters<typeof mkdir>) => {
      await passing("mkdir", args[0]);
      return mkdir(...args);
    },
    rm: async (...args: Parameters<typeof rm>) => {
      await passing("rm", args[0]);
      return rm(...args);
    },
    truncate: async (...args: Parameters<typeof truncate>) => {
      await passing("truncate", args[0]);
      return truncate(...args);
    },
  });
  syncBuiltinESMExports();
}

function halfOf(data: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(data as Uint8Array);
  return bytes.subarray(0, bytes.length >> 1);
}
