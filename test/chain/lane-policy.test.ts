import { readFileSync } from "node:fs";
import { getAddress, Interface, JsonRpcProvider, ZeroAddress, ZeroHash } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { AuditorSet, newAuditorKey } from "../../src/audit/index.js";
import {
  COMPARISONS,
  LANE_STATUS,
  type LaneTerms,
  lanePolicy,
  MEASURES,
  PROXY_KINDS,
  type SafetyCheck,
  STATEMENT_STATES,
  TimelockClient,
} from "../../src/chain/index.js";
import {
  type PatchPolicy,
  parsePolicy,
  policyToJson,
  type ReviewInputs,
  reviewPatch,
} from "../../src/patch/index.js";
import { vectorRoot } from "../../src/vectors/index.js";
import { sampleSet, sampleVector } from "../vectors/sample.js";

const ADMIN = `0x${"ad".repeat(20)}`;
const TARGET = `0x${"7a".repeat(20)}`;
const SECOND = sampleVector({ name: "second" });
const TERMS: LaneTerms = { kind: "uups", delay: 1, grace: 2, disclosureDeadline: 3, checks: [] };
const CHECK: SafetyCheck = {
  target: TARGET,
  data: "0x12345678",
  measure: "first-word",
  comparison: "equal-to-before",
};

let policy: PatchPolicy;

beforeAll(() => {
  policy = {
    auditors: new AuditorSet(Array.from({ length: 3 }, () => newAuditorKey().publicKey)),
    threshold: 2,
    baseline: sampleSet([sampleVector(), SECOND]),
    maxWaivers: 1,
    layoutRoot: 5n,
    migrationCaller: ADMIN,
  };
});

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
  return "accepted";
};

describe("words of the contracts", () => {
  const types = readFileSync("contracts/types/FastTrackTypes.sol", "utf8");

  /** Members of an enum in kebab-case: `UUPSLegacy` is `uups-legacy`. */
  const membersOf = (name: string): string[] => {
    const [, body] = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(types)!;
    const members = body!.replace(/\/\/.*/g, "").match(/\w+/g)!;
    return members.map((member) => member.replace(/(?<=[a-z]|[A-Z]{4})(?=[A-Z])/g, "-").toLowerCase());
  };

  it.each([
    ["Measure", MEASURES],
    ["Comparison", COMPARISONS],
    ["ProxyKind", PROXY_KINDS],
    ["StatementState", STATEMENT_STATES],
    ["LaneStatus", LANE_STATUS],
  ] as const)("are those of the enum %s, in its order", (name, words) => {
    expect(membersOf(name)).toEqual([...words]);
  });
});

describe("a policy that waives every vector, or asks for more auditors than there are, is refused", () => {
  const lies: [string, () => Partial<PatchPolicy>, string][] = [
    ["waivers that reach the number of vectors", () => ({ maxWaivers: 2 }), "patch/too-many-waivers"],
    ["a threshold above the auditors", () => ({ threshold: 4 }), "audit/threshold-out-of-range"],
    ["no threshold", () => ({ threshold: 0 }), "audit/threshold-out-of-range"],
    ["waivers that are no number", () => ({ maxWaivers: Number.NaN }), "patch/too-many-waivers"],
    [
      "the root of other auditors",
      () => ({ auditors: { ...policy.auditors, root: 7n } as unknown as AuditorSet }),
      "patch/malformed-policy",
    ],
  ];

  it.each(lies)("%s: by lanePolicy, parsePolicy, policyToJson and reviewPatch", async (_, lie, code) => {
    const wrong = { ...policy, ...lie() };
    expect(codeOf(() => lanePolicy(wrong, TERMS))).toBe(code);
    expect(codeOf(() => policyToJson(wrong))).toBe(code);
    // A file names keys and no root: what it says of the root cannot be wrong.
    if (code !== "patch/malformed-policy" && !Number.isNaN(wrong.maxWaivers)) {
      const { threshold, maxWaivers } = wrong;
      const file = { ...policyToJson(policy), threshold, maxWaivers };
      expect(codeOf(() => parsePolicy(file))).toBe(threshold === 0 ? "patch/malformed-policy" : code);
    }
    // The policy comes first: nothing else of these inputs is looked at.
    const inputs = { policy: wrong, targets: [] } as unknown as ReviewInputs;
    await expect(reviewPatch(inputs)).rejects.toMatchObject({ code });
  });

  it("by setPolicyCall, which takes what lanePolicy made and nothing else", async () => {
    const provider = new JsonRpcProvider("http://127.0.0.1:9", 31337, { staticNetwork: true });
    const timelock = await TimelockClient.at(TARGET, provider);
    provider.destroy();
    const built = lanePolicy(policy, TERMS);
    expect(codeOf(() => timelock.setPolicyCall(ADMIN, built))).toBe("accepted");
    for (const change of [{ maxWaivers: 2 }, { threshold: 4 }, { auditorRoot: 7n }, {}])
      expect(codeOf(() => timelock.setPolicyCall(ADMIN, { ...built, ...change }))).toBe(
        "chain/policy-not-built",
      );
    expect(() => Object.assign(built, { maxWaivers: 2 })).toThrow(TypeError);
  });
});

