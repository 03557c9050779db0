import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { SealpatchError } from "../../../src/errors.js";
import { FIELD_ORDER } from "../../../src/field/index.js";
import { withCurve } from "../../../src/proof/curve/index.js";
import { exportVerifyingKey, makeDevelopmentKey, type Progress } from "../../../src/proof/keys/index.js";
import {
  findProver,
  type ProofPart,
  type Prover,
  rapidsnarkProver,
  verifyProof,
  wasmProver,
} from "../../../src/proof/prover/index.js";
import { compileTestCircuit, scratchFolder } from "../circuit.js";

const folder = await scratchFolder();
const { resolve } = createRequire(import.meta.url);
const multiplier = await compileTestCircuit(folder, "multiplier");
const chain = await compileTestCircuit(folder, "chain");
const guarded = await compileTestCircuit(folder, "guarded");
const zkeyOf = async (circuit: { r1csFile: string }, name: string, seed?: string) => {
  const zkeyFile = join(folder, `${name}.zkey`);
  await makeDevelopmentKey({ r1csFile: circuit.r1csFile, zkeyFile, ...(seed === undefined ? {} : { seed }) });
  return zkeyFile;
};
const multiplierKey = await zkeyOf(multiplier, "multiplier");
const chainKey = await zkeyOf(chain, "chain");
const guardedKey = await zkeyOf(guarded, "guarded");
const input = { first: 3n, second: 5n, secret: 7n };

async function program(name: string, ...lines: string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(file, 0o755);
  return file;
}

// A program with rapidsnark's command line around snarkjs' prover, so that the way through files is tested everywhere.
const snarkjsCli = join(dirname(resolve("snarkjs")), "cli.cjs");
const outside = await program("outside", `exec "${process.execPath}" "${snarkjsCli}" groth16 prove "$@"`);

const provers: [description: string, prover: Prover][] = [
  ["the built-in prover", wasmProver],
  ["a program with rapidsnark's command line", rapidsnarkProver(outside)],
];
const found = findProver();
if (found !== wasmProver) provers.push(["rapidsnark as installed", found]);

for (const [description, prover] of provers) {
  describe(`proving with ${description}`, () => {
    it("makes proofs that verify, again and again in one process", async () => {
      const { proof, publicSignals } = await prover.prove({
        wasmFile: multiplier.wasmFile,
        zkeyFile: multiplierKey,
        input,
      });
      expect(publicSignals).toEqual([105n, 3n, 5n]);
      expect(await verifyProof(await exportVerifyingKey(multiplierKey), publicSignals, proof)).toBe(true);
      const chained = { wasmFile: chain.wasmFile, zkeyFile: chainKey, input: { preimage: 1n, salt: 2n } };
      const [first, second] = await Promise.all([prover.prove(chained), prover.prove(chained)]);
      expect(first.publicSignals).toEqual(second.publicSignals);
      expect(first.proof).not.toEqual(second.proof);
    });

    it("reports witness, proof and check", async () => {
      const seen: Progress[] = [];
      const request = { wasmFile: chain.wasmFile, zkeyFile: chainKey, input: { preimage: 1n, salt: 2n } };
      await prover.prove({ ...request, onProgress: (progress) => seen.push(progress) });
      expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(["witness", "proof", "check"]);
      const fractions = seen.filter(({ stage }) => stage === "proof").map(({ fraction }) => fraction);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.length).toBeGreaterThan(prover === wasmProver ? 5 : 0);
    });

    it("tells each of its parts, the witness first and the check last", async () => {
      const seen: ProofPart[] = [];
      const request = { wasmFile: chain.wasmFile, zkeyFile: chainKey, input: { preimage: 1n, salt: 2n } };
      await prover.prove({ ...request, onPart: (part) => seen.push(part) });
      const names = seen.map(({ name }) => name);
      expect([names[0], names.at(-1)]).toEqual(["witness", "check"]);
      const sums = ["A", "B1", "B2", "C", "H"].map((sum) => `sum ${sum}`);
      const parts = prover === wasmProver ? ["key", "rows", "transforms", ...sums, "finish"] : ["proof"];
      expect(new Set(names)).toEqual(new Set(["witness", ...parts, "check"]));
    });

    it("refuses a false statement, and another circuit's key", async () => {
      const wrong = { values: [1n, 2n], limit: 3n };
      await expect(
        prover.prove({ wasmFile: guarded.wasmFile, zkeyFile: guardedKey, input: wrong }),
      ).rejects.toMatchObject({ code: "proof/witness-refused" });
      await expect(
        prover.prove({ wasmFile: multiplier.wasmFile, zkeyFile: chainKey, input }),
      ).rejects.toMatchObject({ code: "proof/key-mismatch" });
    });

    it("hands out no proof that does not verify", async () => {
      const other = await readFile(await zkeyOf(multiplier, "other", "other"));
      const own = await readFile(multiplierKey);
      // Points of A from another setup: the key opens and proves, and what it proves is wrong.
      own.set(section(other, 5), own.indexOf(section(own, 5)));
      const damaged = join(folder, "damaged.zkey");
      await writeFile(damaged, own);
      await expect(
        prover.prove({ wasmFile: multiplier.wasmFile, zkeyFile: damaged, input }),
      ).rejects.toMatchObject({ code: "proof/does-not-verify" });
    });
  });
}

