import { Domain, LANES, type Machine, type PointList, PointReader } from "../arithmetic/index.js";
import {
  COEFFICIENT_BYTES,
  openZkey,
  type PointSection,
  type ProvingKey,
  unreadable,
  type ZkeyHeader,
} from "../keys/index.js";

/** Points, or coefficients, that are read at a time. */
const PORTION = 1 << 15;

/** A proving key in a machine's memory, with the tables of its domain: what proofs of one circuit share. */
export interface LoadedKey {
  readonly header: ZkeyHeader;
  readonly lists: Readonly<Record<PointSection, PointList>>;
  /** Address of delta in G1, a given point. */
  readonly delta1: number;
  readonly coefficients: { readonly address: number; readonly quadruples: number };
  readonly domain: Domain;
}

/** Numbers of the scalars that stand after the witness: what hides it. */
export const blindingWires = ({ wires }: ZkeyHeader) => ({ r: wires, s: wires + 1, count: wires + 2 });

/**
 * Loads a proving key. alpha, beta and delta become points of the sums of A and B, of the constant wire and of the blinding ones.
 * @throws SealpatchError `key/unreadable` as `openZkey`, and where a coefficient names a wire or a row that there is not.
 */
export async function loadKey(machine: Machine, zkeyFile: string): Promise<LoadedKey> {
  const key = await openZkey(zkeyFile);
  try {
    const { header } = key;
    const { wires, publicSignals, domainSize } = header;
    const bits = Math.log2(domainSize);
    if (!Number.isInteger(bits) || bits < 2)
      throw unreadable(zkeyFile, "its domain is no power of two from 4 on");
    const { r, s } = blindingWires(header);
    const read = async (
      section: PointSection,
      firstWire: number,
      count: number,
      more: readonly (readonly [point: Uint8Array, wire: number])[] = [],
    ) => {
      const reader = new PointReader(machine, section === "b2" ? "g2" : "g1", count + more.length);
      for (let first = 0; first < count; first += PORTION) {
        const portion = await key.points(section, first, Math.min(PORTION, count - first));
        await reader.add(portion, firstWire + first);
      }
      for (const [point, wire] of more) await reader.add(point, wire);
      return reader.list;
    };
    const { alpha1, beta1, beta2, delta1, delta2 } = header;
    const lists = {
      a: await read("a", 0, wires, [
        [alpha1, 0],
        [delta1, r],
      ]),
      b1: await read("b1", 0, wires, [
        [beta1, 0],
        [delta1, s],
      ]),
      b2: await read("b2", 0, wires, [
        [beta2, 0],
        [delta2, s],
      ]),
      c: await read("c", publicSignals + 1, wires - publicSignals - 1),
      h: await read("h", 0, domainSize),
    };
    const delta = new PointReader(machine, "g1", 1);
    await delta.add(delta1, 0);
    return {
      header,
      lists,
      delta1: delta.list.points,
      coefficients: await loadCoefficients(machine, key, zkeyFile),
      domain: await Domain.prepare(machine, bits),
    };
  } finally {
    await key.close();
  }
}

async function loadCoefficients(
  { memory }: Machine,
  key: ProvingKey,
  zkeyFile: string,
): Promise<LoadedKey["coefficients"]> {
  const { wires, domainSize } = key.header;
  const quadruples = Math.ceil(key.coefficientCount / LANES);
  const total = quadruples * LANES * COEFFICIENT_BYTES;
  const address = memory.take(total);
  const target = memory.bytes(address, total);
  for (let first = 0; first < key.coefficientCount; first += PORTION) {
    const portion = await key.coefficients(first, Math.min(PORTION, key.coefficientCount - first));
    const view = new DataView(portion.buffer, portion.byteOffset, portion.byteLength);
    for (let at = 0; at < portion.length; at += COEFFICIENT_BYTES) {
      const inRange =
        view.getUint32(at, true) < 2 &&
        view.getUint32(at + 4, true) < domainSize &&
        view.getUint32(at + 8, true) < wires;
      if (!inRange) throw unreadable(zkeyFile, "a coefficient names a row or a wire that there is not");
    }
    target.set(portion, first * COEFFICIENT_BYTES);
  }
  // Zero times the constant wire, in the first row of A.
  target.fill(0, key.coefficientCount * COEFFICIENT_BYTES);
  return { address, quadruples };
}
