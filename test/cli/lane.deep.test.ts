import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hexlify, id } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployVerifier } from "../../src/chain/index.js";
import { implementationAt } from "../../src/chain/slots.js";
import { readKeystore } from "../../src/keystore/index.js";
import { decryptBundle, rebuildPatch } from "../../src/patch/index.js";
import { fund, newAccount, PASSPHRASE, type TestAccount } from "../lane/lane-project.js";
import { temporaryFolder } from "../project/projects.js";
import { installKeys } from "./package-of-keys.js";
import { CONTRACT, type SealedProject, sealedProject } from "./sealed-project.js";
import { sealpatch } from "./sealpatch.js";

// A group of two patches, from the sealed bundles to the executed transaction, by the command line alone, with the keys of a package.

let project: SealedProject;
let council: TestAccount;
let executor: TestAccount;
/** Those that the timelock's verifier is made of. */
let keys: readonly string[];
const folder = temporaryFolder();
const at = (name: string) => project.at(name);
const config = () => ["--config", at("sealpatch.toml")];
const pass = () => ["--passphrase-file", at("pass.txt")];
const BUNDLES = ["both.vault.age", "both.second.age"];

async function run(...words: string[]) {
  const { code, stdout } = await sealpatch(...words, "--json");
  return { exit: code, ...JSON.parse(stdout) };
}

const attestationOf = (bundle: string, auditor: number) => at(`${bundle}.${auditor}.json`);
const attest = (bundle: string, auditor: number) =>
  run(
    ...["attest", at(bundle), "--keystore", at(`auditor-${auditor}.age`), ...pass(), ...config()],
    ...["--yes", "--out", attestationOf(bundle, auditor)],
  );
const prove = (...words: string[]) =>
  run("prove", ...BUNDLES.map(at), ...words, ...keys, "--keystore", at("member.age"), ...pass(), ...config());

beforeAll(async () => {
  project = await sealedProject(folder);
  const { chain, scene } = project;
  council = await newAccount(folder, "council");
  executor = await newAccount(folder, "executor");
  for (const { address } of [council, executor]) await fund(chain.anvil.url, address);
  const { timelock, roles } = scene;
  const grant = (role: string, { address }: TestAccount) => ({
    target: timelock.address,
    data: timelock.interface.encodeFunctionData("grantRole", [id(role), address]),
  });
  const { manifest, prefix } = await installKeys(join(folder, "home"));
  keys = ["--keys", prefix];
  const verifier = await deployVerifier(roles.governance, manifest);
  const calls = [await timelock.setVerifierCall(await verifier.getAddress(), manifest)];
  const operation = {
    calls: [...calls, grant("COUNCIL_ROLE", council), grant("EXECUTOR_ROLE", executor)],
    salt: hexlify(randomBytes(32)),
  };
  const week = 7n * 86_400n;
  await timelock.as(roles.governance).scheduleSlowPath(operation, week);
  await chain.travelTo((await chain.now()) + week);
  await timelock.as(roles.governance).executeSlowPath(operation);

  const incidents = ["vault", "second"].flatMap((name) => [
    ...["--incidents", `${name}=${at(`${name}-incidents.json`)}`],
    ...["--proxy", `${name}=${CONTRACT}`],
  ]);
  const sealed = await run(
    ...["seal", "--group", ...incidents, "--to", at("member.json"), ...config(), "--out", at("both.age")],
  );
  expect(sealed).toMatchObject({ exit: 0 });
  const alone = ["--proxy", "vault", "--contract", CONTRACT, "--incidents", at("vault-incidents.json")];
  await run("seal", ...alone, ...config(), "--out", at("alone.age"));
}, 300_000);
afterAll(() => project.stop());

