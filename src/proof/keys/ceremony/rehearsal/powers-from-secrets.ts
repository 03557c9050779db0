import { buildBn128, type Curve } from "ffjavascript";
import { FIELD_ORDER } from "../../../../field/index.js";
import { BASE_FIELD_ORDER, FixedBase } from "../../../arithmetic/index.js";
import { withThreads } from "../../../curve/index.js";
import { inverse, power as raise } from "../../modular.js";
import { SCALAR_BYTES, ScalarMemory } from "../../scalar-memory.js";
import { evaluateLagrange, writeGeometric } from "../../scalar-series.js";
import { type SectionWriter, uint32, uint256, writeSectionFile } from "../../section-file.js";
import { FIELD_BYTES } from "../../zkey-format.js";

/*
 * Powers of tau whose secrets are known are multiples of the generators by known scalars, so that they are made in seconds; snarkjs needs
 * minutes to prepare 2^14 of them. Who knows tau, alpha and beta forges proofs whatever others contribute later: for tests and rehearsals.
 */

const LARGE_POWER = 14;
const PTAU_VERSION = 1;
/** Header, powers, contributions; then what the powers are over Lagrange bases. */
const SECTIONS = { header: 1, g1: 2, g2: 3, alpha: 4, beta: 5, beta2: 6, contributions: 7 } as const;
const PREPARED_SECTIONS = { g1: 12, g2: 13, alpha: 14, beta: 15 } as const;

/** What nobody may know of powers of tau: numbers below the field's order, tau no root of unity, none of them zero. */
export interface PowersSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
}

/**
 * Writes prepared powers of tau, without any contribution: the bytes that snarkjs' `powersOfTau.preparePhase2` makes of the same powers.
 * The file appears complete or not at all.
 * @param options.power for circuits of up to 2^power rows.
 */
export async function writePowersOfTau(
  path: string,
  { power, ...secrets }: PowersSecrets & { readonly power: number },
): Promise<void> {
  // A curve of its own: its memory is the workspace.
  const curve = await buildBn128(true);
  await withThreads(async (threads) => {
    const large = power >= LARGE_POWER;
    const g1 = await FixedBase.prepare(threads, { group: "g1", large });
    const g2 = await FixedBase.prepare(threads, { group: "g2", large });
    const maker = new PowersMaker(curve, secrets, power, { g1, g2 });
    await writeSectionFile(path, (writer) => maker.write(writer));
  });
}

class PowersMaker {
  readonly #curve: Curve;
  readonly #memory: ScalarMemory;
  readonly #secrets: PowersSecrets;
  readonly #power: number;
  readonly #bases: { readonly g1: FixedBase; readonly g2: FixedBase };

  constructor(
    curve: Curve,
    secrets: PowersSecrets,
    power: number,
    bases: { readonly g1: FixedBase; readonly g2: FixedBase },
  ) {
    this.#curve = curve;
    this.#memory = new ScalarMemory(curve);
    this.#secrets = secrets;
    this.#power = power;
    this.#bases = bases;
  }

  async write(writer: SectionWriter): Promise<void> {
    const { alpha, beta } = this.#secrets;
    const { g1, g2 } = this.#bases;
    const size = 2 ** this.#power;
    await writer.begin("ptau", PTAU_VERSION, [SECTIONS, PREPARED_SECTIONS].flatMap(Object.keys).length);
    const header = [uint32(FIELD_BYTES), uint256(BASE_FIELD_ORDER), uint32(this.#power, this.#power)];
    await writer.section(SECTIONS.header, () => writer.write(Buffer.concat(header)));
    const powers = (id: number, base: FixedBase, first: bigint, count: number) =>
      writer.section(id, () => this.#powers(writer, base, first, count));
    await powers(SECTIONS.g1, g1, 1n, 2 * size - 1);
    await powers(SECTIONS.g2, g2, 1n, size);
    await powers(SECTIONS.alpha, g1, alpha, size);
    await powers(SECTIONS.beta, g1, beta, size);
    await powers(SECTIONS.beta2, g2, beta, 1);
    await writer.section(SECTIONS.contributions, () => writer.write(uint32(0)));
    const lagrange = (id: number, base: FixedBase, factor: bigint) =>
      writer.section(id, async () => {
        for (let domain = 0; domain <= this.#power; domain++) {
          await this.#lagrange(writer, base, factor, domain);
        }
        // snarkjs prepares the double domain for H, in G1 alone.
        if (id === PREPARED_SECTIONS.g1) await this.#lagrange(writer, base, factor, this.#power + 1);
      });
    await lagrange(PREPARED_SECTIONS.g1, g1, 1n);
    await lagrange(PREPARED_SECTIONS.g2, g2, 1n);
    await lagrange(PREPARED_SECTIONS.alpha, g1, alpha);
    await lagrange(PREPARED_SECTIONS.beta, g1, beta);
  }

  /** first * tau^i for i below `count`. */
  #powers(writer: SectionWriter, base: FixedBase, first: bigint, count: number): Promise<void> {
    return this.#points(writer, base, count, (target) =>
      writeGeometric(this.#memory, target, { count, first, step: this.#secrets.tau }),
    );
  }

  /** factor * L_j(tau) for the elements of a domain of 2^domain. */
  #lagrange(writer: SectionWriter, base: FixedBase, factor: bigint, domain: number): Promise<void> {
    const { Fr } = this.#curve;
    const { tau } = this.#secrets;
    const size = 2 ** domain;
    const step = Fr.toObject(Fr.w[domain]!);
    const scale = (factor * (raise(tau, BigInt(size)) - 1n) * inverse(BigInt(size))) % FIELD_ORDER;
    return this.#points(writer, base, size, (target) => {
      evaluateLagrange(this.#memory, target, { size, tau, first: 1n, step, scale });
      if (domain > this.#power) this.#dropHighest(target, size, step);
    });
  }

  /**
   * A file has no power tau^(size - 1) for the double domain, and snarkjs takes zero for it: the j-th scalar lacks its share,
   * tau^(size - 1) w^(-j (size - 1)) / size, where w^(-j (size - 1)) = w^j.
   */
  #dropHighest(target: number, size: number, step: bigint): void {
    const memory = this.#memory;
    const first = (raise(this.#secrets.tau, BigInt(size - 1)) * inverse(BigInt(size))) % FIELD_ORDER;
    memory.temporarily(() => {
      const shares = memory.allocate(size);
      writeGeometric(memory, shares, { count: size, first, step });
      for (let offset = 0; offset < size * SCALAR_BYTES; offset += SCALAR_BYTES) {
        memory.subtract(target + offset, shares + offset, target + offset);
      }
    });
  }

  async #points(
    writer: SectionWriter,
    base: FixedBase,
    count: number,
    fill: (target: number) => void,
  ): Promise<void> {
    const memory = this.#memory;
    // The scalars are copied before the first thread answers.
    const points = memory.temporarily(() => {
      const target = memory.allocate(count);
      fill(target);
      memory.toPlain(target, count);
      return base.multiply(memory.bytes(target, count * SCALAR_BYTES));
    });
    for (const batch of await points) await writer.write(batch);
  }
}
