import type { Curve } from "ffjavascript";
import { SealpatchError } from "../../../errors.js";
import type { Machine } from "../../arithmetic/index.js";
import { withCurve, withThreads } from "../../curve/index.js";
import { type Contributions, readContributions } from "../contributions.js";
import type { OnProgress } from "../progress.js";
import { SectionFile } from "../section-file.js";
import { G1_BYTES, headerParts, ZKEY_SECTIONS } from "../zkey-format.js";
import { assertContributionChain, assertFollows } from "./chain.js";
import { KeyPoints, randomScalars } from "./key-points.js";
import { assertDelta, isSameRatio, type Refuse } from "./points.js";

const CHUNK_BYTES = 1 << 22;

/** What no contribution changes, each section under the name that errors have. */
const KEPT = [
  ["protocol", ZKEY_SECTIONS.protocol],
  ["IC", ZKEY_SECTIONS.ic],
  ["coefficients", ZKEY_SECTIONS.coefficients],
  ["A", ZKEY_SECTIONS.a],
  ["B in G1", ZKEY_SECTIONS.b1],
  ["B in G2", ZKEY_SECTIONS.b2],
] as const;

/** What a contribution divides by its secret. */
const DIVIDED = [
  ["C", ZKEY_SECTIONS.c],
  ["H", ZKEY_SECTIONS.h],
] as const;

/**
 * Checks that a key is another one and one contribution: without circuit and powers of tau, so that it says as much of the second key as is
 * known of the first. Sections that no contribution changes are the same bytes; the contributions are a chain of one more; C and H were
 * divided by what delta was multiplied by, which for random scalars rho_i of 128 bits is
 *   e(sum rho_i C'_i, delta' G2) = e(sum rho_i C_i, delta G2).
 * @param beforeFile the key that was contributed to, checked before.
 * @throws SealpatchError `ceremony/other-history`, `ceremony/broken-chain`, `ceremony/other-successor` with the section that is wrong,
 *   `key/unreadable`.
 * @example
 * ```ts
 * import { checkSuccessor } from "sealpatch/proof";
 * await checkSuccessor("bind-2.zkey", "bind-3.zkey");
 * ```
 */
export async function checkSuccessor(
  beforeFile: string,
  afterFile: string,
  { onProgress = () => {} }: { readonly onProgress?: OnProgress } = {},
): Promise<void> {
  const progress = (fraction: number) => onProgress({ stage: "check contribution", fraction });
  progress(0);
  const histories = {
    before: await readContributions(beforeFile),
    after: await readContributions(afterFile),
  };
  assertFollows(histories.before, histories.after);
  await assertContributionChain(histories.after);
  const before = await SectionFile.open(beforeFile, "zkey");
  try {
    const after = await SectionFile.open(afterFile, "zkey");
    try {
      await assertKept(before, after);
      progress(0.2);
      await withThreads((threads) =>
        withCurve((curve) => assertDivided(threads, curve, { before, after }, histories, progress)),
      );
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

async function assertKept(before: SectionFile, after: SectionFile): Promise<void> {
  const [old, made] = await Promise.all([before, after].map((key) => key.read(ZKEY_SECTIONS.header)));
  const changed = Buffer.compare(headerParts(old!).fixed, headerParts(made!).fixed) !== 0;
  if (changed || old!.length !== made!.length) {
    throw otherSuccessor("header", "its sizes, alpha, beta or gamma are others than before");
  }
  for (const [section, id] of KEPT) {
    if (!(await isSameSection(before, after, id))) {
      throw otherSuccessor(section, "it is another than before, and no contribution changes it");
    }
  }
}

async function isSameSection(before: SectionFile, after: SectionFile, id: number): Promise<boolean> {
  const size = before.size(id);
  if (after.size(id) !== size) return false;
  for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, size - offset);
    if (!(await before.read(id, offset, length)).equals(await after.read(id, offset, length))) return false;
  }
  return true;
}

interface Pair<T> {
  readonly before: T;
  readonly after: T;
}

async function assertDivided(
  machine: Machine,
  curve: Curve,
  keys: Pair<SectionFile>,
  histories: Pair<Contributions>,
  progress: (fraction: number) => void,
): Promise<void> {
  const old = await openPoints(machine, curve, keys.before, histories.before, inOldKey);
  const made = await openPoints(machine, curve, keys.after, histories.after, otherSuccessor);
  for (const [position, [section, id]] of DIVIDED.entries()) {
    const rho = randomScalars(keys.before.size(id) / G1_BYTES);
    const sumBefore = await old.points.sum(section, "G1", id, rho);
    progress(0.4 * (position + 1));
    const sumAfter = await made.points.sum(section, "G1", id, rho);
    if (!isSameRatio(curve, [sumAfter, sumBefore], [old.delta2, made.delta2])) {
      throw otherSuccessor(section, "it was not divided by what delta was multiplied by");
    }
    progress(0.4 * (position + 1) + 0.2);
  }
}

async function openPoints(
  machine: Machine,
  curve: Curve,
  zkey: SectionFile,
  history: Contributions,
  refuse: Refuse,
): Promise<{ points: KeyPoints; delta2: Uint8Array }> {
  const delta = headerParts(await zkey.read(ZKEY_SECTIONS.header));
  assertDelta(curve, delta, history, refuse);
  return { points: new KeyPoints(machine, curve, zkey, refuse), delta2: delta.delta2 };
}

const inOldKey: Refuse = (section, why) => otherSuccessor(section, `in the key before, ${why}`);

function otherSuccessor(section: string, why: string): SealpatchError {
  return new SealpatchError(
    "ceremony/other-successor",
    "the key is not the one before it and a contribution",
    {
      details: { section },
      why: `section ${section}: ${why}`,
      remedy: "contribute to the newest key of this ceremony again",
    },
  );
}