describe("a lane's policy", () => {
  it("has the roots of what auditors review, and the terms", () => {
    expect(lanePolicy(policy, { ...TERMS, kind: "transparent-v5", admin: ADMIN, checks: [CHECK] })).toEqual({
      kind: "transparent-v5",
      admin: expect.stringMatching(new RegExp(`^${ADMIN}$`, "i")),
      threshold: 2,
      maxWaivers: 1,
      delay: 1,
      grace: 2,
      disclosureDeadline: 3,
      auditorRoot: policy.auditors.root,
      vectorRoot: vectorRoot(policy.baseline),
      checks: [CHECK],
    });
    expect(lanePolicy(policy, TERMS).admin).toBe(ZeroAddress);
  });

  it.each([0, -1, 1.5, Number.NaN, 4])("is refused with a threshold of %s of 3 auditors", (threshold) => {
    expect(codeOf(() => lanePolicy({ ...policy, threshold }, TERMS))).toBe("audit/threshold-out-of-range");
  });

  it("is refused with more auditors than the circuit has signer slots", () => {
    const nine = { ...policy, auditors: new AuditorSet(NINE()), threshold: 9 };
    expect(codeOf(() => lanePolicy(nine, TERMS))).toBe("audit/threshold-out-of-range");
    expect(lanePolicy({ ...nine, threshold: 8 }, TERMS).threshold).toBe(8);
  });

  it.each([-1, 0.5, 2, 128])("is refused with %s waivers of 2 vectors", (maxWaivers) => {
    expect(codeOf(() => lanePolicy({ ...policy, maxWaivers }, TERMS))).toBe("patch/too-many-waivers");
  });

  it("is refused without baseline vectors, or with incidents in their place", () => {
    const withVectors = (...kinds: ("incident" | "regression")[]) => ({
      ...policy,
      baseline: sampleSet(kinds.map((kind, index) => sampleVector({ kind, name: `v${index}` }))),
      maxWaivers: 0,
    });
    expect(codeOf(() => lanePolicy(withVectors(), TERMS))).toBe("vectors/empty");
    for (const set of [withVectors("incident"), withVectors("regression", "incident")])
      expect(codeOf(() => lanePolicy(set, TERMS))).toBe("vectors/wrong-kind");
  });

  it.each(["delay", "grace", "disclosureDeadline"])(
    "is refused with a %s that is no uint32 above 0",
    (name) => {
      for (const seconds of [0, -1, 0.5, Number.NaN, 2 ** 32]) {
        expect(codeOf(() => lanePolicy(policy, { ...TERMS, [name]: seconds }))).toBe(
          "chain/duration-out-of-range",
        );
      }
      expect(codeOf(() => lanePolicy(policy, { ...TERMS, [name]: 2 ** 32 - 1 }))).toBe("accepted");
    },
  );

  it("has an admin exactly with the transparent kinds, and it is who calls migrations", () => {
    const wrong: Partial<LaneTerms>[] = [
      { kind: "transparent-v5" },
      { kind: "transparent-v4", admin: ZeroAddress },
      { kind: "transparent-v4", admin: "nobody" },
      { kind: "transparent-v5", admin: TARGET },
      { kind: "uups", admin: ADMIN },
      { kind: "beacon", admin: ZeroAddress },
    ];
    for (const terms of wrong)
      expect(
        codeOf(() => lanePolicy(policy, { ...TERMS, ...terms })),
        JSON.stringify(terms),
      ).toBe("chain/wrong-admin");
  });
});

