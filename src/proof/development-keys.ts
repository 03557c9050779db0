import { constants, existsSync } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { SealpatchError } from "../errors.js";
import { type CircuitName, readManifest } from "../manifest.js";
import { userHome } from "../places.js";
import { buildCircuit, CIRCUIT_NAMES, circuitSource } from "./circuits.js";
import { assertFingerprint, buildDevelopmentKey, type OnProgress } from "./keys/index.js";

/** Seconds that a stage takes on two idle cores. */
export const STAGE_SECONDS: Readonly<Record<string, number>> = {
  "compile circuit attest": 150,
  "compile circuit bind": 60,
  "development key of attest": 20,
  "development key of bind": 5,
};

/** A development key that is on this machine. */
export interface DevelopmentKey {
  readonly circuit: CircuitName;
  readonly zkeyFile: string;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
  /** False where it was there already. */
  readonly made: boolean;
}

export interface MakeKeysOptions {
  /** Those that are wanted; all of them unless given. */
  readonly circuits?: readonly CircuitName[];
  /** Told when a stage begins and ends; its usual length stands in `STAGE_SECONDS`. */
  readonly onStage?: (stage: string, state: "begin" | "end") => void;
  readonly onProgress?: OnProgress;
}

/**
 * Makes the development keys that are not on this machine: compiles the circuits of the package and derives the keys from
 * published secrets, below `SEALPATCH_HOME` or the platform's place for data. A key appears complete or not at all, and only the very key
 * that the package's verifiers belong to is taken. **Development keys prove nothing**: they are refused off local chains.
 * @throws SealpatchError `key/home-unwritable`, `key/circuit-not-compiled`, `key/changed` where a key has other bytes than the package's, `proof/not-built`.
 * @example
 * ```ts
 * const keys = await makeDevelopmentKeys({ circuits: ["bind"] });
 * console.log(keys[0]?.zkeyFile);
 * ```
 */
export async function makeDevelopmentKeys({
  circuits = CIRCUIT_NAMES,
  onStage = () => {},
  onProgress,
}: MakeKeysOptions = {}): Promise<DevelopmentKey[]> {
  const manifest = await readManifest();
  const stage = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    onStage(name, "begin");
    const result = await work();
    onStage(name, "end");
    return result;
  };
  const keys: DevelopmentKey[] = [];
  for (const circuit of circuits) {
    const { zkey, fingerprint } = manifest.circuits[circuit];
    const made = !existsSync(zkey);
    if (made) {
      const home = await writableHome(userHome());
      const compiled = await stage(`compile circuit ${circuit}`, () =>
        buildCircuit({ source: circuitSource(circuit), home }).catch(() => {
          throw new SealpatchError(
            "key/circuit-not-compiled",
            `the circuit ${circuit} could not be compiled`,
            {
              details: { circuit, home },
              why: "the compiler stopped: it needs about 2 GB of memory and 1 GB of space",
              remedy: "make room and try again; install the package with its own exact dependencies",
            },
          );
        }),
      );
      await stage(`development key of ${circuit}`, () =>
        buildDevelopmentKey(circuit, compiled, { home, ...(onProgress === undefined ? {} : { onProgress }) }),
      );
      // The constraints are many times larger than what is still needed of them: nothing.
      await rm(dirname(compiled.r1csFile), { recursive: true, force: true });
    }
    await assertFingerprint(circuit, { zkey, fingerprint });
    keys.push({ circuit, zkeyFile: zkey, fingerprint, made });
  }
  return keys;
}

/** The folder, made where it is missing. @throws SealpatchError `key/home-unwritable`. */
export async function writableHome(home: string): Promise<string> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.W_OK);
    return home;
  } catch (error) {
    throw new SealpatchError("key/home-unwritable", `keys cannot be kept in ${home}`, {
      details: { home, cause: String((error as NodeJS.ErrnoException).code ?? "unknown") },
      why: "the folder cannot be made, or may not be written",
      remedy: "set SEALPATCH_HOME to a folder of your own with 1 GB of space",
    });
  }
}
