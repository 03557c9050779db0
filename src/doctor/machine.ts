import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { installedKeys, keyClassOf } from "../ceremony/index.js";
import { setupHash } from "../chain/index.js";
import { assertProvingKeys, type Manifest, readManifest } from "../manifest.js";
import { ROOT, userHome } from "../places.js";
import { CIRCUIT_NAMES } from "../proof/index.js";
import { type Finding, Lines, type Seen } from "./finding.js";
import { isInRange } from "./node-range.js";

/** Bytes of memory that proving takes at most, and of disk that both proving keys take (docs/measured.md). */
const PROVING_MEMORY = 1_200e6;
const KEYS_DISK = 350e6;
/** Bytes of disk that files of a patch take at most: bundles, proofs, journal. */
const FILES_DISK = 100e6;

/** What is known of a machine. */
export interface Machine {
  /** Version of Node, with or without `v`. */
  readonly node: string;
  /** Bytes of memory that are free. */
  readonly memory: number;
  /** Bytes that are free on the disk of the keys. */
  readonly disk: number;
}

/**
 * Looks at the machine that this process runs on: Node, memory and disk for proving, and the keys that are installed.
 * @param options.manifest of the keys that are meant; those of the package unless given.
 * @param options.machine what is taken in place of what the system says.
 * @returns one line a check.
 * @throws SealpatchError `proof/not-built`.
 * @example
 * ```ts
 * import { checkMachine } from "sealpatch/doctor";
 * for (const { name, outcome, detail } of await checkMachine()) console.log(outcome, name, detail);
 * ```
 */
export async function checkMachine(
  options: { readonly manifest?: Manifest; readonly machine?: Partial<Machine> } = {},
): Promise<Finding[]> {
  const manifest = options.manifest ?? (await readManifest());
  const { node, memory, disk } = { ...(await thisMachine()), ...options.machine };
  const lines = new Lines();
  await lines.add("Node", [], () => nodeSeen(node));
  await lines.add("memory", [], () =>
    roomSeen(memory, PROVING_MEMORY, "memory", "end other programs, or prove on a larger machine"),
  );
  const keysAreThere = CIRCUIT_NAMES.every((name) => existsSync(manifest.circuits[name].zkey));
  await lines.add("disk", [], () =>
    roomSeen(
      disk,
      FILES_DISK + (keysAreThere ? 0 : KEYS_DISK),
      "disk",
      "make room, or set SEALPATCH_HOME to a folder on another disk",
    ),
  );
  await lines.add("proving keys", [], async () => {
    assertProvingKeys(manifest);
    const keyClass = await keyClassOf(manifest);
    return `class ${keyClass}, setup hash ${setupHash(manifest)}`;
  });
  await lines.add("key packages", [], async () => {
    const installed = await installedKeys();
    const shown = installed.map(
      ({ record }) => `${record.setupHash.slice(0, 18)}.. of recorded class ${record.class}`,
    );
    return shown.join(", ") || "none is installed";
  });
  return lines.findings;
}

async function thisMachine(): Promise<Machine> {
  const { bavail, bsize } = await statfs(existingFolder(userHome()));
  return { node: process.version, memory: process.availableMemory(), disk: bavail * bsize };
}

/** A folder, or the nearest one above it that is there. */
function existingFolder(folder: string): string {
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

function nodeSeen(version: string): Seen {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  if (isInRange(version, engines.node)) return version;
  return {
    fails: `${version}, and ${engines.node} is needed`,
    remedy: "install a Node of that range; the newest with long-term support is one",
  };
}

function roomSeen(free: number, needed: number, what: "memory" | "disk", remedy: string): Seen {
  const sizes = `${megabytes(free)} MB of ${what} are free, proving takes ${megabytes(needed)}`;
  return free >= needed ? sizes : { fails: sizes, remedy };
}

const megabytes = (bytes: number): string => Math.floor(bytes / 1e6).toLocaleString("en-US");
