import { appendFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { contribute, finalizeCeremony, verifyCeremony } from "../../src/ceremony/index.js";
import { sealpatch, sealpatchProcess } from "../cli/sealpatch.js";
import { scratchFolder } from "../proof/circuit.js";
import { attest, expectRefusal, type Refusal, withEntries } from "./forged.js";
import {
  BEACON_STEP,
  contentOf,
  holdTinyCeremony,
  ROUND,
  type TinyCeremony,
  verifying,
} from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;
/** What Carol has: the announcement, and the step of Bob. */
let folder: string;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
  folder = await ceremony.copy(fresh(), [2]);
});
afterEach(() => vi.useRealTimers());

/** @param of what the contributor has; the announcement and Bob's step unless given. */
async function refused(refusal: Refusal, of?: string, name = "Dora") {
  const folder = of ?? (await ceremony.copy(fresh(), [2]));
  return expectRefusal(folder, refusal, () => contribute(folder, { name }));
}

describe("a name", () => {
  const CONTROL = ["\u0000", "\n", "\u001b[2J", "\u007f", "\u0085", "\u2028"];
  const BIDI = ["\u202e", "\u2066", "\u200f", "\u061c"];
  const FORMAT = ["\u200b", "\u00ad", "\ufeff", "\ud800"];
  it.each<readonly [string, string]>([
    ["", "empty"],
    [" ", "a space"],
    [" Dora", "with a space before it"],
    ["a".repeat(65), "of 65 bytes"],
    ["\u00e9".repeat(33), "of 33 characters and 66 bytes"],
    ...[...CONTROL, ...BIDI, ...FORMAT].map((bad) => [`Do${bad}ra`, `with ${pointsIn(bad)}`] as const),
    ["../Dora", "of a path"],
    ["Dora\\Eve", "of a path of Windows"],
    [".dora", "of a hidden file"],
    ["beacon", "of the beacon"],
    ["BEACON", "of the beacon, in capitals"],
    ["sealpatch-dev", "of a development key"],
    ["Sealpatch-Dev 1", "of a development key, in capitals"],
    ["Dora\u0301e\u0301", "that is not in normal form"],
  ])("is refused: %j, %s", async (name) => {
    const error = await refused({ code: "ceremony/bad-name" }, undefined, name);
    // What would change a terminal is printed nowhere.
    expect(`${error.message} ${error.why} ${error.details.name}`).not.toMatch(/\p{C}/u);
  });

  it.each(["D", "a".repeat(64), "\u00e9".repeat(32), "Example Labs, Inc.", "\u6f22\u5b57"])(
    "is taken: %j",
    async (name) => {
      const of = await ceremony.copy(fresh(), [0]);
      expect((await contribute(of, { name })).attestation.name).toBe(name);
    },
  );
});

