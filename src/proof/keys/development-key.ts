import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Curve } from "ffjavascript";
import { SealpatchError } from "../../errors.js";
import { developmentContribution } from "./development-contribution.js";
import { DEVELOPMENT_SEED, developmentSecrets, type SetupSecrets } from "./development-secrets.js";
import { keyFingerprint } from "./fingerprint.js";
import { FixedBase } from "./fixed-base.js";
import { addFixedBaseFunctions } from "./fixed-base-wasm.js";
import type { OnProgress } from "./progress.js";
import { type KeyScalars, QapEvaluation } from "./qap.js";
import { R1csFile, type R1csHeader } from "./r1cs.js";
import { SCALAR_BYTES, ScalarMemory } from "./scalar-memory.js";
import { type SectionWriter, uint32, writeSectionFile } from "./section-file.js";
import { pointBytes } from "./transcript.js";
import { WorkerPool } from "./worker-pool.js";
import {
  COEFFICIENT_BYTES,
  domainPower,
  GROTH16_PROTOCOL,
  keyHeader,
  ZKEY_SECTIONS,
  ZKEY_VERSION,
} from "./zkey-format.js";

const MODULE_PAGES = 25;
const LARGE_DOMAIN_POWER = 16;

/**
 * Makes a Groth16 proving key straight from a circuit's constraints, with secrets derived from a published seed: no
 * ceremony and no download, and **worthless as security**, which the contribution inside the key states. The same
 * constraints and seed give the same bytes. The file appears complete or not at all.
 *
 * Every element of a key is a known multiple of a generator once the secrets are known (Groth 2016, section 3.2): the
 * scalars come from the constraints, the points from fixed-base multiplication on all cores.
 *
 * @throws SealpatchError `key/unreadable` where the r1cs file is missing, malformed, or not over BN254.
 */
export async function makeDevelopmentKey(options: {
  r1csFile: string;
  zkeyFile: string;
  seed?: string;
  onProgress?: OnProgress;
}): Promise<void> {
  const secrets = developmentSecrets(options.seed ?? DEVELOPMENT_SEED);
  const r1cs = await R1csFile.open(options.r1csFile);
  try {
    // A curve of its own, not the one ffjavascript shares within the process: its memory is this key's workspace.
    const { buildBn128 } = await import("ffjavascript");
    const curve = await buildBn128(true, addFixedBaseFunctions);
    const pool = new WorkerPool(curve.tm.code, MODULE_PAGES);
    try {
      const onProgress = options.onProgress ?? (() => {});
      const maker = new KeyMaker(curve, pool, secrets, r1cs, options.r1csFile, onProgress);
      await writeSectionFile(options.zkeyFile, (writer) => maker.write(writer));
    } finally {
      await pool.close();
    }
  } finally {
    await r1cs.close();
  }
}

/**
 * Checks that a development key belongs to a circuit: makes the key again and compares.
 * @throws SealpatchError `key/other-circuit` where the key has other bytes.
 */
export async function verifyDevelopmentKey(options: {
  r1csFile: string;
  zkeyFile: string;
  seed?: string;
  onProgress?: OnProgress;
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sealpatch-key-"));
  try {
    const again = join(folder, "again.zkey");
    await makeDevelopmentKey({ ...options, zkeyFile: again });
    const [expected, actual] = await Promise.all([keyFingerprint(again), keyFingerprint(options.zkeyFile)]);
    if (expected === actual) return;
    throw new SealpatchError("key/other-circuit", "the development key does not belong to this circuit", {
      details: { zkeyFile: options.zkeyFile, r1csFile: options.r1csFile, expected, actual },
      why: "a key made again from the circuit has other bytes",
      remedy: "delete the key and make it again",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class KeyMaker {
  readonly #header: R1csHeader;
  readonly #domainSize: number;
  readonly #memory: ScalarMemory;
  readonly #circuitHash = createHash("blake2b512");
  readonly #curve: Curve;
  readonly #pool: WorkerPool;
  readonly #secrets: SetupSecrets;
  readonly #r1cs: R1csFile;
  readonly #r1csFile: string;
  readonly #onProgress: OnProgress;

  constructor(
    curve: Curve,
    pool: WorkerPool,
    secrets: SetupSecrets,
    r1cs: R1csFile,
    r1csFile: string,
    onProgress: OnProgress,
  ) {
    this.#curve = curve;
    this.#pool = pool;
    this.#secrets = secrets;
    this.#r1cs = r1cs;
    this.#r1csFile = r1csFile;
    this.#onProgress = onProgress;
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
    const contribution = await developmentContribution(
      this.#curve,
      this.#secrets,
      this.#circuitHash.digest(),
    );
    await writer.section(ZKEY_SECTIONS.contributions, () => writer.write(contribution));
  }

  #zkeyHeader(): Buffer {
    const { G1, G2 } = this.#curve;
    const { alpha, beta, delta } = this.#secrets;
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
    const qap = new QapEvaluation(this.#memory, this.#header, this.#secrets, root, this.#r1csFile);
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
    const g1 = await FixedBase.prepare(this.#pool, this.#curve, { group: "G1", large });
    const g2 = await FixedBase.prepare(this.#pool, this.#curve, { group: "G2", large });
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
      const points = await base.multiply(this.#memory, address, count, (more) => {
        done += base.weight * more;
        this.#onProgress({ stage: "points", fraction: done / total });
      });
      await writer.section(id, async () => {
        for (const batch of points) await writer.write(batch);
      });
    }
  }
}
