import { FIELD_ORDER } from "../../field/index.js";
import { SCALAR_BYTES, type ScalarMemory } from "./scalar-memory.js";

/** Writes first * step^j for j below `count`, in Montgomery form. */
export function writeGeometric(
  memory: ScalarMemory,
  target: number,
  { count, first, step }: { count: number; first: bigint; step: bigint },
): void {
  memory.temporarily(() => {
    const factor = memory.montgomery(step);
    memory.bytes(target, SCALAR_BYTES).set(memory.bytes(memory.montgomery(first), SCALAR_BYTES));
    const end = target + count * SCALAR_BYTES;
    for (let next = target + SCALAR_BYTES; next < end; next += SCALAR_BYTES) {
      memory.multiply(next - SCALAR_BYTES, factor, next);
    }
  });
}

/** Writes scale * x_j / (tau - x_j), x_j = first * step^j, in Montgomery form: Lagrange polynomials at tau. */
export function evaluateLagrange(
  memory: ScalarMemory,
  target: number,
  {
    size,
    tau,
    first,
    step,
    scale,
  }: { size: number; tau: bigint; first: bigint; step: bigint; scale: bigint },
): void {
  memory.temporarily(() => {
    const points = memory.allocate(size);
    writeGeometric(memory, points, { count: size, first, step });
    const tauAddress = memory.montgomery(tau);
    const scaleAddress = memory.montgomery(((scale % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER);
    for (let offset = 0; offset < size * SCALAR_BYTES; offset += SCALAR_BYTES) {
      memory.subtract(tauAddress, points + offset, target + offset);
    }
    memory.invertAll(target, size);
    for (let offset = 0; offset < size * SCALAR_BYTES; offset += SCALAR_BYTES) {
      memory.multiply(points + offset, scaleAddress, points + offset);
      memory.multiply(target + offset, points + offset, target + offset);
    }
  });
}