describe("T21: a contribution", () => {
  it("is refused where there is no ceremony, or none of its steps", async () => {
    await refused({ code: "ceremony/no-ceremony", why: /ceremony\.json/ }, home);
    await refused({ code: "ceremony/no-ceremony" }, join(home, "nowhere"));
    await refused({ code: "ceremony/no-ceremony", why: /no step/ }, await ceremony.copy(fresh(), []));
    for (const step of [verifyCeremony, finalizeCeremony])
      await expectRefusal(home, { code: "ceremony/no-ceremony" }, () => step(home, verifying(ceremony)));
  });

  it.each([
    ["a space more", (text: string) => text.replace(": ", ":  ")],
    ["a line break less", (text: string) => text.trimEnd()],
    ["a key twice", (text: string) => text.replace('"circuits"', '"minimumContributions": 3,\n  "circuits"')],
    [
      "keys in another order",
      (text: string) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()), null, 2),
    ],
    ["more in it", (text: string) => text.replace('"circuits"', '"more": 1,\n  "circuits"')],
    [
      "a path for a source",
      (text: string) => text.replace("test/proof/circuits/guarded", "../circuits/guarded"),
    ],
    ["no JSON", () => "{"],
  ])("is refused where the announcement has %s", async (_, change) => {
    const of = await ceremony.copy(fresh(), [2]);
    const file = join(of, "ceremony.json");
    const text = await readFile(file, "utf8");
    expect(change(text)).not.toBe(text);
    await writeFile(file, change(text));
    await refused({ code: "ceremony/bad-announcement" }, of);
  });

  it("is refused where the announcement is another than the newest attestation's", async () => {
    const of = await ceremony.copy(fresh(), [2]);
    const file = join(of, "ceremony.json");
    await writeFile(file, (await readFile(file, "utf8")).replace(`${ROUND}`, `${ROUND + 1}`));
    await refused({ code: "ceremony/other-ceremony", details: { index: 2 } }, of);
  });

  it("is refused where the newest keys are not the attested ones", async () => {
    const of = await ceremony.copy(fresh(), [2]);
    const details = { index: 2, circuit: "guarded" };
    await appendFile(join(of, "0002", "guarded.zkey"), " ");
    await refused({ code: "ceremony/changed-key", details }, of);
    await rm(join(of, "0002", "guarded.zkey"));
    await refused({ code: "key/unreadable" }, of);
    const initial = await ceremony.copy(fresh(), [0]);
    await cp(join(initial, "0000", "multiplier.zkey"), join(initial, "0000", "guarded.zkey"));
    await refused({ code: "ceremony/changed-key", details: { index: 0, circuit: "guarded" } }, initial);
  });

  it("is refused where the chain so far is none, whatever is attested of it", async () => {
    const of = await ceremony.copy(fresh(), 2);
    const file = join(of, "0002", "guarded.zkey");
    const swap = ([a, b]: Uint8Array[]) => [b!, a!];
    for (const [change, refusal] of [
      [swap, { code: "ceremony/broken-chain", details: { index: 1 } }],
      [([a]: Uint8Array[]) => [a!, a!], { code: "ceremony/broken-chain", details: { index: 2 } }],
      [([a]: Uint8Array[]) => [a!], { code: "ceremony/other-attestation", details: { index: 2 } }],
    ] as const) {
      await withEntries(join(ceremony.folder, "0002", "guarded.zkey"), file, change);
      await attest(of, { index: 2, name: "Bob" });
      await refused(refusal, of);
    }
  });

  it("is refused under a name that somebody had, in this step or before", async () => {
    await refused({ code: "ceremony/name-taken", details: { name: "Alice", index: 3 } }, undefined, "Alice");
    const of = await ceremony.copy(fresh(), [2]);
    const { folder: step } = await contribute(await ceremony.copy(fresh(), [2]), { name: "Dora" });
    await cp(join(step, "multiplier.zkey"), join(of, "0003", "multiplier.zkey"));
    await refused({ code: "ceremony/name-taken", details: { index: 3 }, why: /begun/ }, of, "Eve");
  });

  it("is refused after the beacon, and when its time has come", async () => {
    const ended = await ceremony.copy(fresh(), [BEACON_STEP]);
    const details = { index: BEACON_STEP + 1, round: ROUND };
    await refused({ code: "ceremony/too-late", details, why: /applied/ }, ended);
    vi.useFakeTimers({ toFake: ["Date"], now: (ROUND - 1) * 1000 });
    await contribute(await ceremony.copy(fresh(), [2]), { name: "Dora" });
    vi.setSystemTime(ROUND * 1000);
    await refused({ code: "ceremony/too-late", details: { index: 3, time: ROUND }, why: /known already/ });
  });
});

describe("T21: entropy", () => {
  const ROLLS = "1234561234561234561234561234561234561234561234561";
  const cli = (...args: string[]) => sealpatch("ceremony", "contribute", folder, "--name", "Dora", ...args);

  it("of too few dice, or of none as standard input is closed, is refused, and never waited for", async () => {
    const before = await contentOf(folder);
    const args = ["ceremony", "contribute", folder, "--name", "Dora", "--dice", "--json"];
    const { code, stdout } = await sealpatchProcess(...args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "ceremony/bad-entropy", details: { rolls: 0, needed: 50 }, remedy: expect.any(String) },
    });
    expect(await contentOf(folder)).toEqual(before);
    const { entropyOfDice } = await import("../../src/ceremony/index.js");
    for (const rolls of [ROLLS, `${ROLLS}7`, `${ROLLS}x`, ""]) {
      const error = (() => {
        try {
          return entropyOfDice(rolls);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ code: "ceremony/bad-entropy" });
      expect(JSON.stringify(error)).not.toContain("1234");
    }
    expect(entropyOfDice(`${ROLLS} 6\n`)).toHaveLength(50);
  });

  it("of a file that is missing, empty, too large, or a folder is refused, and not shown", async () => {
    const before = await contentOf(folder);
    const [empty, large] = [join(home, "empty"), join(home, "large")];
    await writeFile(empty, "");
    await writeFile(large, Buffer.alloc(2 ** 20 + 1, "secret"));
    for (const file of [join(home, "none"), empty, large, home]) {
      const { code, stdout } = await cli("--entropy-file", file, "--json");
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        error: { code: "ceremony/bad-entropy", details: { file }, remedy: expect.any(String) },
      });
      expect(stdout).not.toContain("secretsecret");
    }
    expect(await contentOf(folder)).toEqual(before);
  });
});

function pointsIn(text: string): string {
  return [...text].map((each) => `U+${each.codePointAt(0)!.toString(16).padStart(4, "0")}`).join(" ");
}
