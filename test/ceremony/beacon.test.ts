import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { beforeAll, describe, expect, it } from "vitest";
import { applyBeacon } from "../../src/ceremony/index.js";
import { sealpatch } from "../cli/sealpatch.js";
import { scratchFolder } from "../proof/circuit.js";
import { announce, announcementOf, expectRefusal, type Refusal, say } from "./forged.js";
import { beaconAnswer } from "./rehearsal.js";
import { ANSWER, BEACON_STEP, holdTinyCeremony, ROUND, type TinyCeremony } from "./tiny-ceremony.js";

const home = await scratchFolder();
let made = 0;
const fresh = () => join(home, `folder-${made++}`);
let ceremony: TinyCeremony;

beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
});

/** @param of the coordinator's folder; one in which all have contributed unless given. */
async function refused(answer: unknown, refusal: Refusal, of?: string) {
  const folder = of ?? (await ceremony.copy(fresh(), 3));
  return expectRefusal(folder, refusal, () => applyBeacon(folder, answer));
}

const good = beaconAnswer(ROUND);
const negated = () => bls12_381.G1.Point.fromHex(good.signature).negate().toHex(true);
// Round 657413 of quicknet, as drand published it.
const QUICKNET_ROUND = 657_413;
const QUICKNET_ANSWER = {
  round: QUICKNET_ROUND,
  signature:
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
  randomness: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
};

describe("T21: a beacon", () => {
  it.each([
    ["of another round", beaconAnswer(ROUND - 1), "ceremony/other-round"],
    ["of another round, under the announced number", { ...beaconAnswer(ROUND - 1), round: ROUND }, ""],
    ["of a later round", beaconAnswer(ROUND + 1), "ceremony/other-round"],
    ["whose signature is negated", { ...good, signature: negated() }, ""],
    [
      "with a bit of its signature changed",
      { ...good, signature: good.signature.replace(/.$/, flipped) },
      "",
    ],
    ["of another chain", { ...QUICKNET_ANSWER, round: ROUND }, ""],
    ["with another randomness than its signature's", { ...good, randomness: "ab".repeat(32) }, ""],
    ["that is no answer", { error: "not found" }, "ceremony/bad-beacon-answer"],
    ["of no JSON", "<html>", "ceremony/bad-beacon-answer"],
    ["with a round twice", ANSWER.replace("{", `{"round":${ROUND - 1},`), "ceremony/bad-beacon-answer"],
    ["with a short signature", { ...good, signature: good.signature.slice(2) }, "ceremony/bad-beacon-answer"],
  ])("is refused %s", async (_, answer, code) => {
    await refused(answer, { code: code || "ceremony/bad-beacon-signature" });
  });

  it("is refused where nobody has contributed", async () => {
    await refused(ANSWER, { code: "ceremony/no-contribution" }, await ceremony.copy(fresh(), 0));
  });

  it("is refused where its time lies before the last contribution", async () => {
    const late = await ceremony.copy(fresh(), 3);
    for (const made of [ROUND, ROUND + 100]) {
      await say(late, 3, () => ({ made }));
      const details = { index: 3, made, time: ROUND };
      await refused(ANSWER, { code: "ceremony/early-beacon", details }, late);
    }
  });

  it("is refused where the announcement has fewer iterations than snarkjs takes", async () => {
    const few = await ceremony.copy(fresh(), 3);
    const file = join(few, "ceremony.json");
    const { beacon, ...rest } = await announcementOf(few);
    const text = { ...rest, beacon: { ...beacon, iterationsExponent: 9 } };
    await writeFile(file, `${JSON.stringify(text, null, 2)}\n`);
    await refused(ANSWER, { code: "ceremony/bad-announcement", why: /iterationsExponent/ }, few);
  });

  it("is refused where the announced round was changed after the first contribution", async () => {
    const other = await ceremony.copy(fresh(), 3);
    await announce(other, 0, ({ beacon }) => ({ beacon: { ...beacon, round: ROUND - 7 } }));
    const answer = JSON.stringify(beaconAnswer(ROUND - 7));
    await refused(answer, { code: "ceremony/other-ceremony", details: { index: 3 } }, other);
  });

  it("is refused where the newest keys are not those of their attestation", async () => {
    const of = await ceremony.copy(fresh(), 3);
    const { circuits } = await say(of, 3, ({ circuits }) => ({
      circuits: { ...circuits, guarded: { ...circuits.guarded!, made: "ab".repeat(32) } },
    }));
    expect(circuits.guarded!.made).toBe("ab".repeat(32));
    await refused(ANSWER, { code: "ceremony/changed-key", details: { index: 3, circuit: "guarded" } }, of);
  });

  it("is taken once, and the same again, but no other", async () => {
    const of = await ceremony.copy(fresh(), 3);
    const { attestation } = await applyBeacon(of, ANSWER);
    expect(attestation).toMatchObject({ index: BEACON_STEP, name: "beacon", beacon: good });
    await refused(beaconAnswer(ROUND + 1), { code: "ceremony/other-round" }, of);
    expect((await applyBeacon(of, ANSWER)).attestation).toEqual(attestation);
  });

  it("is refused by the command, which names what is wrong and shows nothing of the file", async () => {
    const folder = await ceremony.copy(fresh(), 3);
    const file = join(home, "answer.json");
    await writeFile(file, '{"round": "many", "signature": "xyzzy"}');
    const bad = await sealpatch("ceremony", "beacon", folder, "--value", file);
    expect(bad).toMatchObject({ code: 1, stdout: "" });
    expect(bad.stderr).toMatch(/why:.*round.*\n {2}to do: /);
    expect(bad.stderr).not.toContain("xyzzy");
    const missing = await sealpatch("ceremony", "beacon", folder, "--value", join(home, "none"));
    expect(missing.code).toBe(2);
  });
});

function flipped(last: string): string {
  return (Number.parseInt(last, 16) ^ 1).toString(16);
}
