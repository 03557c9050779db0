import { withCurve, withThreads } from "../../curve/index.js";
import { readContributions } from "../contributions.js";
import type { OnProgress } from "../progress.js";
import { R1csFile } from "../r1cs.js";
import { SectionFile } from "../section-file.js";
import { domainPower } from "../zkey-format.js";
import { KeySections } from "./key-sections.js";
import { readPowersOfTau, smallPowers } from "./powers-of-tau.js";

/** Files of a key that is to be checked. */
export interface KeyFiles {
  readonly r1csFile: string;
  /** Prepared; whether it is a pinned file is not looked at (`checkPowersOfTau`). */
  readonly ptauFile: string;
  readonly zkeyFile: string;
  readonly onProgress?: OnProgress;
}

/**
 * Checks that a key is one of a circuit over given powers of tau, whatever its contributions: every section follows from constraints, powers
 * and the delta of its last contribution. A false key passes with a probability below 2^-120. It does not ask whether the contributions are a
 * chain (`assertContributionChain`), nor whether they were made for this circuit: `circuitHash` of `readContributions` has to be that of an
 * initial key which `checkInitialKey` takes, as contributions to another circuit's key may help to forge this one's proofs.
 * @throws SealpatchError `ceremony/other-key` with the section that is wrong, `ceremony/small-powers-of-tau`, `key/unreadable`, and
 *   those of `readPowersOfTau`.
 * @example
 * ```ts
 * import { checkKey } from "sealpatch/proof";
 * await checkKey({ r1csFile: "bind.r1cs", ptauFile: "final_16.ptau", zkeyFile: "bind-3.zkey" });
 * ```
 */
export async function checkKey(files: KeyFiles): Promise<void> {
  await withSections(files, (sections, onProgress) => sections.check(onProgress));
}

/**
 * Checks that a key is the initial one of a circuit over given powers of tau: what `zKey.newZKey` of snarkjs would make, with its hash of the
 * circuit.
 * @throws SealpatchError `ceremony/other-initial-key` where somebody has contributed or the hash is another, and as `checkKey`.
 * @example
 * ```ts
 * import { checkInitialKey } from "sealpatch/proof";
 * await checkInitialKey({ r1csFile: "bind.r1cs", ptauFile: "final_16.ptau", zkeyFile: "bind-0.zkey" });
 * ```
 */
export async function checkInitialKey(files: KeyFiles): Promise<void> {
  await withSections(files, async (sections, onProgress) => {
    sections.assertNoContribution();
    // Without contribution, delta is the generator there.
    await sections.check(onProgress);
    await sections.assertCircuitHash();
  });
}

async function withSections(
  files: KeyFiles,
  work: (sections: KeySections, onProgress: (fraction: number) => void) => Promise<void>,
): Promise<void> {
  const { r1csFile, ptauFile, zkeyFile, onProgress = () => {} } = files;
  const progress = (fraction: number) => onProgress({ stage: "check key", fraction });
  progress(0);
  const powers = await readPowersOfTau(ptauFile);
  const contributions = await readContributions(zkeyFile);
  const open: { close(): Promise<void> }[] = [];
  try {
    const r1cs = await R1csFile.open(r1csFile);
    open.push(r1cs);
    const ptau = await SectionFile.open(ptauFile, "ptau");
    open.push(ptau);
    const zkey = await SectionFile.open(zkeyFile, "zkey");
    open.push(zkey);
    const power = domainPower(r1cs.header);
    if (powers.power < power) throw smallPowers(ptauFile, powers.power, power);
    const key = { r1cs, r1csFile, ptau, zkey, contributions };
    await withThreads((threads) =>
      withCurve((curve) => work(new KeySections(threads, curve, key), progress)),
    );
    progress(1);
  } finally {
    for (const file of open) await file.close();
  }
}
