import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { contentKey } from "../../src/kept.js";
import { BUILD, cached } from "../../tools/build/cache.js";

const NAME = "cache-test/product";
const FOLDER = join(BUILD, "cache-test");

afterAll(() => rm(FOLDER, { recursive: true, force: true }));

const write = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);

describe("the build cache", () => {
  it("makes a product once for the same content", async () => {
    const first = await cached(NAME, "once", write("first"));
    const second = await cached(NAME, "once", () => Promise.reject(new Error("made again")));
    expect([first.fresh, second.fresh]).toEqual([true, false]);
    expect(await readFile(join(second.folder, "file"), "utf8")).toBe("first");
  });

  it("keeps nothing of a build that was interrupted", async () => {
    const interrupted = cached(NAME, "broken", async (folder) => {
      await write("half")(folder);
      throw new Error("interrupted");
    });
    await expect(interrupted).rejects.toThrow("interrupted");
    expect(await readdir(FOLDER)).not.toContainEqual(expect.stringContaining("broken"));
    const again = await cached(NAME, "broken", write("whole"));
    expect(await readFile(join(again.folder, "file"), "utf8")).toBe("whole");
  });

  it("survives a process that was killed half way: its leftovers are never taken for a product", async () => {
    await cached(NAME, "killed", async (folder) => {
      // What a kill would leave behind: a scratch folder of the same name.
      expect(folder).toContain("product-killed.making-");
      expect(existsSync(join(FOLDER, "product-killed"))).toBe(false);
      await write("whole")(folder);
    });
    expect(existsSync(join(FOLDER, "product-killed"))).toBe(true);
  });

  it("gives two builds at once the same whole product", async () => {
    const results = await Promise.all(
      ["a", "b"].map((text) =>
        cached(NAME, "race", async (folder) => {
          await write(text)(folder);
          await new Promise((resolve) => setTimeout(resolve, 50));
          await writeFile(join(folder, "second"), text);
        }),
      ),
    );
    expect(results[0]!.folder).toBe(results[1]!.folder);
    const [one, two] = await Promise.all(
      ["file", "second"].map((name) => readFile(join(results[0]!.folder, name), "utf8")),
    );
    expect(one).toBe(two);
    expect((await readdir(FOLDER)).filter((name) => name.includes("making"))).toEqual([]);
  });

  it("tells contents apart, wherever one part ends and the next begins", () => {
    expect(contentKey(["ab", "c"])).not.toBe(contentKey(["a", "bc"]));
    expect(contentKey(["ab", "c"])).toBe(contentKey(["ab", "c"]));
  });
});