const NINE = () => Array.from({ length: 9 }, () => newAuditorKey().publicKey);

describe("safety checks in words", () => {
  const wrong: [string, Partial<SafetyCheck>][] = [
    ["no target", { target: ZeroAddress }],
    ["a target that is no address", { target: "0x1234" }],
    ["half a byte of data", { data: "0x123" }],
    ["an unknown measure", { measure: "second-word" as never }],
    ["an unknown comparison", { comparison: "equal" as never }],
    ["more of a hash", { measure: "return-hash", comparison: "not-less-than-before" }],
    ["less of a code hash", { measure: "code-hash", data: "0x", comparison: "not-more-than-before" }],
    ["a code hash that reverts", { measure: "code-hash", data: "0x", comparison: "must-revert" }],
    ["a code hash with calldata", { measure: "code-hash" }],
    ["a constant that is not there", { comparison: "equal-to-constant" }],
    ["a constant of 31 bytes", { comparison: "equal-to-constant", expected: `0x${"00".repeat(31)}` }],
    ["an expected value that nothing is compared with", { expected: ZeroHash }],
  ];

  it.each(wrong)("refuses %s", (_, change) => {
    const checks = [CHECK, { ...CHECK, ...change }];
    expect(() => lanePolicy(policy, { ...TERMS, checks })).toThrowError(
      expect.objectContaining({ code: "chain/malformed-check", details: { index: 1 } }),
    );
  });

  it("refuses a seventeenth", () => {
    const checks = Array.from({ length: 17 }, () => CHECK);
    expect(codeOf(() => lanePolicy(policy, { ...TERMS, checks }))).toBe("chain/too-many-checks");
    expect(codeOf(() => lanePolicy(policy, { ...TERMS, checks: checks.slice(1) }))).toBe("accepted");
  });

  it("go to the contract as its enums", async () => {
    const provider = new JsonRpcProvider("http://127.0.0.1:9", 31337, { staticNetwork: true });
    const timelock = await TimelockClient.at(TARGET, provider);
    provider.destroy();
    const constant = `0x${"05".repeat(32)}`;
    const checks: SafetyCheck[] = [
      CHECK,
      { ...CHECK, comparison: "not-less-than-before" },
      { ...CHECK, comparison: "not-more-than-before" },
      { ...CHECK, measure: "return-hash", comparison: "equal-to-constant", expected: constant },
      { ...CHECK, comparison: "must-revert" },
      { ...CHECK, measure: "code-hash", data: "0x" },
    ];
    const { data, target } = timelock.setPolicyCall(ADMIN, lanePolicy(policy, { ...TERMS, checks }));
    expect(target).toBe(getAddress(TARGET));
    const [, decoded] = new Interface(timelock.interface.fragments).decodeFunctionData("setPolicy", data);
    expect(decoded.kind).toBe(0n);
    expect(decoded.checks.map((check: Record<string, unknown>) => [check.measure, check.comparison])).toEqual(
      [
        [0n, 0n],
        [0n, 1n],
        [0n, 2n],
        [1n, 3n],
        [0n, 4n],
        [2n, 0n],
      ],
    );
    expect(decoded.checks.map((check: Record<string, unknown>) => check.expected)).toEqual([
      ZeroHash,
      ZeroHash,
      ZeroHash,
      constant,
      ZeroHash,
      ZeroHash,
    ]);
  });
});
