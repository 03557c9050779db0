import type { Curve, Point } from "ffjavascript";
import { SealpatchError } from "../../../errors.js";
import type { Machine } from "../../arithmetic/index.js";
import type { Contributions } from "../contributions.js";
import type { R1csFile } from "../r1cs.js";
import { type SectionFile, uint32 } from "../section-file.js";
import { pointBytes } from "../transcript.js";
import {
  domainPower,
  G1_BYTES,
  G2_BYTES,
  GROTH16_PROTOCOL,
  headerParts,
  keyHeader,
  ZKEY_SECTIONS,
} from "../zkey-format.js";
import { circuitHashOf } from "./circuit-hash.js";
import { KeyPoints, RHO_BYTES, randomScalars } from "./key-points.js";
import { pointSums } from "./point-sums.js";
import { assertDelta, isSameRatio } from "./points.js";
import { type RowCombinations, readMatrices } from "./row-combinations.js";

/*
 * A key of a ceremony, checked against its circuit and the powers of tau without making any key. With n = 2^k rows, L_j the powers of tau
 * in the Lagrange basis of the domain, P_j the odd ones of the double domain, and matrices A, B, C of the circuit, a key has for each wire
 * i (Groth 2016, section 3.2, gamma = 1)
 *   A_i = sum_j a_ij L_j,  B_i = sum_j b_ij L_j in both groups,  K_i = sum_j a_ij (beta L_j) + b_ij (alpha L_j) + c_ij L_j,
 * where K_i stands in IC for the public wires, and divided by delta in C for the private ones, and H_j = P_j / delta. With random rho_i,
 *   sum_i rho_i A_i = sum_j (sum_i rho_i a_ij) L_j,
 * the same for B, and with pairings, as nobody knows delta,
 *   e(sum rho_i C_i, delta G2) = e(sum_j ... - sum rho_i IC_i, G2),  e(sum rho_j H_j, delta G2) = e(sum rho_j P_j, G2).
 * That takes two multi-exponentiations a section; key-points.ts says what a false key's chances are.
 */

/** Sections of powers of tau in their Lagrange bases. */
const LAGRANGE = { g1: 12, g2: 13, alpha: 14, beta: 15 } as const;

/** The open files of a key that is to be checked. */
export interface OpenKey {
  readonly r1cs: R1csFile;
  readonly r1csFile: string;
  readonly ptau: SectionFile;
  readonly zkey: SectionFile;
  readonly contributions: Contributions;
}

/** What a key's sections have to be. Errors as `checkKey` and `checkInitialKey`. */
export class KeySections {
  readonly #machine: Machine;
  readonly #curve: Curve;
  readonly #key: OpenKey;
  readonly #points: KeyPoints;
  readonly #rows: number;

  constructor(machine: Machine, curve: Curve, key: OpenKey) {
    this.#machine = machine;
    this.#curve = curve;
    this.#key = key;
    this.#points = new KeyPoints(machine, curve, key.zkey, otherKey);
    this.#rows = 2 ** domainPower(key.r1cs.header);
  }

