import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SealpatchError } from "../errors.js";
import { assertContributionChain, contributionHash } from "../proof/keys/ceremony/index.js";
import { type Contributions, readContributions } from "../proof/keys/index.js";
import { sha256Of } from "./files.js";
import {
  type Announcement,
  announcementHash,
  type CeremonyAttestation,
  parseAnnouncement,
  parseCeremonyAttestation,
} from "./forms.js";

/*
 * A ceremony's folder: ceremony.json, and a folder for each step. 0000 has the initial keys, every other one the keys after one
 * contribution and its attestation.json, which is written last: a step without it is not finished. A contributor needs
 * ceremony.json and the newest step alone.
 */

export const ANNOUNCEMENT_FILE = "ceremony.json";
export const ATTESTATION_FILE = "attestation.json";

/** The keys of one step, and what section 10 of each says. */
export interface CeremonyStep {
  readonly index: number;
  readonly attestation: CeremonyAttestation | undefined;
  /** By circuit: SHA-256 of the key's file. */
  readonly keys: Readonly<Record<string, string>>;
  readonly contributions: Readonly<Record<string, Contributions>>;
}

/** A ceremony's folder that has an announcement. */
export class CeremonyFolder {
  private constructor(
    readonly path: string,
    readonly announcement: Announcement,
    /** SHA-256 of the announcement. */
    readonly hash: string,
  ) {}

  /** @throws SealpatchError `ceremony/no-ceremony`, `ceremony/bad-announcement`. */
  static async open(path: string): Promise<CeremonyFolder> {
    const text = await readFile(join(path, ANNOUNCEMENT_FILE), "utf8").catch(() => undefined);
    if (text === undefined) {
      throw new SealpatchError("ceremony/no-ceremony", "there is no ceremony in this folder", {
        details: { folder: path },
        why: `it has no ${ANNOUNCEMENT_FILE}`,
        remedy: "put the coordinator's ceremony.json into it, or begin a ceremony",
      });
    }
    const announcement = parseAnnouncement(text);
    return new CeremonyFolder(path, announcement, announcementHash(announcement));
  }

  get circuits(): readonly string[] {
    return Object.keys(this.announcement.circuits);
  }

  /** Folder of a step. */
  step(index: number): string {
    return join(this.path, String(index).padStart(4, "0"));
  }

  /** File of a circuit's key after a step. */
  key(index: number, circuit: string): string {
    return join(this.step(index), `${circuit}.zkey`);
  }

  /** File of a step's attestation. */
  attestationFile(index: number): string {
    return join(this.step(index), ATTESTATION_FILE);
  }

  /** Indices of the finished steps that are here, in order. @throws SealpatchError `ceremony/no-ceremony` where there is none. */
  async steps(): Promise<readonly number[]> {
    const names = (await readdir(this.path)).filter((name) => /^\d{4}$/.test(name)).sort();
    const isFinished = (index: number) =>
      index === 0
        ? this.circuits.every((circuit) => existsSync(this.key(0, circuit)))
        : existsSync(this.attestationFile(index));
    const steps = names.map(Number).filter(isFinished);
    if (steps.length > 0) return steps;
    throw new SealpatchError("ceremony/no-ceremony", "there are no keys in this folder", {
      details: { folder: this.path },
      why: "no step of the ceremony is complete in it",
      remedy: "put the newest step's folder, for example 0000, beside ceremony.json",
    });
  }

  /** Attestation of a step, whatever it says. @throws SealpatchError `ceremony/bad-attestation`. */
  async attestation(index: number): Promise<CeremonyAttestation> {
    return parseCeremonyAttestation(await readFile(this.attestationFile(index), "utf8").catch(() => ""));
  }

