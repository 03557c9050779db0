import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DRILL } from "../e2e/drills.js";
import { temporaryFolder } from "../project/projects.js";
import { fromDisk, PageBrowser } from "./browser.js";
import { checks, problem, ready, sentence, textOf } from "./page.js";

it("the drill leaves a page that shows its incident, disclosed and verified, until it is interrupted", async () => {
  // Before the chain that would outlive it.
  const browser = await PageBrowser.start();
  const out = temporaryFolder();
  const child = spawn(process.execPath, [...DRILL, "--out", out, "--stay"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let printed = "";
  const stays = new Promise<void>((resolve) => {
    child.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
      if (printed.includes("until you interrupt this")) resolve();
    });
  });
  try {
    await Promise.race([stays, ended]);
    expect(child.exitCode, printed).toBeNull();
    const file = fromDisk(join(out, "portal.html"));
    const { page, errors } = await browser.open(file);
    await ready(page);
    expect(await problem(page)).toBeUndefined();
    expect(await checks(page)).toMatchObject({
      ...{ checkProof: "outcomeHolds", checkSignals: "outcomeHolds", checkVerifier: "outcomeHolds" },
      ...{ checkCode: "outcomeHolds", checkCommitment: "outcomeHolds" },
    });
    const text = await textOf(page);
    for (const said of ["wordsProven", "disclosed", "afterPublished", "developmentKey", "laneOpen"] as const)
      expect(text, said).toMatch(sentence(said));
    expect(errors).toEqual([]);
    child.kill("SIGINT");
    expect(await ended, printed).toBe(0);
    // The chain has ended with it.
    await page.reload();
    await ready(page);
    expect((await problem(page))?.name).toBe("problemUnreachable");
  } finally {
    child.kill("SIGKILL");
    await browser.stop();
  }
}, 1_800_000);
