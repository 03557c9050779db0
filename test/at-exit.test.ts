import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { atExit } from "../src/at-exit.js";

describe("what is under way when the process ends", () => {
  it("is taken back, each part whatever becomes of the others, and not what is done", () => {
    const script = `import { atExit } from "${pathToFileURL("src/at-exit.ts").href}";
      atExit(() => { throw new Error("this one cannot"); });
      atExit(() => console.log("under way"));
      atExit(() => console.log("done"))();
      process.exit(3);`;
    const { stdout, status } = spawnSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script],
      {
        encoding: "utf8",
      },
    );
    expect([stdout, status]).toEqual(["under way\n", 3]);
  });

  it("is one listener, however much there is, and none where all is done", () => {
    const before = process.listenerCount("exit");
    const done = Array.from({ length: 20 }, () => atExit(() => {}));
    expect(process.listenerCount("exit")).toBe(before + 1);
    for (const one of done) one();
    expect(process.listenerCount("exit")).toBe(before);
  });
});
