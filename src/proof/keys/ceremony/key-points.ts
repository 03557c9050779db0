import { randomBytes } from "node:crypto";
import type { Curve, Point } from "ffjavascript";
import type { Machine } from "../../arithmetic/index.js";
import type { SectionFile } from "../section-file.js";
import { pointSums } from "./point-sums.js";
import { firstOffCurve, type GroupName, type Refuse } from "./points.js";

/**
 * Bytes of a random scalar. For random rho_i of 128 bits, sum_i rho_i P_i = sum_i rho_i Q_i holds where all P_i = Q_i; where one of them
 * is another, at most one value of its rho_i in 2^128 lets it through, whatever the others are, as all points are of order r.
 */
export const RHO_BYTES = 16;

/** Random scalars, one a point. */
export function randomScalars(count: number): Buffer {
  return randomBytes(RHO_BYTES * count);
}

/** The points of a key's sections, each looked at before anything is computed with it. */
export class KeyPoints {
  readonly #machine: Machine;
  readonly #curve: Curve;
  readonly #zkey: SectionFile;
  readonly #refuse: Refuse;

  constructor(machine: Machine, curve: Curve, zkey: SectionFile, refuse: Refuse) {
    this.#machine = machine;
    this.#curve = curve;
    this.#zkey = zkey;
    this.#refuse = refuse;
  }

  /**
   * Sum of a section's points, each times its scalar, after every point was looked at.
   * @param onPart is told what part is done; in G2, which takes its time.
   */
  async sum(
    section: string,
    name: GroupName,
    id: number,
    rho: Uint8Array,
    onPart: (fraction: number) => void = () => {},
  ): Promise<Point> {
    const group = this.#curve[name];
    const points = new Uint8Array(await this.#zkey.read(id));
    if (points.length !== (rho.length / RHO_BYTES) * 2 * group.F.n8) {
      throw this.#refuse(section, "it has another number of points");
    }
    const off = firstOffCurve(this.#curve, name, points);
    if (off >= 0) throw this.#refuse(section, `point ${off} is not on the curve`);
    if (name === "G2") return this.#sumInSubgroup(section, points, rho, onPart);
    const [sum] = await pointSums(this.#machine, this.#curve, name, points, [rho]);
    return sum!;
  }

  /**
   * The sum byte by byte of the scalars, and whether each of the 16 sums is in the subgroup. The cofactor of the curve, 2q - r, has no prime
   * factor below 10,069, so a component outside the subgroup vanishes with one value of 256 at most: in all sums with 2^-128.
   */
  async #sumInSubgroup(
    section: string,
    points: Uint8Array,
    rho: Uint8Array,
    onPart: (fraction: number) => void,
  ): Promise<Point> {
    const { G2, r } = this.#curve;
    const bytes = Array.from({ length: RHO_BYTES }, (_, place) =>
      Uint8Array.from({ length: rho.length / RHO_BYTES }, (_, index) => rho[index * RHO_BYTES + place]!),
    );
    const parts = await pointSums(this.#machine, this.#curve, "G2", points, bytes, (done) =>
      onPart(done / RHO_BYTES),
    );
    let sum = G2.zero;
    for (const part of parts.reverse()) {
      if (!G2.isZero(G2.timesScalar(part, r))) {
        throw this.#refuse(section, "a point of it is outside the subgroup");
      }
      for (let bit = 0; bit < 8; bit++) sum = G2.double(sum);
      sum = G2.add(sum, part);
    }
    return sum;
  }
}
