import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SealpatchError } from "../errors.js";
import {
  type BeaconChain,
  beaconTime,
  checkInitialKey,
  hashPowersOfTau,
  type PinnedPowers,
  type PowersOfTau,
  pinnedPowersOfTau,
  QUICKNET,
  readPowersOfTau,
  recognisePowersOfTau,
  smallPowers,
} from "../proof/keys/ceremony/index.js";
import { type OnProgress, readContributions } from "../proof/keys/index.js";
import { type AskedCeremony, assertOwnFolder, begunWith } from "./begun.js";
import {
  type CeremonyCircuit,
  type CompiledConstraints,
  compileConstraints,
  PRODUCT_CIRCUITS,
  sourceHashes,
} from "./circuits.js";
import { inFolder, sha256Of, writeDurably } from "./files.js";
import { ANNOUNCEMENT_FILE } from "./folder.js";
import { type Announcement, announcementText, MAXIMUM_CONTRIBUTIONS } from "./forms.js";
import { withLock } from "./lock.js";
import { initialKeyBySnarkjs } from "./remake.js";
import { assertRoom, roomOfInit, type StepListeners } from "./room.js";
import { toolVersions } from "./tools.js";

/** Contributions that a production key needs at least. */
export const MINIMUM_CONTRIBUTIONS = 3;
/** The beacon's value is hashed 2^this times: what snarkjs asks for at least. */
const ITERATIONS_EXPONENT = 10;

export interface InitOptions extends StepListeners {
  /** Prepared powers of tau, at least as many as the largest circuit needs. */
  readonly powersOfTau: string;
  /** Round of the beacon's chain, in the future. */
  readonly beaconRound: number;
  /** quicknet unless given. */
  readonly beaconChain?: BeaconChain;
  /** At least 3, which is what is asked unless given. */
  readonly minimumContributions?: number;
  /** Takes powers of tau that are not in the pinned list; no key of the ceremony is then ever more than a test key. */
  readonly unpinned?: boolean;
  readonly circuits?: readonly CeremonyCircuit[];
  readonly pinned?: readonly PinnedPowers[];
}

/**
 * Begins a ceremony in a folder that is empty or missing: compiles the circuits, makes their initial keys, checks them, and writes the
 * announcement last. What was interrupted is gone on with; where the ceremony has begun already with the same announcement, nothing is done.
 * @returns the announcement.
 * @throws SealpatchError `ceremony/past-round`, `ceremony/too-few-contributions`, `ceremony/folder-in-use`, `ceremony/no-room`,
 *   `ceremony/locked`, `ceremony/folder-unwritable`, `ceremony/step-failed`, and those of `checkPowersOfTau` and `checkInitialKey`.
 * @example
 * ```ts
 * import { beginCeremony } from "sealpatch/ceremony";
 * const { beacon } = await beginCeremony("ceremony", {
 *   powersOfTau: "powersOfTau28_hez_final_18.ptau",
 *   beaconRound: 40_000_000,
 * });
 * console.log(beacon.round);
 * ```
 */
export async function beginCeremony(path: string, options: InitOptions): Promise<Announcement> {
  const { beaconRound, beaconChain = QUICKNET, minimumContributions = MINIMUM_CONTRIBUTIONS } = options;
  const { circuits = PRODUCT_CIRCUITS, powersOfTau, unpinned = false, onProgress = () => {} } = options;
  const asked = { powersOfTau, beaconRound, beaconChain, minimumContributions, unpinned, circuits };
  const begun = await begunWith(path, asked, onProgress);
  // A lock that was left when it was begun goes with this one.
  if (begun !== undefined) return withLock(path, async () => begun);
  assertFuture(beaconRound, beaconChain);
  const isCount = Number.isInteger(minimumContributions) && minimumContributions <= MAXIMUM_CONTRIBUTIONS;
  if (!isCount || minimumContributions < MINIMUM_CONTRIBUTIONS) throw tooFew(minimumContributions);
  // The file's size and header first: a wrong one is refused before anything is written.
  const pinned = options.pinned ?? (await pinnedPowersOfTau());
  if (unpinned) await readPowersOfTau(powersOfTau);
  else await recognisePowersOfTau(powersOfTau, { power: 1, pinned });
  await assertOwnFolder(path);
  return inFolder(path, () =>
    withLock(
      path,
      // Another process may have begun it before the lock was taken.
      async () =>
        (await begunWith(path, asked, onProgress)) ??
        new Beginning(path, { ...asked, pinned }, { ...options, onProgress }).run(),
    ),
  );
}

class Beginning {
  readonly #path: string;
  readonly #options: AskedCeremony & { readonly pinned: readonly PinnedPowers[] };
  readonly #onProgress: OnProgress;
  readonly #onRoom: StepListeners["onRoom"];

  constructor(
    path: string,
    options: AskedCeremony & { readonly pinned: readonly PinnedPowers[] },
    { onProgress, onRoom }: StepListeners & { readonly onProgress: OnProgress },
  ) {
    this.#path = path;
    this.#options = options;
    this.#onProgress = onProgress;
    this.#onRoom = onRoom;
  }