describe("the built-in prover", () => {
  it.each([
    ["points of A", 5],
    ["points of B in G1", 6],
    ["points of B in G2", 7],
    ["points of C", 8],
    ["points of H", 9],
    ["coefficients", 4],
  ])("refuses a key whose %s are not as many as its header says", async (_what, id) => {
    const key = await readFile(multiplierKey);
    // The section loses four bytes, in its content and in its size.
    const start = key.indexOf(section(key, id)) - 8;
    const size = Number(key.readBigUInt64LE(start));
    const shorter = Buffer.concat([key.subarray(0, start + 8 + size - 4), key.subarray(start + 8 + size)]);
    shorter.writeBigUInt64LE(BigInt(size - 4), start);
    const damaged = join(folder, `short-${id}.zkey`);
    await writeFile(damaged, shorter);
    await expect(
      wasmProver.prove({ wasmFile: multiplier.wasmFile, zkeyFile: damaged, input }),
    ).rejects.toMatchObject({ code: "key/unreadable" });
  });
});

function section(zkey: Buffer, id: number): Buffer {
  for (let position = 12; ; ) {
    const size = Number(zkey.readBigUInt64LE(position + 4));
    if (zkey.readUInt32LE(position) === id) return zkey.subarray(position + 12, position + 12 + size);
    position += 12 + size;
  }
}

describe("verifyProof", () => {
  it("T06: refuses public signals that are not canonical, changed, missing or added", async () => {
    const verifyingKey = await exportVerifyingKey(multiplierKey);
    const zero = { first: 3n, second: 0n, secret: 7n };
    const request = { wasmFile: multiplier.wasmFile, zkeyFile: multiplierKey, input: zero };
    const { proof, publicSignals } = await wasmProver.prove(request);
    expect(publicSignals).toEqual([0n, 3n, 0n]);
    expect(await verifyProof(verifyingKey, publicSignals, proof)).toBe(true);
    const changes = [
      [FIELD_ORDER, 3n, 0n],
      [0n, 3n + FIELD_ORDER, 0n],
      [0n, 3n - FIELD_ORDER, 0n],
      [0n, 4n, 0n],
      [0n, 3n],
      [0n, 3n, 0n, 0n],
      [],
    ];
    await withCurve(async () => {
      for (const changed of changes) expect(await verifyProof(verifyingKey, changed, proof)).toBe(false);
    });
  });

  it("refuses proof elements that are not canonical, not affine or off the curve", async () => {
    const verifyingKey = await exportVerifyingKey(multiplierKey);
    const { proof, publicSignals } = await wasmProver.prove({
      wasmFile: multiplier.wasmFile,
      zkeyFile: multiplierKey,
      input,
    });
    const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    const [ax, ay] = proof.pi_a;
    const changes = [
      { pi_a: [`${BigInt(ax) + q}`, ay, "1"] },
      { pi_a: [ax, `${BigInt(ay) + 1n}`, "1"] },
      { pi_a: [ax, `${q - BigInt(ay)}`, "1"] },
      { pi_a: ["0", "1", "0"] },
      { pi_c: proof.pi_a },
      { pi_b: [proof.pi_b[1], proof.pi_b[0], proof.pi_b[2]] },
    ];
    await withCurve(async () => {
      for (const change of changes) {
        const changed = { ...proof, ...change } as typeof proof;
        expect(await verifyProof(verifyingKey, publicSignals, changed)).toBe(false);
      }
    });
  });
});

