import { createHash } from "node:crypto";
import type { Curve } from "ffjavascript";
import { FixedBase } from "../arithmetic/index.js";
import { type Threads, withThreads } from "../curve/index.js";
import type { SetupSecrets } from "./development-secrets.js";
import type { OnProgress } from "./progress.js";
import { type KeyScalars, QapEvaluation } from "./qap.js";
import { R1csFile, type R1csHeader } from "./r1cs.js";
import { SCALAR_BYTES, ScalarMemory } from "./scalar-memory.js";
import { type SectionWriter, uint32, writeSectionFile } from "./section-file.js";
import { pointBytes } from "./transcript.js";
import {
  COEFFICIENT_BYTES,
  domainPower,
  GROTH16_PROTOCOL,
  keyHeader,
  ZKEY_SECTIONS,
  ZKEY_VERSION,
} from "./zkey-format.js";

const LARGE_DOMAIN_POWER = 16;

/** What a key is made of whose secrets are known. */
export interface KeyFromSecrets {
  readonly r1csFile: string;
  readonly zkeyFile: string;
  readonly secrets: SetupSecrets;
  /** Section 10, from a hash of the circuit (64 bytes). */
  contributions(curve: Curve, circuitHash: Buffer): Buffer | Promise<Buffer>;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Makes a Groth16 proving key straight from a circuit's constraints and the secrets of its setup. Every element of a key is a known
 * multiple of a generator once they are known (Groth 2016, section 3.2): the scalars come from the constraints, the points from
 * fixed-base multiplication on all cores. The file appears complete or not at all.
 * @throws SealpatchError `key/unreadable` where the r1cs file is missing, malformed, or not over BN254.
 */
export async function makeKeyFromSecrets(key: KeyFromSecrets): Promise<void> {
  const r1cs = await R1csFile.open(key.r1csFile);
  try {
    // A curve of its own, not the one ffjavascript shares within the process: its memory is this key's workspace.
    const { buildBn128 } = await import("ffjavascript");
    const curve = await buildBn128(true);
    await withThreads(async (threads) => {
      const maker = new KeyMaker(curve, threads, r1cs, key);
      await writeSectionFile(key.zkeyFile, (writer) => maker.write(writer));
    });
  } finally {
    await r1cs.close();
  }
}

class KeyMaker {
  readonly #header: R1csHeader;
  readonly #domainSize: number;
  readonly #memory: ScalarMemory;
  readonly #circuitHash = createHash("blake2b512");
  readonly #curve: Curve;
  readonly #threads: Threads;
  readonly #r1cs: R1csFile;
  readonly #key: KeyFromSecrets;
  readonly #onProgress: OnProgress;

  constructor(curve: Curve, threads: Threads, r1cs: R1csFile, key: KeyFromSecrets) {
    this.#curve = curve;
    this.#threads = threads;
    this.#r1cs = r1cs;
    this.#key = key;
    this.#onProgress = key.onProgress ?? (() => {});
    this.#header = r1cs.header;
    this.#domainSize = 2 ** domainPower(this.#header);
    this.#memory = new ScalarMemory(curve);
  }

  async write(writer: SectionWriter): Promise<void> {
    await writer.begin("zkey", ZKEY_VERSION, Object.keys(ZKEY_SECTIONS).length);
    await writer.section(ZKEY_SECTIONS.protocol, () => writer.write(uint32(GROTH16_PROTOCOL)));
    await writer.section(ZKEY_SECTIONS.header, () => writer.write(this.#zkeyHeader()));
    const scalars = await this.#writeCoefficients(writer);
    await this.#writePoints(writer, scalars);
    const contributions = await this.#key.contributions(this.#curve, this.#circuitHash.digest());
    await writer.section(ZKEY_SECTIONS.contributions, () => writer.write(contributions));
  }

  #zkeyHeader(): Buffer {
    const { G1, G2 } = this.#curve;
    const { alpha, beta, delta } = this.#key.secrets;
    const inG1 = (scalar: bigint) => pointBytes(G1, G1.timesScalar(G1.g, scalar));
    const inG2 = (scalar: bigint) => pointBytes(G2, G2.timesScalar(G2.g, scalar));
    // gamma is the generator, as in snarkjs: all keys of its ceremonies have it.
    return keyHeader(this.#header, {
      alpha1: inG1(alpha),
      beta1: inG1(beta),
      beta2: inG2(beta),
      gamma2: inG2(1n),
      delta1: inG1(delta),
      delta2: inG2(delta),
    });
  }

  async #writeCoefficients(writer: SectionWriter): Promise<KeyScalars> {
    this.#onProgress({ stage: "constraints", fraction: 0 });
    const { Fr } = this.#curve;
    const root = Fr.toObject(Fr.w[domainPower(this.#header) + 1]!);
    const qap = new QapEvaluation(this.#memory, this.#header, this.#key.secrets, root, this.#key.r1csFile);
    this.#circuitHash.update(
      uint32(this.#header.wires, this.#header.publicSignals, this.#header.constraints),
    );
    let bytes = 0;
    let constraints = 0;
    const append = (coefficients: Uint8Array) => {
      bytes += coefficients.length;
      return writer.write(coefficients);
    };
    await writer.section(ZKEY_SECTIONS.coefficients, async () => {
      await writer.write(uint32(0));
      for await (const block of this.#r1cs.blocks()) {
        this.#circuitHash.update(block.bytes);
        await append(qap.addConstraints(block));
        constraints += block.constraints;
        this.#onProgress({ stage: "constraints", fraction: constraints / this.#header.constraints });
      }
      await append(qap.addPublicRows());
      await writer.patch(0, uint32(bytes / COEFFICIENT_BYTES));
    });
    return qap.finish();
  }

  async #writePoints(writer: SectionWriter, scalars: KeyScalars): Promise<void> {
    this.#onProgress({ stage: "points", fraction: 0 });
    const { wires, publicSignals } = this.#header;
    const large = domainPower(this.#header) >= LARGE_DOMAIN_POWER;
    const g1 = await FixedBase.prepare(this.#threads, { group: "g1", large });
    const g2 = await FixedBase.prepare(this.#threads, { group: "g2", large });
    const firstPrivate = publicSignals + 1;
    const sections = [
      { id: ZKEY_SECTIONS.ic, base: g1, address: scalars.combined, count: firstPrivate },
      { id: ZKEY_SECTIONS.a, base: g1, address: scalars.a, count: wires },
      { id: ZKEY_SECTIONS.b1, base: g1, address: scalars.b, count: wires },
      { id: ZKEY_SECTIONS.b2, base: g2, address: scalars.b, count: wires },
      {
        id: ZKEY_SECTIONS.c,
        base: g1,
        address: scalars.combined + firstPrivate * SCALAR_BYTES,
        count: wires - firstPrivate,
      },
      { id: ZKEY_SECTIONS.h, base: g1, address: scalars.quotient, count: this.#domainSize },
    ];
    const total = sections.reduce((sum, { base, count }) => sum + base.weight * count, 0);
    let done = 0;
    for (const { id, base, address, count } of sections) {
      const points = await base.multiply(this.#memory.bytes(address, count * SCALAR_BYTES), (more) => {
        done += base.weight * more;
        this.#onProgress({ stage: "points", fraction: done / total });
      });
      await writer.section(id, async () => {
        for (const batch of points) await writer.write(batch);
      });
    }
  }
}
