import { appendFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ceremonyRecordText, parseCeremonyRecord } from "../../src/ceremony/forms.js";
import { type CeremonyRecord, finalizeCeremony, verifyCeremony } from "../../src/ceremony/index.js";
import { circuitFiles, packageFiles } from "../../src/ceremony/package-files.js";
import { exportVerifierContract } from "../../src/proof/keys/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { attest, damages, expectRefusal, readAttestation } from "./forged.js";
import { writeChecksums } from "./made-package.js";
import {
  BEACON_STEP,
  contentOf,
  hashOf,
  holdTinyCeremony,
  type TinyCeremony,
  verifying,
} from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;
let good: string;
let record: CeremonyRecord;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
  good = fresh();
  ({ record } = await finalizeCeremony(ceremony.folder, { ...verifying(ceremony), out: good }));
});

async function changed(change: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = fresh();
  await cp(good, copy, { recursive: true });
  await change(copy);
  return copy;
}

/** Names of the checks that fail, of all. */
async function failing(folder: string): Promise<string[]> {
  const { checks, keyClass } = await verifyCeremony(folder, verifying(ceremony));
  expect(checks.length).toBe(17);
  const failed = checks.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
  if (failed.length > 0) expect(keyClass).toBe("test");
  return failed;
}

describe("T21: a key package", () => {
  it("does not verify with any file of it changed, or missing", async () => {
    for (const file of packageFiles(record)) {
      const longer = await changed((copy) => appendFile(join(copy, file), " "));
      const failed = await failing(longer);
      expect(failed, file).toContain("record");
      const circuit = /^(multiplier|guarded)\./.exec(file)?.[1];
      if (circuit !== undefined) expect(failed.join()).toContain(` ${circuit}`);
      if (file.endsWith(".sol")) expect(failed.join()).toContain("verifier of");
      if (file === "record.json") continue;
      expect(await failing(await changed((copy) => rm(join(copy, file)))), file).toContain("record");
    }
  });

  it("does not verify as another class than the ceremony is of, verifiers, checksums and all", async () => {
    const out = fresh();
    const pinned = [{ ...ceremony.pinned[0]!, power: 6 }];
    await finalizeCeremony(ceremony.folder, { ...verifying(ceremony), pinned, out });
    const raised = parseCeremonyRecord(await readFile(join(out, "record.json"), "utf8"));
    expect(raised.class).toBe("test");
    raised.class = "production";
    for (const [circuit, { verifier }] of Object.entries(raised.announcement.circuits)) {
      const files = circuitFiles(circuit, verifier);
      const source = await exportVerifierContract({
        zkeyFile: join(out, files.provingKey),
        contractName: verifier,
        keyClass: "production",
      });
      await writeFile(join(out, files.verifier), source);
      raised.keys[circuit]!.verifier = hashOf(source);
    }
    await writeFile(join(out, "record.json"), ceremonyRecordText(raised));
    await writeChecksums(out, raised);
    const { checks, keyClass } = await verifyCeremony(out, { ...verifying(ceremony), pinned });
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([
      expect.objectContaining({ name: "powers of tau", outcome: "test only" }),
      expect.objectContaining({ name: "class", outcome: "fails" }),
    ]);
    expect(keyClass).toBe("test");
  });

  it("does not verify with a key of a circuit that was not announced", async () => {
    const more = await changed(async (copy) => {
      const other = structuredClone(record);
      other.keys.extra = other.keys.guarded!;
      await writeFile(join(copy, "record.json"), ceremonyRecordText(other));
      await writeChecksums(copy, other);
    });
    expect(await failing(more)).toEqual(["record"]);
  });

  it("is not made over something else, or over itself once it was changed", async () => {
    const other = fresh();
    await mkdir(other);
    await writeFile(join(other, "notes.txt"), "somebody's");
    const finalize = (out: string) => () =>
      finalizeCeremony(ceremony.folder, { ...verifying(ceremony), out });
    await expectRefusal(other, { code: "ceremony/folder-in-use" }, finalize(other));
    const file = await changed((copy) => appendFile(join(copy, "guarded.zkey"), " "));
    await expectRefusal(
      file,
      { code: "key/package-changed", details: { file: "guarded.zkey" } },
      finalize(file),
    );
    const foreign = await changed((copy) => writeFile(join(copy, "record.json"), "{}"));
    await expectRefusal(foreign, { code: "ceremony/folder-in-use" }, finalize(foreign));
    const below = join(other, "notes.txt", "package");
    await expectRefusal(home, { code: "ceremony/folder-unwritable" }, finalize(below));
    // A package is no ceremony.
    await expectRefusal(good, { code: "ceremony/no-ceremony" }, () =>
      finalizeCeremony(good, verifying(ceremony)),
    );
  });
});

describe("T21: a ceremony with a damaged key", () => {
  it("is refused by a line of its circuit, and every line of the other one holds", async () => {
    const file = join(ceremony.folder, "0004", "guarded.zkey");
    const before = await contentOf(ceremony.folder);
    const every = await damages(file);
    // One of each kind and section.
    const some = every.filter(
      ([what], i) =>
        /section (1|2|10) twice|announces|before section (1|6)|in section 10/.test(what) || i % 6 === 4,
    );
    expect(new Set(some.map(([, section]) => section)).size).toBe(11);
    for (const [what, , bytes] of some) {
      const folder = await ceremony.copy(fresh(), BEACON_STEP);
      await writeFile(join(folder, "0004", "guarded.zkey"), bytes);
      const { beacon } = await readAttestation(folder, BEACON_STEP);
      await attest(folder, { index: BEACON_STEP, name: "beacon" }, () => ({ beacon }));
      const { checks, keyClass } = await verifyCeremony(folder, verifying(ceremony));
      const failed = checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);
      expect(failed.length, what).toBeGreaterThan(0);
      expect(
        failed.filter((name) => !/ guarded$/.test(name)),
        what,
      ).toEqual([]);
      expect([checks.length, keyClass]).toEqual([15, "test"]);
    }
    expect(await contentOf(ceremony.folder)).toEqual(before);
  });
});
