import { randomBytes } from "node:crypto";
import type { Curve, Group, Point } from "ffjavascript";
import { SealpatchError } from "../../../errors.js";
import { withCurve } from "../../curve/index.js";
import type { OnProgress } from "../progress.js";
import { R1csFile } from "../r1cs.js";
import { SectionFile } from "../section-file.js";
import { pointBytes } from "../transcript.js";
import { domainPower, G1_BYTES, G2_BYTES, isReduced, keyHeader, ZKEY_SECTIONS } from "../zkey-format.js";
import { readPowersOfTau, smallPowers } from "./powers-of-tau.js";
import { type RowCombinations, readMatrices } from "./row-combinations.js";

/*
 * The initial key of a circuit, checked without making it again. With n = 2^k rows, L_j the powers of tau in the Lagrange basis of the
 * domain, and matrices A, B, C of the circuit, a key has for each wire i (Groth 2016, section 3.2, gamma = delta = 1)
 *   A_i = sum_j a_ij L_j,  B_i = sum_j b_ij L_j in both groups,  K_i = sum_j a_ij (beta L_j) + b_ij (alpha L_j) + c_ij L_j.
 * For random rho_i of 128 bits, sum_i rho_i A_i = sum_j (sum_i rho_i a_ij) L_j holds for every key that is right; where some A_i is
 * wrong, at most one value of rho_i in 2^128 lets it through, whatever the others are. That takes two multi-exponentiations a section. The
 * points must be of order r for this: G1 is all of its curve, and B in G2 is looked at below. H is a part of the powers' own file.
 */

/** Bytes of a random scalar. */
const RHO_BYTES = 16;
/**
 * Rounds of the check that points of G2 are in its subgroup, each with random scalars of 16 bits. The cofactor of the curve, 2q - r, has
 * no prime factor below 10,069, so a component outside the subgroup vanishes with at most 7 values of 65,536: (7 / 2^16)^10 < 2^-131.
 */
const SUBGROUP_ROUNDS = 10;
const SUBGROUP_SCALAR_BYTES = 2;

/** Sections of powers of tau in their Lagrange bases. */
const LAGRANGE = { g1: 12, g2: 13, alpha: 14, beta: 15 } as const;

/**
 * Checks that a key is the initial one of a circuit over given powers of tau: what `zKey.newZKey` of snarkjs would make, its hash of the
 * circuit aside, and no contribution. A false key passes with a probability below 2^-120.
 * @param files.ptauFile prepared; whether it is a pinned file is not looked at (`checkPowersOfTau`).
 * @throws SealpatchError `ceremony/other-initial-key` with the section that is wrong, `ceremony/small-powers-of-tau`, `key/unreadable`, and
 *   those of `readPowersOfTau`.
 * @example
 * ```ts
 * import { checkInitialKey } from "sealpatch/proof";
 * await checkInitialKey({ r1csFile: "bind.r1cs", ptauFile: "final_16.ptau", zkeyFile: "bind-0.zkey" });
 * ```
 */
export async function checkInitialKey(files: {
  readonly r1csFile: string;
  readonly ptauFile: string;
  readonly zkeyFile: string;
  readonly onProgress?: OnProgress;
}): Promise<void> {
  const { r1csFile, ptauFile, zkeyFile, onProgress = () => {} } = files;
  const powers = await readPowersOfTau(ptauFile);
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
    await withCurve((curve) => new InitialKey(curve, r1cs, ptau, zkey).check(r1csFile, onProgress));
  } finally {
    for (const file of open) await file.close();
  }
}

class InitialKey {
  readonly #curve: Curve;
  readonly #r1cs: R1csFile;
  readonly #ptau: SectionFile;
  readonly #zkey: SectionFile;
  readonly #rows: number;

  constructor(curve: Curve, r1cs: R1csFile, ptau: SectionFile, zkey: SectionFile) {
    this.#curve = curve;
    this.#r1cs = r1cs;
    this.#ptau = ptau;
    this.#zkey = zkey;
    this.#rows = 2 ** domainPower(r1cs.header);
  }