describe("the witness on disk", () => {
  it("lies in a folder of the user alone, which is gone afterwards, also on failure", async () => {
    const report = join(folder, "report");
    const look = `stat -c '%a %n' "$(dirname "$2")" "$2" > "${report}"`;
    for (const last of ["echo the-witness >&2; exit 3", "exit 0", "kill -9 $$", `echo 'not json' > "$3"`]) {
      const prover = rapidsnarkProver(await program("curious", look, last));
      const proving = prover.prove({ wasmFile: multiplier.wasmFile, zkeyFile: multiplierKey, input });
      const error = await proving.catch((caught: unknown) => caught as SealpatchError);
      expect(error).toMatchObject({ code: "proof/prover-failed" });
      expect(JSON.stringify(error)).not.toContain("the-witness");
      const [secretFolder, witness] = (await readFile(report, "utf8")).trim().split("\n");
      expect(secretFolder).toMatch(/^700 /);
      expect(witness).toMatch(/^600 /);
      expect(existsSync(secretFolder!.slice(4))).toBe(false);
    }
  });
});

describe("findProver", () => {
  it("takes the configured program, then rapidsnark on PATH, then the built-in prover", async () => {
    const installed = await program("rapidsnark", "exit 0");
    expect(findProver({ SEALPATCH_RAPIDSNARK: outside, PATH: "" }).name).toBe("rapidsnark");
    expect(findProver({ PATH: `/nowhere:${dirname(installed)}` }).name).toBe("rapidsnark");
    expect(findProver({ PATH: "/nowhere" })).toBe(wasmProver);
    expect(findProver({})).toBe(wasmProver);
  });

  it("refuses a configured program that cannot run", () => {
    for (const path of ["/nowhere/rapidsnark", folder, multiplierKey]) {
      expect(() => findProver({ SEALPATCH_RAPIDSNARK: path })).toThrowError(
        expect.objectContaining({ code: "proof/prover-missing" }),
      );
    }
  });
});

describe("a script that makes keys and proofs", () => {
  it("ends by itself", async () => {
    const script = join(folder, "script.mts");
    const door = (name: string) =>
      JSON.stringify(new URL(`../../../src/proof/${name}/index.ts`, import.meta.url));
    await writeFile(
      script,
      `import { makeDevelopmentKey } from ${door("keys")};
       import { wasmProver } from ${door("prover")};
       const [r1csFile, wasmFile, zkeyFile] = ${JSON.stringify([multiplier.r1csFile, multiplier.wasmFile, join(folder, "script.zkey")])};
       await makeDevelopmentKey({ r1csFile, zkeyFile });
       for (let round = 0; round < 2; round++) {
         const input = { first: 3n, second: 5n, secret: 7n };
         console.log((await wasmProver.prove({ wasmFile, zkeyFile, input })).publicSignals.join());
       }`,
    );
    const tsx = pathToFileURL(resolve("tsx")).href;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", tsx, script], {
      timeout: 100_000,
    });
    expect(stdout).toBe("105,3,5\n105,3,5\n");
  });
});