  async check(onProgress: (fraction: number) => void): Promise<void> {
    const { r1cs, r1csFile, zkey } = this.#key;
    const delta = await this.#checkHeader();
    const rho = randomScalars(r1cs.header.wires);
    const rows = await readMatrices(r1cs, {
      path: r1csFile,
      rows: this.#rows,
      rho,
      coefficients: await zkey.read(ZKEY_SECTIONS.coefficients),
    });
    if (rows === undefined) throw otherKey("coefficients", "it holds other constraints");
    onProgress(0.2);
    await this.#checkSection("A", "G1", ZKEY_SECTIONS.a, rho, LAGRANGE.g1, rows.a);
    onProgress(0.3);
    await this.#checkSection("B in G1", "G1", ZKEY_SECTIONS.b1, rho, LAGRANGE.g1, rows.b);
    onProgress(0.4);
    await this.#checkSection("B in G2", "G2", ZKEY_SECTIONS.b2, rho, LAGRANGE.g2, rows.b, (part) =>
      onProgress(0.4 + 0.3 * part),
    );
    onProgress(0.7);
    await this.#checkCombined(rho, rows, delta);
    onProgress(0.9);
    await this.#checkH(delta);
  }

  assertNoContribution(): void {
    if (this.#key.contributions.entries.length > 0) throw otherInitialKey("somebody has contributed to it");
  }

  /** After everything that it is a hash of was checked. */
  async assertCircuitHash(): Promise<void> {
    const hash = await circuitHashOf(this.#curve, this.#key, this.#rows);
    if (!hash.equals(this.#key.contributions.circuitHash)) {
      throw otherInitialKey("its contributions begin with the hash of another circuit");
    }
  }

  /** @returns delta in G2. */
  async #checkHeader(): Promise<Uint8Array> {
    const { r1cs, ptau, zkey, contributions } = this.#key;
    const protocol = await zkey.read(ZKEY_SECTIONS.protocol);
    if (!protocol.equals(uint32(GROTH16_PROTOCOL))) throw otherKey("protocol", "it is not Groth16");
    const actual = await zkey.read(ZKEY_SECTIONS.header);
    const { delta1, delta2 } = headerParts(actual);
    const expected = keyHeader(r1cs.header, {
      alpha1: await ptau.read(4, 0, G1_BYTES),
      beta1: await ptau.read(5, 0, G1_BYTES),
      beta2: await ptau.read(6, 0, G2_BYTES),
      gamma2: pointBytes(this.#curve.G2, this.#curve.G2.g),
      delta1,
      delta2,
    });
    if (!expected.equals(actual)) throw otherKey("header", "its sizes, alpha, beta or gamma are others");
    assertDelta(this.#curve, { delta1, delta2 }, contributions, otherKey);
    return delta2;
  }

  async #checkSection(
    section: string,
    name: "G1" | "G2",
    id: number,
    rho: Buffer,
    basis: number,
    rows: Uint8Array,
    onPart?: (fraction: number) => void,
  ): Promise<void> {
    const group = this.#curve[name];
    const left = await this.#points.sum(section, name, id, rho, onPart);
    if (!group.eq(left, await this.#combination(name, basis, rows))) {
      throw otherKey(section, NOT_THE_COMBINATIONS);
    }
  }

  /** The public and the private wires' points together: they follow the same formula. */
  async #checkCombined(rho: Buffer, { a, b, c }: RowCombinations, delta2: Uint8Array): Promise<void> {
    const { G1, G2 } = this.#curve;
    const split = (this.#key.r1cs.header.publicSignals + 1) * RHO_BYTES;
    const ofPublic = await this.#points.sum("IC", "G1", ZKEY_SECTIONS.ic, rho.subarray(0, split));
    const ofPrivate = await this.#points.sum("C", "G1", ZKEY_SECTIONS.c, rho.subarray(split));
    let expected = G1.neg(ofPublic);
    expected = G1.add(expected, await this.#combination("G1", LAGRANGE.beta, a));
    expected = G1.add(expected, await this.#combination("G1", LAGRANGE.alpha, b));
    expected = G1.add(expected, await this.#combination("G1", LAGRANGE.g1, c));
    if (!isSameRatio(this.#curve, [ofPrivate, expected], [G2.g, delta2])) {
      throw otherKey("IC and C", NOT_THE_COMBINATIONS);
    }
  }

  async #checkH(delta2: Uint8Array): Promise<void> {
    const { G2 } = this.#curve;
    const rho = randomScalars(this.#rows);
    const left = await this.#points.sum("H", "G1", ZKEY_SECTIONS.h, rho);
    const size = this.#rows * G1_BYTES;
    const double = await this.#key.ptau.read(LAGRANGE.g1, 2 * size - G1_BYTES, 2 * size);
    const odd = new Uint8Array(size);
    for (let start = 0; start < size; start += G1_BYTES) {
      odd.set(double.subarray(2 * start + G1_BYTES, 2 * start + 2 * G1_BYTES), start);
    }
    const [right] = await pointSums(this.#machine, this.#curve, "G1", odd, [rho]);
    if (!isSameRatio(this.#curve, [left, right!], [G2.g, delta2])) {
      throw otherKey("H", "its points are not those of the powers of tau");
    }
  }

  /** Sum of the rows' scalars times powers of tau in the domain's Lagrange basis. */
  async #combination(name: "G1" | "G2", section: number, rows: Uint8Array): Promise<Point> {
    const bytes = name === "G1" ? G1_BYTES : G2_BYTES;
    const basis = await this.#key.ptau.read(section, (this.#rows - 1) * bytes, this.#rows * bytes);
    const [sum] = await pointSums(this.#machine, this.#curve, name, basis, [rows]);
    return sum!;
  }
}

const NOT_THE_COMBINATIONS = "its points are not the circuit's combinations of the powers of tau";

function otherInitialKey(why: string): SealpatchError {
  return new SealpatchError("ceremony/other-initial-key", "this is not the circuit's initial key", {
    details: { section: "contributions" },
    why,
    remedy: "make the initial key again, from the circuit and the powers of tau that the ceremony names",
  });
}

function otherKey(section: string, why: string): SealpatchError {
  return new SealpatchError("ceremony/other-key", "this is no key of the circuit over these powers of tau", {
    details: { section },
    why: `section ${section}: ${why}`,
    remedy: "check which circuit and which powers of tau the ceremony names, or go on from an earlier key",
  });
}