  async run(): Promise<Announcement> {
    const { circuits, powersOfTau, pinned, unpinned } = this.#options;
    const compiled: [CeremonyCircuit, CompiledConstraints][] = [];
    for (const circuit of circuits) {
      this.#onProgress({ stage: `compile ${circuit.name}`, fraction: 0 });
      compiled.push([circuit, await compileConstraints(circuit)]);
    }
    const power = Math.max(...compiled.map(([, { power }]) => power));
    const row = unpinned ? undefined : await recognisePowersOfTau(powersOfTau, { power, pinned });
    const file = row ?? (await preparedPowersOfTau(powersOfTau, power));
    await assertRoom(this.#path, roomOfInit(compiled.map(([, each]) => each)), this.#onRoom);
    const blake2b512 = await hashPowersOfTau(powersOfTau, {
      expected: row?.blake2b512,
      onProgress: this.#onProgress,
    });
    const described: Announcement["circuits"] = {};
    await inFolder(join(this.#path, "0000"), async () => {
      for (const [circuit, constraints] of compiled)
        described[circuit.name] = await this.#circuit(circuit, constraints);
    });
    const { beaconChain, beaconRound, minimumContributions } = this.#options;
    const announcement: Announcement = {
      schema: "sealpatch.ceremony-announcement/1",
      circuits: described,
      powersOfTau: { power: file.power, bytes: file.bytes, blake2b512, pinned: !unpinned },
      beacon: { ...beaconChain, round: beaconRound, iterationsExponent: ITERATIONS_EXPONENT },
      minimumContributions,
      tools: toolVersions(),
    };
    await this.#announce(announcement);
    return announcement;
  }

  async #circuit(
    { name, source, verifier }: CeremonyCircuit,
    compiled: CompiledConstraints,
  ): Promise<Announcement["circuits"][string]> {
    const zkeyFile = join(this.#path, "0000", `${name}.zkey`);
    const { powersOfTau } = this.#options;
    const { r1csFile, r1cs, constraints, power } = compiled;
    this.#onProgress({ stage: `initial key of ${name}`, fraction: 0 });
    const check = (file: string) =>
      checkInitialKey({
        ...{ r1csFile, ptauFile: powersOfTau, zkeyFile: file },
        onProgress: ({ fraction }) =>
          this.#onProgress({ stage: `check the initial key of ${name}`, fraction }),
      });
    // By other code than makes it; and one that is there already may be anything.
    if (existsSync(zkeyFile)) await check(zkeyFile);
    else {
      const key = await initialKeyBySnarkjs(name, compiled, powersOfTau);
      await writeDurably(zkeyFile, async (scratch) => {
        await writeFile(scratch, key);
        await check(scratch);
      });
    }
    const { circuitHash } = await readContributions(zkeyFile);
    return {
      source,
      sources: { ...(await sourceHashes(source)) },
      verifier,
      constraints,
      power,
      r1cs,
      initialKey: await sha256Of(zkeyFile),
      circuitHash: Buffer.from(circuitHash).toString("hex"),
    };
  }

  async #announce(announcement: Announcement): Promise<void> {
    const text = announcementText(announcement);
    await writeDurably(join(this.#path, ANNOUNCEMENT_FILE), (scratch) => writeFile(scratch, text));
  }
}

/** Unpinned powers of tau. @throws SealpatchError `ceremony/small-powers-of-tau`, and as `readPowersOfTau`. */
async function preparedPowersOfTau(file: string, power: number): Promise<PowersOfTau> {
  const powers = await readPowersOfTau(file);
  if (powers.power < power) throw smallPowers(file, powers.power, power);
  return powers;
}

function assertFuture(round: number, chain: BeaconChain): void {
  const time = beaconTime(round, chain);
  if (Number.isSafeInteger(round) && round >= 1 && time * 1000 > Date.now()) return;
  throw new SealpatchError("ceremony/past-round", "the beacon's round is not in the future", {
    details: { round, time: Number.isFinite(time) ? time : null },
    why: "who knows the beacon's value can choose a contribution by it",
    remedy: `announce a round of ${chain.name} that comes after the last contribution; one comes every ${chain.period} s`,
  });
}

function tooFew(minimum: number): SealpatchError {
  return new SealpatchError(
    "ceremony/too-few-contributions",
    "a ceremony has another number of contributions",
    {
      details: { minimum: Number.isFinite(minimum) ? minimum : null, needed: MINIMUM_CONTRIBUTIONS },
      why: `a production key needs ${MINIMUM_CONTRIBUTIONS}, and a ceremony takes ${MAXIMUM_CONTRIBUTIONS} at most`,
      remedy: `ask for ${MINIMUM_CONTRIBUTIONS} to ${MAXIMUM_CONTRIBUTIONS} contributions`,
    },
  );
}
