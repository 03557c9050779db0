import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import { poseidon3, poseidon4 } from "poseidon-lite";
import { describe, expect, it } from "vitest";
import { FIELD_ORDER, tag } from "../../src/field/index.js";
import {
  callDigest,
  groupOf,
  migrationDigest,
  NO_GROUP,
  newSalt,
  patchAccount,
  patchCommitment,
  statementId,
  type Target,
  TargetTree,
  targetLeaf,
} from "../../src/patch/index.js";

const OPENING = {
  codeDigest: 1n,
  layoutRoot: 2n,
  incidentRoot: 3n,
  account: 4n,
  migrationDigest: 5n,
  executionDigest: 6n,
  salt: 7n,
};
const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });

describe("the patch commitment", () => {
  it("is H_3(tag, H_4(content), salt), with H_4 of the call in the content", () => {
    const call = poseidon4([tag("sealpatch.call"), 4n, 5n, 6n]);
    expect(callDigest(OPENING)).toBe(call);
    expect(patchCommitment(OPENING)).toBe(
      poseidon3([tag("sealpatch.patch"), poseidon4([1n, 2n, 3n, call]), 7n]),
    );
  });

  it("changes with each part", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(OPENING) as (keyof typeof OPENING)[])),
        element,
        (part, value) => {
          fc.pre(value !== OPENING[part]);
          expect(patchCommitment({ ...OPENING, [part]: value })).not.toBe(patchCommitment(OPENING));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("T04: takes salts of 253 random bits, never the same twice", () => {
    const salts = Array.from({ length: 2000 }, newSalt);
    expect(new Set(salts).size).toBe(salts.length);
    let seen = 0n;
    let always = (1n << 253n) - 1n;
    for (const salt of salts) {
      expect(salt).toBeLessThan(1n << 253n);
      seen |= salt;
      always &= salt;
    }
    // Every bit takes both values; by chance one would not with probability 2^-1990.
    expect(seen).toBe((1n << 253n) - 1n);
    expect(always).toBe(0n);
  });

  it("T05: has the implementation's address, and above it the gas of the migration", () => {
    const here = `0x${"11".repeat(20)}`;
    expect(patchAccount(here, 0n)).toBe(BigInt(here));
    expect(patchAccount(here, 5n)).toBe(BigInt(`0x05${"11".repeat(20)}`));
    expect(patchAccount(`0x${"ff".repeat(20)}`, 2n ** 64n - 1n)).toBe(2n ** 224n - 1n);
  });

  it("T05: digests the migration by keccak >> 8, also where there is none", () => {
    expect(migrationDigest(new Uint8Array())).toBe(BigInt(keccak256("0x")) >> 8n);
    expect(migrationDigest(Uint8Array.of(7))).toBe(BigInt(keccak256("0x07")) >> 8n);
  });
});

const target = (change: Partial<Target> = {}): Target => ({
  chainId: 1n,
  timelock: `0x${"11".repeat(20)}`,
  proxy: `0x${"22".repeat(20)}`,
  codehash: `0x${"33".repeat(32)}`,
  nonce: 7n,
  validUntil: 1_800_000_000n,
  group: NO_GROUP,
  ...change,
});

describe("targets", () => {
  it("T01: have leaves that differ in every respect", () => {
    const others = [
      target({ chainId: 2n }),
      target({ timelock: `0x${"44".repeat(20)}` }),
      target({ proxy: `0x${"44".repeat(20)}` }),
      target({ codehash: `0x${"44".repeat(32)}` }),
      target({ nonce: 8n }),
      target({ validUntil: 1_800_000_001n }),
      target({ group: groupOf([1n, 2n]) }),
    ];
    expect(new Set([target(), ...others].map(targetLeaf)).size).toBe(8);
  });

  it("have leaves of 224 bytes, the group last", () => {
    const group = groupOf([1n, 2n]);
    const word = (value: bigint): string => value.toString(16).padStart(64, "0");
    const { chainId, timelock, proxy, codehash, nonce, validUntil } = target();
    const words = [
      chainId,
      BigInt(timelock),
      BigInt(proxy),
      BigInt(codehash),
      nonce,
      validUntil,
      BigInt(group),
    ];
    expect(targetLeaf(target({ group }))).toBe(keccak256(`0x${words.map(word).join("")}`));
  });

  it("have as group the hash of the ordered commitments, and none for one alone", () => {
    expect(groupOf([5n])).toBe(`0x${"00".repeat(32)}`);
    const encoded = AbiCoder.defaultAbiCoder().encode(["uint256[]"], [[5n, 7n]]);
    expect(groupOf([5n, 7n])).toBe(keccak256(encoded));
    expect(groupOf([7n, 5n])).not.toBe(groupOf([5n, 7n]));
    for (const [wrong, code] of [
      [[], "patch/no-group"],
      [[5n, 7n, 5n], "patch/duplicate-member"],
      [[5n, FIELD_ORDER], "field/out-of-range"],
    ] as const) {
      expect(() => groupOf(wrong)).toThrowError(expect.objectContaining({ code }));
    }
  });

  it("one target is its own root", () => {
    const tree = new TargetTree([target()]);
    expect(tree.root).toBe(BigInt(targetLeaf(target())) >> 8n);
    expect(tree.path(target())).toEqual([]);
  });

  it("several open to the root by sorted pairs, as OpenZeppelin's MerkleProof goes", () => {
    const targets = [1n, 2n, 3n, 4n, 5n].map((chainId) => target({ chainId }));
    const tree = new TargetTree(targets);
    for (const each of targets) {
      let node = targetLeaf(each);
      for (const sibling of tree.path(each)) {
        const [low, high] = BigInt(node) < BigInt(sibling) ? [node, sibling] : [sibling, node];
        node = keccak256(low + high.slice(2));
      }
      expect(BigInt(node) >> 8n).toBe(tree.root);
    }
  });

  it("are refused where there is none, or the same twice", () => {
    expect(() => new TargetTree([])).toThrowError(expect.objectContaining({ code: "patch/no-target" }));
    expect(() => new TargetTree([target(), target()])).toThrowError(
      expect.objectContaining({ code: "patch/duplicate-target" }),
    );
  });

  it("have a path for their own targets alone", () => {
    const tree = new TargetTree([target(), target({ chainId: 2n })]);
    expect(() => tree.path(target({ nonce: 8n }))).toThrowError(
      expect.objectContaining({ code: "patch/unknown-target" }),
    );
  });

  it("T02: a statement's identity has no proof in it", () => {
    const leaf = targetLeaf(target());
    expect(statementId(5n, leaf)).toBe(
      keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [5n, leaf])),
    );
  });
});
