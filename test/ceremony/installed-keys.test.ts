import { appendFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CeremonyRecord } from "../../src/ceremony/forms.js";
import { addKeys, findInstalledKeys, installedKeys, openInstalledKeys } from "../../src/ceremony/index.js";
import { packageFiles } from "../../src/ceremony/package-files.js";
import { compileTestCircuit, scratchFolder } from "../proof/circuit.js";
import { makeCeremonyKey } from "../proof/keys/ceremony.js";
import { MULTIPLIERS, writePackage } from "./made-package.js";

const circuits = MULTIPLIERS;
const scratch = await scratchFolder();
const home = join(scratch, "home");
const one = join(scratch, "one");
const two = join(scratch, "two");
let records: readonly [CeremonyRecord, CeremonyRecord];
const placeOf = ({ setupHash }: CeremonyRecord) => join(home, "keys", setupHash.slice(2, 18));

beforeAll(async () => {
  const { r1csFile } = await compileTestCircuit(scratch, "multiplier");
  const { finalZkey } = await makeCeremonyKey(scratch, r1csFile);
  const { finalZkey: other } = await makeCeremonyKey(
    (await mkdir(join(scratch, "b"), { recursive: true })) as string,
    r1csFile,
  );
  records = [
    await writePackage(one, { keys: [finalZkey, finalZkey] }),
    await writePackage(two, { keys: [finalZkey, other] }),
  ];
});

beforeEach(async () => {
  process.env.SEALPATCH_HOME = home;
  await rm(home, { recursive: true, force: true });
});

describe("addKeys", () => {
  it("puts a package where its setup hash says, whole, and once", async () => {
    const [record] = records;
    const folder = placeOf(record);
    expect(await addKeys(one, { circuits })).toEqual({ folder, record, added: true });
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(
      [...packageFiles(record), "attestations"].sort(),
    );
    expect(await addKeys(one, { circuits })).toEqual({ folder, record, added: false });
    expect(await readdir(join(home, "keys"))).toEqual([record.setupHash.slice(2, 18)]);
  });

  it("leaves nothing of a package that it refuses, and nothing that the record does not name", async () => {
    const broken = join(scratch, "broken");
    await cp(one, broken, { recursive: true });
    await writeFile(join(broken, "extra.zkey"), "not to be copied");
    await addKeys(broken, { circuits });
    expect(await readdir(placeOf(records[0]))).not.toContain("extra.zkey");
    await rm(home, { recursive: true });
    for (const file of packageFiles(records[0]).filter((name) => name !== "record.json")) {
      const changed = join(scratch, "changed");
      await rm(changed, { recursive: true, force: true });
      await cp(one, changed, { recursive: true });
      await (file.startsWith("attest") ? appendFile(join(changed, file), "0") : rm(join(changed, file)));
      await expect(addKeys(changed, { circuits })).rejects.toMatchObject({
        code: expect.stringMatching(/^key\/package-changed$|^ceremony\/bad-attestation$/),
      });
      expect(await readdir(join(home, "keys"))).toEqual([]);
    }
    await expect(addKeys(one)).rejects.toMatchObject({ code: "key/other-circuits" });
    await expect(addKeys(scratch)).rejects.toMatchObject({ code: "key/no-package" });
  });

  it("never puts a package in place of something else", async () => {
    const folder = placeOf(records[0]);
    for (const content of [one, two]) {
      await cp(content, folder, { recursive: true });
      if (content === one) await appendFile(join(folder, "bind.zkey"), " ");
      const refusal = { code: "key/other-keys-installed", details: { folder } };
      await expect(addKeys(one, { circuits })).rejects.toMatchObject(refusal);
      await rm(folder, { recursive: true });
    }
    await mkdir(join(home, "keys"), { recursive: true });
    await writeFile(folder, "a file");
    await expect(addKeys(one, { circuits })).rejects.toMatchObject({ code: "key/other-keys-installed" });
  });

  it("says where the home cannot be written", async () => {
    await writeFile(home, "a file");
    await expect(addKeys(one, { circuits })).rejects.toMatchObject({ code: "key/home-unwritable" });
  });
});

describe("installed keys", () => {
  it("are found by what their setup hash begins with", async () => {
    await expect(findInstalledKeys()).rejects.toMatchObject({ code: "key/not-installed" });
    await addKeys(one, { circuits });
    expect((await findInstalledKeys()).record).toEqual(records[0]);
    await addKeys(two, { circuits });
    const sorted = [...records].sort((a, b) => (a.setupHash < b.setupHash ? -1 : 1));
    expect((await installedKeys()).map(({ record }) => record)).toEqual(sorted);
    for (const record of records) {
      for (const prefix of [
        record.setupHash,
        record.setupHash.slice(2, 20),
        record.setupHash.toUpperCase().slice(2),
      ])
        expect((await findInstalledKeys(prefix)).folder).toBe(placeOf(record));
      const { circuits: opened } = await openInstalledKeys(record.setupHash, { circuits });
      expect(opened.bind.zkey).toBe(join(placeOf(record), "bind.zkey"));
    }
    for (const prefix of [undefined, "", "0x"])
      await expect(findInstalledKeys(prefix)).rejects.toMatchObject({ code: "key/ambiguous-prefix" });
    for (const prefix of ["x", "0x0x", `${records[0].setupHash}0`])
      await expect(findInstalledKeys(prefix)).rejects.toMatchObject({ code: "key/not-installed" });
  });

  it("are looked at again when they are opened", async () => {
    const { folder } = await addKeys(one, { circuits });
    await appendFile(join(folder, "attest.zkey"), " ");
    await expect(openInstalledKeys(undefined, { circuits })).rejects.toMatchObject({
      code: "key/package-changed",
      details: { file: "attest.zkey" },
    });
  });
});
