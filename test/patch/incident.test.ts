import { Encrypter } from "age-encryption";
import { getAddress, getBytes, id, keccak256 } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bundleToJson,
  type Check,
  type Disclosure,
  type DisclosureFacts,
  decryptBundle,
  disclosureHash,
  disclosureText,
  encryptBundle,
  newBundle,
  newRecipient,
  type PatchBundle,
  parseBundle,
  parseDisclosure,
  rebuildPatch,
  reviewPatch,
  verifyDisclosure,
} from "../../src/patch/index.js";
import { rebuildExecuted } from "../../src/patch/rebuild.js";
import { FIXED, type Incident, makeIncident, source, VULNERABLE } from "./incident.js";

let incident: Incident;

beforeAll(async () => {
  incident = await makeIncident();
});

describe("a sealed bundle", () => {
  it("opens for each recipient, whole", async () => {
    const people = [await newRecipient(), await newRecipient()];
    const sealed = await encryptBundle(
      incident.bundle,
      people.map(({ recipient }) => recipient),
    );
    for (const { identity } of people) expect(await decryptBundle(sealed, identity)).toEqual(incident.bundle);
  });

  it("T20: shows nothing of the patch, and opens for nobody else", async () => {
    const { recipient } = await newRecipient();
    const sealed = Buffer.from(await encryptBundle(incident.bundle, [recipient])).toString("latin1");
    for (const secret of ["Counter", "counts double", incident.bundle.salt.toString()]) {
      expect(sealed).not.toContain(secret);
    }
    const { identity } = await newRecipient();
    await expect(decryptBundle(Buffer.from(sealed, "latin1"), identity)).rejects.toMatchObject({
      code: "patch/cannot-decrypt",
    });
  });

  it("T20: is refused when it was changed, and no error shows what it held", async () => {
    const { recipient, identity } = await newRecipient();
    const sealed = await encryptBundle(incident.bundle, [recipient]);
    sealed[sealed.length - 20]! ^= 1;
    await expect(decryptBundle(sealed, identity)).rejects.toMatchObject({ code: "patch/damaged-bundle" });

    const salt = incident.bundle.salt.toString();
    const json = { ...bundleToJson(incident.bundle), salt: `${salt}x`, deployer: "nowhere" };
    const error = await Promise.resolve(json)
      .then(parseBundle)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "patch/malformed-bundle" });
    const shown = JSON.stringify(error) + String((error as Error).stack) + String((error as Error).message);
    expect(shown).not.toContain(salt);
    expect(shown).not.toContain("Counter");
  });

  it("T20: gives no error that quotes what was sealed", async () => {
    const { recipient, identity } = await newRecipient();
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const error: unknown = await decryptBundle(await encrypter.encrypt("a secret, no JSON"), identity).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ code: "patch/malformed-bundle" });
    expect(String((error as Error).stack)).not.toContain("secret");
  });

  it("needs recipients, and refuses what is none", async () => {
    await expect(encryptBundle(incident.bundle, [])).rejects.toMatchObject({ code: "patch/no-recipient" });
    await expect(encryptBundle(incident.bundle, ["age1nobody"])).rejects.toMatchObject({
      code: "patch/invalid-recipient",
    });
  });

  it("T04: takes a fresh salt every time", async () => {
    const { schema, salt, ...parts } = incident.bundle;
    expect(schema).toBe("sealpatch.patch/3");
    const [one, other] = [await newBundle(parts, incident), await newBundle(parts, incident)];
    expect(new Set([salt, one.salt, other.salt]).size).toBe(3);
  });

  it("has addresses in their checksummed form, and takes nothing that is none", async () => {
    const { schema, salt, ...parts } = incident.bundle;
    const lower = `0x${"ab".repeat(20)}`;
    const checksummed = getAddress(lower);
    expect(await newBundle({ ...parts, deployer: lower, migrationCaller: lower }, incident)).toMatchObject({
      deployer: checksummed,
      migrationCaller: checksummed,
    });
    const json = bundleToJson(incident.bundle);
    const { libraries } = parseBundle({ ...json, libraries: { "L.sol:L": lower } });
    expect(libraries).toEqual({ "L.sol:L": checksummed });
    for (const wrong of [{ deployer: "nowhere" }, { migrationCaller: "0x" }, { deploySalt: "0x07" }]) {
      await expect(newBundle({ ...parts, ...wrong }, incident)).rejects.toMatchObject({
        code: "patch/malformed-bundle",
      });
    }
  });

  it("T12: has gas for its migration exactly where it has one", async () => {
    const { schema, salt, ...parts } = incident.bundle;
    const migration = Uint8Array.of(1, 2, 3, 4);
    for (const wrong of [{ migration }, { migrationGas: 1n }]) {
      const failure = expect.objectContaining({ code: "patch/migration-gas" });
      await expect(newBundle({ ...parts, ...wrong }, incident)).rejects.toEqual(failure);
      expect(() => parseBundle(bundleToJson({ ...incident.bundle, ...wrong }))).toThrowError(failure);
    }
    const migrated = { ...incident.bundle, migration };
    const most = bundleToJson({ ...migrated, migrationGas: 2n ** 64n - 1n });
    expect(parseBundle(most)).toMatchObject({ migration });
    expect(() => bundleToJson({ ...migrated, migrationGas: 2n ** 64n })).toThrowError(
      expect.objectContaining({ code: "patch/malformed-bundle" }),
    );
  });

  it("names its compiler by release and commit", async () => {
    const { schema, salt, ...parts } = incident.bundle;
    const compiler = { ...parts.compiler, version: "0.8.30" };
    const current = { ...parts.current, compiler: { ...parts.current.compiler, version: "0.8.30" } };
    const bundle = await newBundle({ ...parts, compiler, current }, incident);
    expect(bundle.compiler.version).toBe("0.8.30+commit.73712a01");
    expect(bundle.current.compiler.version).toBe("0.8.30+commit.73712a01");
    const json = bundleToJson(incident.bundle);
    for (const bare of [{ compiler }, { current }])
      expect(() => parseBundle({ ...json, ...bare })).toThrowError(
        expect.objectContaining({ code: "patch/malformed-bundle" }),
      );
  });
});