  /** Checks that an attestation is of this ceremony, of this step, and about all of its circuits. @throws SealpatchError `ceremony/other-ceremony`. */
  assertOwn({ ceremony, index, circuits }: CeremonyAttestation, expected: number): void {
    const names = Object.keys(circuits).sort().join();
    const why =
      ceremony !== this.hash
        ? "it holds the hash of another ceremony.json"
        : index !== expected
          ? `it is of contribution ${index}, and contribution ${expected} is expected`
          : names !== [...this.circuits].sort().join()
            ? "it is about other circuits"
            : undefined;
    if (why === undefined) return;
    throw new SealpatchError("ceremony/other-ceremony", "the attestation does not belong here", {
      details: { index: expected, attested: index, ceremony, expected: this.hash },
      why,
      remedy: "contribute to the newest keys of this ceremony, with its own ceremony.json",
    });
  }

  /**
   * Reads a step and checks what can be checked without its circuit: files by their hashes, as many contributions as its index says, an
   * unbroken chain in each key, the names and hashes of its attestation.
   * @throws SealpatchError `ceremony/changed-key`, `ceremony/other-attestation`, `ceremony/broken-chain`, `key/unreadable`, and `ceremony/bad-attestation`,
   *   `ceremony/other-ceremony`.
   */
  async readStep(index: number): Promise<CeremonyStep> {
    const attestation = index === 0 ? undefined : await this.attestation(index);
    if (attestation !== undefined) this.assertOwn(attestation, index);
    const keys: Record<string, string> = {};
    const contributions: Record<string, Contributions> = {};
    for (const circuit of this.circuits) {
      const file = this.key(index, circuit);
      keys[circuit] = await sha256Of(file);
      const expected =
        attestation?.circuits[circuit]?.made ?? this.announcement.circuits[circuit]!.initialKey;
      if (keys[circuit] !== expected)
        throw changedKey(file, { index, circuit, expected, actual: keys[circuit] });
      contributions[circuit] = await this.readKey(file, { circuit, index, attestation });
    }
    return { index, attestation, keys, contributions };
  }

  /** Contributions of one key, checked as `readStep` says; its hash is not looked at. */
  async readKey(
    file: string,
    {
      circuit,
      index,
      attestation,
    }: {
      readonly circuit: string;
      readonly index: number;
      readonly attestation: CeremonyAttestation | undefined;
    },
  ): Promise<Contributions> {
    const found = await readContributions(file);
    const { circuitHash } = this.announcement.circuits[circuit]!;
    if (Buffer.from(found.circuitHash).toString("hex") !== circuitHash) {
      throw otherAttestation(circuit, index, "the key is of another circuit or of another initial key");
    }
    if (found.entries.length !== index) {
      throw otherAttestation(circuit, index, `the key has ${found.entries.length} contributions`);
    }
    await assertContributionChain(found);
    const last = found.entries.at(-1);
    if (last === undefined || attestation === undefined) return found;
    if (last.name !== attestation.name) throw otherAttestation(circuit, index, "the key names somebody else");
    if ((last.beacon === undefined) !== (attestation.beacon === undefined))
      throw otherAttestation(circuit, index, "one of them is of a beacon, and the other of a person");
    if ((await contributionHash(last)) !== attestation.circuits[circuit]!.contribution) {
      throw otherAttestation(circuit, index, "the key's contribution has another hash");
    }
    return found;
  }
}

function changedKey(
  file: string,
  details: { index: number; circuit: string; expected: string; actual: string },
): SealpatchError {
  return new SealpatchError(
    "ceremony/changed-key",
    `the key of ${details.circuit} is not the one that was made`,
    {
      details: { file, ...details },
      why: `its hash is not the one that step ${details.index} says`,
      remedy: "copy the step's files again from whom you have them",
    },
  );
}

function otherAttestation(circuit: string, index: number, why: string): SealpatchError {
  return new SealpatchError("ceremony/other-attestation", `the key of ${circuit} is not the attested one`, {
    details: { circuit, index },
    why,
    remedy: "ask for key and attestation of the same contribution",
  });
}
