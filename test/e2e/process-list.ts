import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Milliseconds between two looks. */
const OFTEN = 100;

/**
 * Watches what everybody on this machine can read of the processes that work below a folder: their command lines. Where there is no /proc
 * there is nothing to read.
 * @param below part of the path of that folder.
 * @returns what was seen, and how to stop.
 */
export function watchProcesses(below: string): { readonly seen: ReadonlySet<string>; stop(): void } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of pids()) {
      try {
        if (readlinkSync(`/proc/${pid}/cwd`).includes(below))
          seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, OFTEN);
  return { seen, stop: () => clearInterval(timer) };
}

function pids(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