describe("a patch", () => {
  it("rebuilds to the same commitment from its sources", async () => {
    expect((await rebuildPatch(incident.bundle)).commitment).toBe(incident.review.patch.commitment);
  });

  it("T05: has another commitment with another source or migration call", async () => {
    const changes: Partial<PatchBundle>[] = [
      { compiler: { ...incident.bundle.compiler, input: source("total += x + 0;") } },
      { migration: new Uint8Array([1]), migrationGas: 1_000_000n },
      { migration: new Uint8Array([1]), migrationGas: 1_000_001n },
    ];
    const commitments = new Set([incident.review.patch.commitment]);
    for (const change of changes) {
      const changed = await rebuildPatch({ ...incident.bundle, ...change });
      commitments.add(changed.commitment);
    }
    expect(commitments.size).toBe(1 + changes.length);
  });

  const review = (bundle: Partial<PatchBundle>, more: Partial<Parameters<typeof reviewPatch>[0]> = {}) =>
    reviewPatch({ ...incident, bundle: { ...incident.bundle, ...bundle }, ...more });
  const compiled = (input: PatchBundle["compiler"]["input"]) => ({
    compiler: { ...incident.bundle.compiler, input },
  });

  it("is refused by a review under a policy that asks nothing of it, or what nobody can give", async () => {
    const { policy } = incident;
    const refusals: [Partial<typeof policy>, string][] = [
      [{ threshold: 0 }, "audit/threshold-out-of-range"],
      [{ threshold: policy.auditors.publicKeys.length + 1 }, "audit/threshold-out-of-range"],
      [{ maxWaivers: policy.baseline.vectors.length }, "patch/too-many-waivers"],
    ];
    for (const [change, code] of refusals)
      await expect(review({}, { policy: { ...policy, ...change } })).rejects.toMatchObject({ code });
  });

  it("shows the same warnings to the council that seals it and to those who review it, and is not refused for them", async () => {
    const reaching = compiled(
      source(
        "total += x; if (x == 12345) { (bool ok,) = address(this).delegatecall(msg.data); require(ok); }",
      ),
    );
    const sealed = await rebuildPatch({ ...incident.bundle, ...reaching });
    const { patch } = await review(reaching);
    const opcodes = sealed.warnings.filter((warning) => warning.code !== "compiler-bug");
    expect(opcodes).toMatchObject([{ code: "delegatecall", where: "code", libraries: [] }]);
    expect(patch.warnings).toEqual(sealed.warnings);
    expect(incident.review.patch.warnings.map(({ code }) => code)).not.toContain("delegatecall");
  });

  it("is refused by a review where it fails a baseline vector", async () => {
    await expect(review(compiled(source("total += x + 1;")))).rejects.toMatchObject({
      code: "vectors/baseline-fails",
    });
  });

  it("is refused by a review where it does not fix the incident", async () => {
    await expect(review(compiled(VULNERABLE))).rejects.toMatchObject({ code: "vectors/incident-fails" });
  });

  it("is refused by a review without an incident vector", async () => {
    const incidents = { ...incident.bundle.incidents, vectors: [] };
    await expect(review({ incidents })).rejects.toMatchObject({ code: "vectors/no-incident" });
  });

  it("is refused by a review where the current code has no bug", async () => {
    const { code } = incident.review.patch;
    const targets = incident.targets.map((target) => ({
      ...target,
      codehash: incident.review.targets.leaves[0]!,
    }));
    await expect(review({}, { targets })).rejects.toMatchObject({ code: "patch/other-implementation" });
    const fixedAlready = { code: code.code, address: incident.currentCode.address };
    const itsTargets = incident.targets.map((target) => ({ ...target, codehash: keccak256(code.code) }));
    const current = { contract: incident.bundle.contract, compiler: incident.bundle.compiler };
    const inputs = { currentCode: fixedAlready, targets: itsTargets };
    await expect(review({ current }, inputs)).rejects.toMatchObject({
      code: "vectors/incident-survives",
    });
  });

  it("T03: is refused by a review where a variable moved, or the old layout is not the registered one", async () => {
    const moved = source("total += x;", "uint256 first; uint256 public total;");
    await expect(review(compiled(moved))).rejects.toMatchObject({ code: "layout/not-preserved" });
    const policy = { ...incident.policy, layoutRoot: 1n };
    await expect(review({}, { policy })).rejects.toMatchObject({ code: "patch/other-layout" });
  });

  it("T12: is refused by a review where the migration starves, or would with half of what arrives", async () => {
    const setup = source(
      "total += x;",
      "uint256 public total; uint256 ready; function setup() external { ready = 1; }",
    );
    const withGas = (migrationGas: bigint) => ({
      ...compiled(setup),
      migration: getBytes(id("setup()").slice(0, 10)),
      migrationGas,
    });
    await expect(review(withGas(80_000n))).rejects.toMatchObject({ code: "vectors/migration-out-of-gas" });
    await expect(review(withGas(100_000n))).rejects.toMatchObject({ code: "vectors/migration-gas-margin" });
    const { report, patch } = await review(withGas(120_000n));
    expect(report.incidents).toHaveLength(1);
    expect(patch.opening.account >> 160n).toBe(120_000n);
  });

  it("T12: is not rebuilt with more gas for its migration than a transaction holds", async () => {
    const migration = Uint8Array.of(1, 2, 3, 4);
    const bundle = { ...incident.bundle, migration, migrationGas: 16_700_000n };
    await expect(rebuildPatch(bundle)).rejects.toMatchObject({ code: "patch/migration-gas-too-high" });
    // A chain that executed it has other limits: whether it was this patch is what a disclosure is checked for.
    const { commitment } = await rebuildExecuted(bundle);
    expect(commitment).not.toBe(incident.review.patch.commitment);
  });

  it("T08: is refused by a review where the migration has another caller than on chain", async () => {
    const migrationCaller = `0x${"44".repeat(20)}`;
    const migration = { migration: Uint8Array.of(1), migrationGas: 1_000_000n };
    await expect(review({ ...migration, migrationCaller })).rejects.toMatchObject({
      code: "patch/other-migration-caller",
      details: { bundle: migrationCaller, chain: incident.policy.migrationCaller },
    });
  });
});

