import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zKey } from "snarkjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withCurve } from "../../src/proof/curve/index.js";
import { attest, type Refusal, say } from "./forged.js";
import { receiving } from "./receiving.js";
import { BEACON_STEP, ROUND } from "./tiny-ceremony.js";

const { home, fresh, ceremony, keyAt, refused, offered } = await receiving();
afterEach(() => vi.useRealTimers());

describe("T21: an attestation that is received", () => {
  const STORIES: readonly [string, Refusal, Parameters<typeof say>[2]][] = [
    [
      "is of another ceremony",
      { code: "ceremony/other-ceremony", details: { index: 3 } },
      () => ({ ceremony: "ab".repeat(32) }),
    ],
    [
      "is of a later step",
      { code: "ceremony/other-ceremony", details: { index: 3, attested: 4 } },
      () => ({ index: 4 }),
    ],
    [
      "is of an earlier step",
      { code: "ceremony/old-contribution", details: { index: 3, attested: 2 } },
      () => ({ index: 2 }),
    ],
    [
      "is about one circuit alone",
      { code: "ceremony/other-ceremony", details: { index: 3 }, why: /other circuits/ },
      ({ circuits }) => ({ circuits: { guarded: circuits.guarded! } }),
    ],
    [
      "was made of other keys",
      { code: "ceremony/old-contribution", details: { index: 3 }, why: /other keys/ },
      ({ circuits }) => ({
        circuits: { ...circuits, guarded: { ...circuits.guarded!, received: "ab".repeat(32) } },
      }),
    ],
    [
      "says another hash of a key",
      { code: "ceremony/changed-key", details: { index: 3, circuit: "guarded" } },
      ({ circuits }) => ({
        circuits: { ...circuits, guarded: { ...circuits.guarded!, made: "ab".repeat(32) } },
      }),
    ],
    [
      "says another hash of a contribution",
      { code: "ceremony/other-attestation", details: { index: 3, circuit: "guarded" } },
      ({ circuits }) => ({
        circuits: { ...circuits, guarded: { ...circuits.guarded!, contribution: "ab".repeat(64) } },
      }),
    ],
    [
      "names somebody else than the keys",
      { code: "ceremony/other-attestation", details: { index: 3 } },
      () => ({ name: "Charlie" }),
    ],
    [
      "has the name of an earlier one",
      { code: "ceremony/name-taken", details: { index: 3, name: "North" } },
      () => ({ name: "North" }),
    ],
    ["has the name of the beacon", { code: "ceremony/bad-name" }, () => ({ name: "Beacon" })],
    [
      "is derived from a beacon",
      { code: "ceremony/old-contribution", details: { index: 3 }, why: /beacon/ },
      () => ({ beacon: { round: ROUND, signature: "ab".repeat(48) } }),
    ],
    [
      "was made when the beacon was known",
      { code: "ceremony/too-late", details: { index: 3, round: ROUND } },
      () => ({ made: ROUND }),
    ],
  ];
  it.each(STORIES)("is refused where it %s", async (_, refusal, change) => {
    const stage = await ceremony.copy(fresh(), 3);
    await say(stage, 3, change);
    await refused(join(stage, "0003"), refusal);
  });

  const TEXTS: readonly [string, (text: string) => string][] = [
    ["is no JSON", () => "attested"],
    ["has a key twice", (text) => text.replace('"index": 3', '"index": 2,\n  "index": 3')],
    ["has more in it than there is", (text) => text.replace('"index": 3', '"index": 3,\n  "more": 1')],
    ["has a name that runs backwards", (text) => text.replace('"East"', '"\u202eloraC"')],
    ["has a name of 65 bytes", (text) => text.replace('"East"', `"${"a".repeat(65)}"`)],
    ["has a path for a circuit", (text) => text.replace('"guarded"', '"../guarded"')],
  ];
  it.each(TEXTS)("is refused where it %s", async (_, change) => {
    const offer = await offered(async (at) => {
      const file = join(at, "attestation.json");
      const text = await readFile(file, "utf8");
      expect(change(text)).not.toBe(text);
      await writeFile(file, change(text));
    });
    await refused(offer, { code: "ceremony/bad-attestation" });
  });
});

describe("a contribution that is received", () => {
  it("is refused where a file is missing", async () => {
    for (const file of ["attestation.json", "guarded.zkey"]) {
      const offer = await offered((at) => rm(join(at, file)));
      await refused(offer, { code: "ceremony/missing-file", details: { file } });
    }
    await refused(join(home, "nowhere"), { code: "ceremony/missing-file" });
  });

  it("is refused where it is an older one, given again", async () => {
    const details = { index: 3, attested: 1, name: "North" };
    await refused(join(ceremony.folder, "0001"), { code: "ceremony/old-contribution", details });
  });

  it("is refused after the beacon was applied, and when its time has come", async () => {
    const ended = await ceremony.copy(fresh(), BEACON_STEP);
    const offer = fresh();
    await cp(join(ended, "0004"), offer, { recursive: true });
    for (const circuit of ["multiplier", "guarded"])
      await withCurve(() =>
        zKey.contribute(keyAt(4, circuit), join(offer, `${circuit}.zkey`), "Late", "entropy of late"),
      );
    await attest(ended, { index: 5, name: "Late", at: offer });
    await refused(offer, { code: "ceremony/too-late", details: { index: 5 }, why: /applied/ }, ended);
    // An honest one, too late by the coordinator's clock.
    vi.useFakeTimers({ toFake: ["Date"], now: ROUND * 1000 });
    const late = { code: "ceremony/too-late", details: { index: 3 }, why: /known already/ };
    await refused(join(ceremony.folder, "0003"), late);
  });

  it("is refused by a coordinator whose own newest keys were changed", async () => {
    const of = await ceremony.copy(fresh(), 2);
    await cp(keyAt(1, "guarded"), join(of, "0002", "guarded.zkey"));
    const details = { index: 2, circuit: "guarded" };
    await refused(join(ceremony.folder, "0003"), { code: "ceremony/changed-key", details }, of);
  });
});
