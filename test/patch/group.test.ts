import { describe, expect, it } from "vitest";
import { type GroupMember, groupOf, sealGroup } from "../../src/patch/index.js";

const NOW = 1_700_000_000n;
const HOUR = 3_600;

/** A member that fits with any other of another number. */
function member(
  number: number,
  change: Partial<{ gas: bigint; delay: number; grace: number; validUntil: bigint }> = {},
): GroupMember {
  const { gas = 0n, delay = 4 * HOUR, grace = 48 * HOUR, validUntil = NOW + 1_000_000n } = change;
  const bundle = { migration: new Uint8Array(gas === 0n ? 0 : 4).fill(1), migrationGas: gas };
  return {
    patch: {
      commitment: BigInt(number),
      initCode: new Uint8Array(24_700).fill(0x5b),
      code: { address: "0x01", code: new Uint8Array(24_576) },
      bundle,
    } as unknown as GroupMember["patch"],
    target: {
      chainId: 1n,
      timelock: `0x${"71".repeat(20)}`,
      proxy: `0x${number.toString(16).padStart(40, "a")}`,
      codehash: `0x${"00".repeat(32)}`,
      nonce: 0n,
      validUntil,
    },
    delay,
    grace,
  };
}

const codeOf = (members: readonly GroupMember[]) => {
  try {
    sealGroup(members, NOW);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a group that is sealed", () => {
  it("is named by its ordered commitments", () => {
    const members = [member(1), member(2)];
    expect(sealGroup(members, NOW)).toBe(groupOf([1n, 2n]));
    expect(sealGroup(members.toReversed(), NOW)).toBe(groupOf([2n, 1n]));
  });

  it("is refused across timelocks or chains, and with a proxy twice however it is written", () => {
    const [one, two] = [member(1), member(2)];
    const other = { ...two, target: { ...two.target, timelock: `0x${"72".repeat(20)}` } };
    expect(codeOf([one, other])).toBe("patch/group-apart");
    expect(codeOf([one, { ...two, target: { ...two.target, chainId: 10n } }])).toBe("patch/group-apart");
    const proxy = one.target.proxy.toUpperCase().replace("0X", "0x");
    expect(codeOf([one, { ...two, target: { ...two.target, proxy } }])).toBe("patch/group-repeats-proxy");
    expect(codeOf([one, two, { ...one, patch: member(3).patch }])).toBe("patch/group-repeats-proxy");
  });

  it("is refused without a second at which all may execute, and not with one", () => {
    const late = member(2, { delay: 10 * HOUR });
    expect(codeOf([member(1, { delay: 4 * HOUR, grace: 6 * HOUR }), late])).toBeUndefined();
    expect(codeOf([member(1, { delay: 4 * HOUR, grace: 6 * HOUR - 1 }), late])).toBe(
      "patch/group-without-window",
    );
    const ends = (validUntil: bigint) => codeOf([member(1, { validUntil }), late]);
    expect(ends(NOW + BigInt(10 * HOUR))).toBeUndefined();
    expect(ends(NOW + BigInt(10 * HOUR) - 1n)).toBe("patch/group-without-window");
  });

  it("T12: is refused where a transaction does not hold it: two full-size patches fit, three do not, nor two with gas for more", () => {
    expect(codeOf([member(1), member(2)])).toBeUndefined();
    expect(codeOf([member(1), member(2), member(3)])).toBe("patch/group-too-large");
    // What 16,777,216 gas leave beside two of them, by the formula of the protocol.
    const each = 16n * 24_700n + 32_000n + 8n * 772n + 200n * 24_576n + 460_000n;
    const left = 16_777_216n - 21_000n - 2n * each - 4n * 16n - 5_000n;
    const largest = left - (left + 1n) / 64n;
    expect(codeOf([member(1), member(2, { gas: largest })])).toBeUndefined();
    expect(codeOf([member(1), member(2, { gas: largest + 1n })])).toBe("patch/group-too-large");
  });
});