describe("a disclosure", () => {
  const verify = (text: string, facts: Partial<DisclosureFacts> = {}): Promise<Check[]> =>
    verifyDisclosure(text, { ...incident.facts, ...facts });
  /** Names of the checks that fail, the file's own hash made to fit. */
  const failing = async (
    change: Partial<Disclosure>,
    facts: Partial<DisclosureFacts> = {},
  ): Promise<string[]> => {
    const text = disclosureText({ ...incident.disclosure, ...change });
    const disclosed = { ...incident.facts.disclosed, bundleHashes: [disclosureHash(text)] };
    const checks = await verify(text, { disclosed, ...facts });
    return checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);
  };

  it("holds in every check, and survives its file", async () => {
    const checks = await verify(incident.text);
    expect(checks.filter(({ outcome }) => outcome !== "holds")).toEqual([]);
    expect(checks).toHaveLength(14);
    expect(disclosureText(parseDisclosure(incident.text))).toBe(incident.text);
  });

  it("T16: holds for the council's file also where somebody published a worthless hash first", async () => {
    const bundleHashes = [`0x${"00".repeat(32)}`, disclosureHash(incident.text)];
    const [first] = await verify(incident.text, { disclosed: { ...incident.facts.disclosed, bundleHashes } });
    expect(first).toMatchObject({ outcome: "holds" });
  });

  it("T08: fails where the vectors ran the migration as another account than the chain", async () => {
    const migration = { migration: Uint8Array.of(1, 2, 3, 4), migrationGas: 1_000_000n };
    const bundle = { ...incident.bundle, ...migration };
    const elsewhere = { migrationCaller: `0x${"44".repeat(20)}` };
    expect(await failing({ bundle }, elsewhere)).toContain("the migration ran as in the vectors");
    expect(await failing({ bundle })).not.toContain("the migration ran as in the vectors");
  });

  it("is refused where the file is not the one on chain", async () => {
    const [first] = await verify(`${incident.text} `);
    expect(first).toMatchObject({ outcome: "fails", name: "the file is the one disclosed on chain" });
  });

  it("fails where the source is not what was sealed", async () => {
    const compiler = { ...incident.bundle.compiler, input: source("total += x * 1;") };
    expect(await failing({ bundle: { ...incident.bundle, compiler } })).toEqual(
      expect.arrayContaining([
        "the source compiles, and the commitment opens to it",
        "the opening on chain is the same",
        "the deployed code is the compiled code",
      ]),
    );
  });

  it("T05: fails where other code was deployed", async () => {
    const codehash = keccak256(Uint8Array.of(1));
    expect(await failing({}, { executed: { ...incident.facts.executed, codehash } })).toEqual([
      "the deployed code is the compiled code",
    ]);
  });

  it("T01: fails where the statement was for another target", async () => {
    const targets = incident.targets.map((target) => ({ ...target, nonce: 2n }));
    expect(await failing({ targets })).toEqual(["the statement names these targets"]);
  });

  it("fails where the replaced code was another", async () => {
    const code = incident.currentCode.code.slice();
    code[code.length - 1]! ^= 1;
    const { replaced } = incident.facts;
    const implementation = getAddress(`0x${"1b".repeat(20)}`);
    expect(await failing({}, { replaced: { ...replaced, code, implementation } })).toEqual(
      expect.arrayContaining([
        "the statement names these targets",
        "the patch passes the vectors, and the code it replaced fails every incident",
      ]),
    );
    expect(await failing({}, { replaced: { ...replaced, codehash: keccak256(code) } })).toContain(
      "the statement names these targets",
    );
  });

  it("P04: fails where the proxy does not run the patch, and is open about what the node does not have", async () => {
    const { installed, replaced } = incident.facts;
    const checks = await verify(incident.text, {
      installed: { ...installed, afterExecution: null, now: getAddress(`0x${"0e".repeat(20)}`) },
      replaced: { ...replaced, code: null },
    });
    const open = checks.filter(({ outcome }) => outcome !== "holds");
    expect(open.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["the replaced code is compiled from the source that the patch is compared with", "not checked"],
      ["the execution installed the patch", "not checked"],
      ["the proxy runs the patch, or what it was openly upgraded to since", "fails"],
      ["the patch passes the vectors, and the code it replaced fails every incident", "not checked"],
      ["enough registered auditors signed these results", "not checked"],
    ]);
    expect(open[1]!.detail).toMatch(/^needs a node with state/);
  });

  it("T10: fails where baseline vectors are left out", async () => {
    const baseline = { ...incident.policy.baseline, vectors: [] };
    expect(await failing({ baseline })).toContain("the baseline vectors are the registered ones");
  });

  it("T14: fails with fewer attestations than the policy asked for", async () => {
    const attestations = incident.attestations.slice(0, 1);
    expect(await failing({ attestations })).toEqual(["enough registered auditors signed these results"]);
  });

  it("is no disclosure when it is something else", () => {
    expect(() => parseDisclosure("{")).toThrowError(
      expect.objectContaining({ code: "patch/malformed-disclosure" }),
    );
    expect(() => parseDisclosure('{"schema":"sealpatch.disclosure/2"}')).toThrowError(
      expect.objectContaining({ code: "patch/malformed-disclosure" }),
    );
  });

  it("shows no text of a library where a check cannot be made", async () => {
    const replaced = { ...incident.facts.replaced, code: "no bytes" as unknown as Uint8Array };
    const checks = await verify(incident.text, { replaced });
    const failed = checks.filter(({ outcome }) => outcome !== "holds");
    expect(failed.length).toBeGreaterThan(0);
    for (const { detail } of failed) expect(detail).not.toMatch(/BytesLike|invalid|ethers|undefined/i);
  });

  it("has addresses in their checksummed form", () => {
    const currentImplementation = `0x${"ab".repeat(20)}`;
    const text = disclosureText({ ...incident.disclosure, currentImplementation });
    const read = parseDisclosure(text.replace(getAddress(currentImplementation), currentImplementation));
    expect(text).toContain(getAddress(currentImplementation));
    expect(read.currentImplementation).toBe(getAddress(currentImplementation));
  });

  it("is none with a target that cannot be, read or written", () => {
    const [target] = incident.targets;
    for (const wrong of [
      { proxy: "nowhere" },
      { timelock: `${target!.timelock}00` },
      { codehash: "0x12" },
      { chainId: 1n << 256n },
      { nonce: -1n },
      { validUntil: 1n << 64n },
      { group: "0x12" },
    ]) {
      const failure = expect.objectContaining({ code: "patch/malformed-disclosure" });
      const targets = [{ ...target!, ...wrong }];
      expect(() => disclosureText({ ...incident.disclosure, targets })).toThrowError(failure);
      const json = JSON.parse(incident.text);
      for (const [name, value] of Object.entries(wrong)) json.targets[0][name] = value.toString();
      expect(() => parseDisclosure(JSON.stringify(json))).toThrowError(failure);
    }
  });

  it("tells which part of it is wrong", () => {
    const json = JSON.parse(incident.text);
    json.baseline.vectors[0].stepLimit = 0;
    expect(() => parseDisclosure(JSON.stringify(json))).toThrowError(
      expect.objectContaining({ code: "vectors/malformed" }),
    );
  });

  it("leaves nothing sealed out", () => {
    expect(parseDisclosure(incident.text).bundle).toEqual(incident.bundle);
    expect(FIXED.sources["Counter.sol"]!.content).toBe(
      parseDisclosure(incident.text).bundle.compiler.input.sources["Counter.sol"]!.content,
    );
  });
});