  async check(r1csFile: string, onProgress: OnProgress): Promise<void> {
    const stage = "check initial key";
    onProgress({ stage, fraction: 0 });
    await this.#checkHeader();
    await this.#checkContributions();
    await this.#checkH();
    onProgress({ stage, fraction: 0.1 });
    const { wires, publicSignals } = this.#r1cs.header;
    const rho = randomBytes(RHO_BYTES * wires);
    const rows = await readMatrices(this.#r1cs, {
      path: r1csFile,
      rows: this.#rows,
      rho,
      coefficients: await this.#zkey.read(ZKEY_SECTIONS.coefficients),
    });
    if (rows === undefined) throw otherKey("coefficients", "it holds other constraints");
    onProgress({ stage, fraction: 0.3 });
    const { G1, G2 } = this.#curve;
    await this.#checkSection("A", G1, ZKEY_SECTIONS.a, rho, [[LAGRANGE.g1, rows.a]]);
    onProgress({ stage, fraction: 0.45 });
    await this.#checkSection("B in G1", G1, ZKEY_SECTIONS.b1, rho, [[LAGRANGE.g1, rows.b]]);
    onProgress({ stage, fraction: 0.6 });
    await this.#checkSection("B in G2", G2, ZKEY_SECTIONS.b2, rho, [[LAGRANGE.g2, rows.b]]);
    onProgress({ stage, fraction: 0.8 });
    await this.#checkCombined(rho, rows, publicSignals + 1);
    onProgress({ stage, fraction: 1 });
  }

  async #checkHeader(): Promise<void> {
    const { G1, G2 } = this.#curve;
    const expected = keyHeader(this.#r1cs.header, {
      alpha1: await this.#ptau.read(4, 0, G1_BYTES),
      beta1: await this.#ptau.read(5, 0, G1_BYTES),
      beta2: await this.#ptau.read(6, 0, G2_BYTES),
      gamma2: pointBytes(G2, G2.g),
      delta1: pointBytes(G1, G1.g),
      delta2: pointBytes(G2, G2.g),
    });
    const actual = await this.#zkey.read(ZKEY_SECTIONS.header);
    if (!expected.equals(actual)) {
      throw otherKey("header", "its sizes, alpha, beta, gamma or delta are others");
    }
  }

  /** Hash of the circuit, 64 bytes, and how many contributions. */
  async #checkContributions(): Promise<void> {
    const bytes = await this.#zkey.read(ZKEY_SECTIONS.contributions);
    if (bytes.length !== 68 || bytes.readUInt32LE(64) !== 0) {
      throw otherKey("contributions", "somebody has contributed to it");
    }
  }

  /** The odd points of the double domain. */
  async #checkH(): Promise<void> {
    const size = this.#rows * G1_BYTES;
    const double = await this.#ptau.read(LAGRANGE.g1, 2 * size - G1_BYTES, 2 * size);
    const actual = await this.#zkey.read(ZKEY_SECTIONS.h);
    let same = actual.length === size;
    for (let row = 0; same && row < this.#rows; row++) {
      const odd = (2 * row + 1) * G1_BYTES;
      same = actual.compare(double, odd, odd + G1_BYTES, row * G1_BYTES, (row + 1) * G1_BYTES) === 0;
    }
    if (!same) throw otherKey("H", "its points are not those of the powers of tau");
  }

  /** The public and the private wires' points together: they follow the same formula. */
  async #checkCombined(rho: Buffer, { a, b, c }: RowCombinations, publicWires: number): Promise<void> {
    const { G1 } = this.#curve;
    const split = publicWires * RHO_BYTES;
    const left = G1.add(
      await this.#sum("IC", G1, ZKEY_SECTIONS.ic, rho.subarray(0, split)),
      await this.#sum("C", G1, ZKEY_SECTIONS.c, rho.subarray(split)),
    );
    const right = await this.#combination(G1, [
      [LAGRANGE.beta, a],
      [LAGRANGE.alpha, b],
      [LAGRANGE.g1, c],
    ]);
    if (!G1.eq(left, right)) throw otherKey("IC and C", NOT_THE_COMBINATIONS);
  }

  async #checkSection(
    name: string,
    group: Group,
    id: number,
    rho: Buffer,
    terms: readonly (readonly [number, Uint8Array])[],
  ): Promise<void> {
    const left = await this.#sum(name, group, id, rho);
    const right = await this.#combination(group, terms);
    if (!group.eq(left, right)) throw otherKey(name, NOT_THE_COMBINATIONS);
  }

  /** Sum of a section's points, each times its random scalar, after every point was looked at. */
  async #sum(name: string, group: Group, id: number, rho: Uint8Array): Promise<Point> {
    const points = await this.#zkey.read(id);
    const bytes = 2 * group.F.n8;
    if (points.length !== (rho.length / RHO_BYTES) * bytes) {
      throw otherKey(name, "it has another number of points");
    }
    for (let start = 0; start < points.length; start += bytes) {
      const point = new Uint8Array(points.subarray(start, start + bytes));
      if (!isReduced(point) || !group.isValid(point)) {
        throw otherKey(name, `point ${start / bytes} is not on the curve`);
      }
    }
    if (group === this.#curve.G2) await this.#checkSubgroup(name, group, new Uint8Array(points));
    return group.multiExpAffine(new Uint8Array(points), new Uint8Array(rho));
  }

  async #checkSubgroup(name: string, group: Group, points: Uint8Array): Promise<void> {
    const count = points.length / (2 * group.F.n8);
    for (let round = 0; round < SUBGROUP_ROUNDS; round++) {
      const scalars = new Uint8Array(randomBytes(count * SUBGROUP_SCALAR_BYTES));
      const sum = await group.multiExpAffine(points, scalars);
      if (!group.isZero(group.timesScalar(sum, this.#curve.r))) {
        throw otherKey(name, "a point of it is outside the subgroup");
      }
    }
  }

  /** Sum of the rows' scalars times the powers of tau in the domain's Lagrange basis. */
  async #combination(group: Group, terms: readonly (readonly [number, Uint8Array])[]): Promise<Point> {
    const bytes = 2 * group.F.n8;
    let sum = group.zero;
    for (const [section, scalars] of terms) {
      const basis = await this.#ptau.read(section, (this.#rows - 1) * bytes, this.#rows * bytes);
      sum = group.add(sum, await group.multiExpAffine(new Uint8Array(basis), scalars));
    }
    return sum;
  }
}

const NOT_THE_COMBINATIONS = "its points are not the circuit's combinations of the powers of tau";

function otherKey(section: string, why: string): SealpatchError {
  return new SealpatchError("ceremony/other-initial-key", "this is not the circuit's initial key", {
    details: { section },
    why: `section ${section}: ${why}`,
    remedy: "make the initial key again, from the circuit and the powers of tau that the ceremony names",
  });
}