describe("a group, by the command line", () => {
  it("is not proven with keys that the timelock's verifier is not made of", async () => {
    const own = keys;
    keys = [];
    expect(await prove()).toMatchObject({ exit: 1, error: { code: "lane/other-keys" } });
    keys = own;
  });

  it("is proven as far as attestations go, and says who is missing and whose is for another bundle", async () => {
    for (const bundle of BUNDLES)
      for (const auditor of [0, 1]) expect(await attest(bundle, auditor)).toMatchObject({ exit: 0 });
    await attest(BUNDLES[0]!, 2);
    await attest("alone.age", 2);
    const given = [
      ...BUNDLES.flatMap((bundle) => [0, 1].map((auditor) => attestationOf(bundle, auditor))),
      attestationOf(BUNDLES[0]!, 0),
      attestationOf("alone.age", 2),
    ];
    const told = await prove(...given);
    expect(told).toMatchObject({ exit: 1, complete: false, resumed: 0 });
    for (const patch of told.patches)
      expect(patch).toMatchObject({
        attested: ["first auditor", "second auditor"],
        missing: ["third auditor"],
        wanted: 1,
      });
    expect(told.attestations.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      ...["counts", "counts", "counts", "counts", "repeated", "for another bundle"],
    ]);
    expect(told.attestations.at(-1)).toMatchObject({ auditor: "third auditor", bundle: null });
    expect(existsSync(at("schedule.json"))).toBe(false);
    const kept = readdirSync(at(".sealpatch")).filter((name) => name.endsWith(".age"));
    expect(kept.map((name) => name.replace(/-.*/, ""))).toEqual(["bind", "bind"]);
    for (const name of kept) {
      expect(statSync(at(`.sealpatch/${name}`)).mode & 0o777).toBe(0o600);
      expect(readFileSync(at(`.sealpatch/${name}`), "latin1")).toMatch(/^age-encryption\.org\/v1\n/);
    }
  }, 900_000);

  it("is proven once all have attested: what was made is not made again", async () => {
    await attest(BUNDLES[1]!, 2);
    const all = BUNDLES.flatMap((bundle) => [0, 1, 2].map((auditor) => attestationOf(bundle, auditor)));
    const told = await prove(...all, "--out", at("."));
    expect(told).toMatchObject({ exit: 0, complete: true, resumed: 2, keys: { keyClass: "test" } });
    for (const name of ["schedule.json", "execution.age"])
      expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    const again = await prove(...all, "--out", at(".sealpatch"));
    expect(again).toMatchObject({ exit: 0, resumed: 4 });
    expect(readFileSync(at(".sealpatch/schedule.json"), "utf8")).toBe(
      readFileSync(at("schedule.json"), "utf8"),
    );
    const refused = await prove(...all, "--out", at("."));
    expect(refused.error.code).toBe("cli/file-exists");
  }, 900_000);

  it("is scheduled and executed as a whole", async () => {
    const { chain, scene, other } = project;
    const scheduled = await run("schedule", at("schedule.json"), ...council.options, ...config(), "--yes");
    expect(scheduled.scheduled).toHaveLength(2);
    await chain.travelTo((await chain.now()) + 4n * 3600n);
    const executed = await run(
      ...["execute", at("execution.age"), "--keystore", at("member.age"), ...pass()],
      ...[...executor.options, ...config(), ...keys, "--yes"],
    );
    expect(executed).toMatchObject({ exit: 0 });
    expect(executed.executed).toEqual(
      scheduled.scheduled.map((one: { commitment: string }) => one.commitment),
    );
    const { identity } = await readKeystore(at("member.age"), PASSPHRASE);
    const block = await chain.provider.getBlockNumber();
    for (const [index, { proxy }] of [scene, other].entries()) {
      const bundle = await decryptBundle(readFileSync(at(BUNDLES[index]!)), identity);
      const { code } = await rebuildPatch(bundle);
      const known = { proxy, kind: "transparent-v5" } as const;
      expect(await implementationAt(chain.provider, known, block)).toBe(code.address);
    }
  });
});
