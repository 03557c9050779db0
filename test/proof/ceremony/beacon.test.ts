import { bls12_381 } from "@noble/curves/bls12-381.js";
import { describe, expect, it } from "vitest";
import { beaconRandomness, beaconTime, parseBeaconAnswer, QUICKNET } from "../../../src/proof/index.js";

// Round 657413 of quicknet, as drand published it.
const ANSWER = {
  round: 657_413,
  signature:
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
  randomness: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
};
const ANNOUNCED = { round: ANSWER.round, chain: QUICKNET };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("the beacon of a ceremony", () => {
  it("gives the randomness of a published round, with and without what the answer says of it", async () => {
    expect(hex(await beaconRandomness(parseBeaconAnswer(JSON.stringify(ANSWER)), ANNOUNCED))).toBe(
      ANSWER.randomness,
    );
    const { randomness, ...alone } = ANSWER;
    expect(hex(await beaconRandomness(parseBeaconAnswer(alone), ANNOUNCED))).toBe(randomness);
  });

  it("knows when a round is signed", () => {
    expect(beaconTime(1, QUICKNET)).toBe(1_692_803_367);
    expect(beaconTime(ANSWER.round, QUICKNET)).toBe(1_692_803_367 + 3 * 657_412);
  });

  it("refuses another round than the one that was announced", async () => {
    await expect(beaconRandomness(ANSWER, { ...ANNOUNCED, round: ANSWER.round + 1 })).rejects.toMatchObject({
      code: "ceremony/other-round",
      details: { announced: ANSWER.round + 1, actual: ANSWER.round },
    });
  });

  const { G1, G2 } = bls12_381;
  const other = hex(G2.Point.BASE.toBytes(true));
  const negated = hex(G1.Point.fromHex(ANSWER.signature).negate().toBytes(true));
  it.each([
    ["of another round under the announced number", { ...ANSWER, round: ANSWER.round + 1 }, QUICKNET],
    ["of another chain", ANSWER, { ...QUICKNET, publicKey: other }],
    ["negated", { ...ANSWER, signature: negated }, QUICKNET],
    ["that is the neutral point", { ...ANSWER, signature: `c0${"00".repeat(47)}` }, QUICKNET],
    ["that is no point", { ...ANSWER, signature: "ff".repeat(48) }, QUICKNET],
    ["with a bit changed", { ...ANSWER, signature: ANSWER.signature.replace(/b$/, "a") }, QUICKNET],
    ["under a randomness of somebody's choice", { ...ANSWER, randomness: "0".repeat(64) }, QUICKNET],
  ])("refuses a signature %s", async (_, answer, chain) => {
    // All but the last case without the hash, so that the signature itself decides.
    const shown = answer.randomness === ANSWER.randomness ? { ...answer, randomness: undefined } : answer;
    await expect(beaconRandomness(shown, { round: answer.round, chain })).rejects.toMatchObject({
      code: "ceremony/bad-beacon-signature",
    });
  });

  it.each([
    ["HTML", "<html>"],
    ["no round", { signature: ANSWER.signature }],
    ["round 0", { ...ANSWER, round: 0 }],
    ["a round as text", { ...ANSWER, round: "657413" }],
    ["a signature of 47 bytes", { ...ANSWER, signature: ANSWER.signature.slice(2) }],
    ["a signature in capitals", { ...ANSWER, signature: ANSWER.signature.toUpperCase() }],
    ["a signature of the other group", { ...ANSWER, signature: ANSWER.signature.repeat(2) }],
  ])("refuses an answer that is %s", (_, answer) => {
    expect(() => parseBeaconAnswer(answer)).toThrow(
      expect.objectContaining({ code: "ceremony/bad-beacon-answer" }),
    );
  });
});
