import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseCeremonyAttestation } from "../../src/ceremony/forms.js";
import { receiveContribution, verifyCeremony } from "../../src/ceremony/index.js";
import { readContributions } from "../../src/proof/keys/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { runStep, STEPS } from "./steps.js";
import { BEACON_STEP, contentOf, holdTinyCeremony, type TinyCeremony, verifying } from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
});

/** Points of each step at which it is killed. */
const KILLS = 5;
/** Steps that a step begins with; undefined where there is no folder yet. */
const BEFORE = { init: undefined, contribute: 0, beacon: 3, finalize: BEACON_STEP } as const;
/** Files of a step that are the same whoever makes it. */
const SAME = {
  init: /./,
  contribute: /^0000|^ceremony/,
  beacon: /zkey$|^ceremony|^000[0-3]/,
  finalize: /./,
} as const;

const begun = (steps: number | undefined): Promise<string> =>
  steps === undefined ? Promise.resolve(fresh()) : ceremony.copy(fresh(), steps);
/** Names that a step puts there while it works. */
const isScratch = (name: string) => /\.making\b|\.lock/.test(name);
/** Names that there are; what a lock is written to, and is then named, may be left by a kill between both. */
const namesIn = (content: object) =>
  Object.keys(content)
    .filter((name) => !/^\.lock\..*\.tmp$/.test(name))
    .sort();

/** Every file under its final name, with when and where it was written. */
async function finished(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const { mtimeMs, ino, size } = await stat(join(folder, name));
    if (!isScratch(name) && (await stat(join(folder, name))).isFile())
      found.set(name, `${ino} ${mtimeMs} ${size}`);
  }
  return found;
}

describe.each(Object.keys(STEPS) as (keyof typeof STEPS)[])("killed: %s", (command) => {
  it("ends like one that nobody disturbed when the same command is given again", async () => {
    const { powersOfTau } = ceremony;
    const before = BEFORE[command];
    const undisturbed = await begun(before);
    const { calls } = await runStep([command, undisturbed, powersOfTau]);
    const whole = await contentOf(undisturbed);
    expect(calls!.length).toBeGreaterThan(KILLS);
    // Spread over all calls, the first and the last among them.
    const points = Array.from({ length: KILLS }, (_, i) =>
      Math.round((i * (calls!.length - 1)) / (KILLS - 1)),
    );
    for (const point of points) {
      const what = `at call ${point}: ${calls![point]}`;
      const folder = await begun(before);
      const { signal } = await runStep([command, folder, powersOfTau, `${point}`]);
      expect(signal, what).toBe("SIGKILL");
      // Nothing torn under a final name.
      const after = await contentOf(folder);
      const kept = await finished(folder);
      for (const name of kept.keys()) {
        if (SAME[command].test(name)) expect(after[name], `${what}, ${name}`).toBe(whole[name]);
        else if (name.endsWith("zkey")) await readContributions(join(folder, name));
        else parseCeremonyAttestation(await readFile(join(folder, name), "utf8"));
      }
      await STEPS[command](folder, powersOfTau);
      const end = await contentOf(folder);
      expect(namesIn(end), what).toEqual(namesIn(whole));
      for (const name of Object.keys(whole))
        if (SAME[command].test(name)) expect(end[name], `${what}, ${name}`).toBe(whole[name]);
      // What was finished was not made again.
      const redone = await finished(folder);
      for (const [name, mark] of kept) expect(redone.get(name), `${what}, ${name}`).toBe(mark);
      if (command === "contribute")
        await receiveContribution(await ceremony.copy(fresh(), 0), [join(folder, "0001")]);
      if (command === "beacon" || command === "finalize") {
        const path = command === "beacon" ? folder : join(folder, "package");
        expect((await verifyCeremony(path, verifying(ceremony))).keyClass, what).toBe("production");
      }
    }
  });
});
