import { SealpatchError } from "../errors.js";
import { beaconRandomness, beaconTime, parseBeaconAnswer } from "../proof/keys/ceremony/index.js";
import { addStep, type Contributed, nowInSeconds } from "./contribute.js";
import { CeremonyFolder } from "./folder.js";
import { withLock } from "./lock.js";
import { BEACON_NAME } from "./names.js";
import type { StepListeners } from "./room.js";

/**
 * Ends a ceremony with its beacon: verifies a saved answer of the announced chain for the announced round, and applies what is derived from
 * it to every newest key.
 * @param answer JSON of drand's `/public/ROUND`, or its text.
 * @throws SealpatchError `ceremony/no-contribution`, `ceremony/early-beacon`, `ceremony/bad-beacon-answer`, `ceremony/other-round`,
 *   `ceremony/bad-beacon-signature`, `ceremony/locked`, `ceremony/no-room`, and those of `CeremonyFolder`.
 * @example
 * ```ts
 * import { applyBeacon } from "sealpatch/ceremony";
 * const { folder } = await applyBeacon("ceremony", await readFile("round.json", "utf8"));
 * console.log(folder);
 * ```
 */
export async function applyBeacon(
  path: string,
  answer: unknown,
  listeners: StepListeners = {},
): Promise<Contributed> {
  const parsed = parseBeaconAnswer(answer);
  const folder = await CeremonyFolder.open(path);
  const { beacon } = folder.announcement;
  const randomness = await beaconRandomness(parsed, { round: beacon.round, chain: beacon });
  return withLock(path, async () => {
    const newest = await folder.readStep((await folder.steps()).at(-1)!);
    if (newest.attestation?.beacon !== undefined) {
      return { attestation: newest.attestation, folder: folder.step(newest.index) };
    }
    if (newest.attestation === undefined) {
      throw new SealpatchError("ceremony/no-contribution", "nobody has contributed yet", {
        details: { folder: path },
        why: "a beacon alone is no secret: everybody knows its value",
        remedy: "receive contributions first",
      });
    }
    const time = beaconTime(beacon.round, beacon);
    if (newest.attestation.made >= time) throw early(newest.index, newest.attestation.made, time);
    const hex = Buffer.from(randomness).toString("hex");
    return addStep(folder, newest, {
      name: BEACON_NAME,
      made: nowInSeconds(),
      beacon: { round: parsed.round, signature: parsed.signature },
      apply: (zKey, before, after) => zKey.beacon(before, after, BEACON_NAME, hex, beacon.iterationsExponent),
      ...listeners,
    });
  });
}

function early(index: number, made: number, time: number): SealpatchError {
  return new SealpatchError("ceremony/early-beacon", "the beacon was known before the last contribution", {
    details: { index, made, time },
    why: `contribution ${index} says that it was made ${made - time} s after the beacon's round`,
    remedy: "begin another ceremony with a later round",
  });
}
