import { randomUUID } from "node:crypto";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusalOf, writeWhole } from "../src/whole-file.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealpatch-whole-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that is written whole", () => {
  it("is there with its mode and nothing beside it", async () => {
    const path = join(folder, "a");
    await writeWhole(path, new Uint8Array([1, 2]), { mode: 0o600, replace: false });
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("takes no other's place unless it may, not even that of a link that leads nowhere", async () => {
    const path = join(folder, "a");
    writeFileSync(path, "before");
    symlinkSync("nowhere", join(folder, "link"));
    for (const name of ["a", "link"]) {
      const error = await writeWhole(join(folder, name), "after", { mode: 0o600, replace: false }).catch(
        (thrown: unknown) => thrown,
      );
      expect(refusalOf(error)).toBe("there is a file of that name");
    }
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder).toSorted()).toEqual(["a", "link"]);
  });

  it("takes it where it may, by the link that leads to it", async () => {
    writeFileSync(join(folder, "a"), "before");
    symlinkSync("a", join(folder, "link"));
    await writeWhole(join(folder, "link"), "after", { mode: 0o644, replace: true });
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("after");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  });

  it("takes away what a writer of it left behind who was killed, and nothing else", async () => {
    const made = (name: string, minutes: number) => {
      writeFileSync(join(folder, name), "");
      const time = Date.now() / 1000 - 60 * minutes;
      utimesSync(join(folder, name), time, time);
      return name;
    };
    const left = () => `${randomUUID()}.tmp`;
    for (const replace of [false, true]) {
      const gone = made(`a.${left()}`, 11);
      const others = [
        // Somebody may be writing it.
        made(`a.${left()}`, 9),
        made(`a.b.${left()}`, 60),
        made(`b.${left()}`, 60),
        made("a.1.tmp", 60),
      ];
      await writeWhole(join(folder, "a"), "", { mode: 0o600, replace });
      expect(readdirSync(folder)).not.toContain(gone);
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(others));
    }
  });

  it("is refused in words", async () => {
    const options = { mode: 0o600, replace: true };
    const error = await writeWhole(join(folder, "no", "a"), "", options).catch((thrown: unknown) => thrown);
    expect(refusalOf(error)).toBe("there is no such file or folder");
    expect(refusalOf(new Error("EIO"))).toBe("the file system refuses it");
  });
});
