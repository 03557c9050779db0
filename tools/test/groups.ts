import { foundryBinary } from "../../src/foundry.js";
import { packageChecks } from "./package.js";
import { command, NODE } from "./processes.js";
import { buildForTests, check, forge, mutants, type Suite, tool, vitest } from "./suites.js";

/** Folders whose Solidity is formatted; `npm run format` formats the same. */
const SOLIDITY = ["contracts", "test/contracts", "foundry", "tools/probe"];

/** What `npm test` runs: what a change can break first. */
export const QUICK: Readonly<Record<string, Suite>> = {
  build: buildForTests,
  "lint and format": check(NODE, command("@biomejs/biome", "biome"), "ci", "--error-on-warnings", "."),
  types: check(NODE, command("typescript", "tsc"), "-p", "."),
  "dead code": check(NODE, command("knip")),
  "Solidity format": check(foundryBinary("forge"), "fmt", "--check", ...SOLIDITY),
  "properties and threats": tool("tools/properties/main.ts"),
  "package entries and types": packageChecks,
  contracts: forge,
  "circuits, SDK, command line, one whole incident": vitest("quick"),
};

/** A part of the rest that ends within ten minutes on two quiet cores. */
export interface DeepGroup {
  readonly name: string;
  readonly what: string;
  /** Minutes that it takes at most on two quiet cores, build aside. */
  readonly minutes: number;
  readonly suite: Suite;
  /** Files of vitest's project `deep` that it runs; every one belongs to one group. */
  readonly files?: readonly string[];
}

const tests = (...files: readonly string[]) => ({ files, suite: vitest("deep", ...files) });

const mutantGroup = (part: number): DeepGroup => ({
  name: `mutants-${part}`,
  what: "a third of the contracts' mutants, each killed by the suite",
  minutes: 7,
  suite: mutants("contracts", `${part}/3`),
});

const circuitGroup = (part: number): DeepGroup => ({
  name: `circuits-${part}`,
  what: "a quarter of the circuits' mutants, each killed by its own test",
  minutes: 6,
  suite: mutants("circuits", `${part}/4`),
});

/** What `npm run test:deep` runs. */
export const DEEP: readonly DeepGroup[] = [
  mutantGroup(1),
  mutantGroup(2),
  mutantGroup(3),
  circuitGroup(1),
  circuitGroup(2),
  circuitGroup(3),
  circuitGroup(4),
  {
    name: "arithmetic",
    what: "faults planted in the prover's arithmetic, each killed by its test",
    minutes: 5,
    suite: mutants("arithmetic", "1/1"),
  },
  {
    name: "soundness",
    what: "both circuits at full size: determined, every hint pinned",
    minutes: 3,
    suite: tool("tools/circuits/check.ts"),
  },
  {
    name: "constraints",
    what: "lies about attest, what they break; faults planted; mutants' runners",
    minutes: 6,
    ...tests(
      "test/circuits/attest.deep.test.ts",
      "test/circuits/groups.deep.test.ts",
      "test/circuits/late-marks.deep.test.ts",
      "test/circuits/reference.deep.test.ts",
      "test/digests/attest.deep.test.ts",
      "test/soundness/planted.deep.test.ts",
      "test/tools/mutant-runners.deep.test.ts",
    ),
  },
  {
    name: "incidents",
    what: "every other case of the corpus, and proofs of an older solc",
    minutes: 8,
    ...tests("test/e2e/drill-incidents.deep.test.ts", "test/e2e/compilers.deep.test.ts"),
  },
  {
    name: "chains",
    what: "two chains, migration, broken-off drills, keys, verifiers, doctor",
    minutes: 6,
    ...tests(
      "test/e2e/two-chains.deep.test.ts",
      "test/e2e/migration.deep.test.ts",
      "test/e2e/drill-interrupt.deep.test.ts",
      "test/e2e/drill-undone.deep.test.ts",
      "test/chain/production-keys.deep.test.ts",
      "test/chain/verifier-checks.deep.test.ts",
      "test/cli/keys.deep.test.ts",
      "test/cli/doctor.deep.test.ts",
    ),
  },
  {
    name: "lane",
    what: "a group of patches by the command line, from bundle to execution",
    minutes: 6,
    ...tests("test/cli/lane.deep.test.ts"),
  },
  {
    name: "roles",
    what: "an incident by the packed command: people who exchange files alone",
    minutes: 5,
    ...tests("test/e2e/roles.deep.test.ts"),
  },
  {
    name: "incident",
    what: "docs/incident.md as it stands, by the packed command",
    minutes: 8,
    ...tests("test/e2e/incident.deep.test.ts"),
  },
  {
    name: "hardhat",
    what: "an incident in a project of Hardhat, and what its builds hold",
    minutes: 5,
    ...tests("test/e2e/hardhat.deep.test.ts", "test/project/hardhat-builds.deep.test.ts"),
  },
  {
    name: "commands",
    what: "seal, attest, deploy, schedule, execute, veto, reveal: refusals",
    minutes: 6,
    ...tests(
      "test/cli/sealing.deep.test.ts",
      "test/cli/deploy.deep.test.ts",
      "test/cli/lane-replayed.deep.test.ts",
      "test/cli/lane-executing.deep.test.ts",
      "test/cli/reveal.deep.test.ts",
      "test/cli/policy.deep.test.ts",
    ),
  },
  {
    name: "sending",
    what: "schedule, execute, reveal killed and given again; relays that lie",
    minutes: 5,
    ...tests("test/cli/sending-kills.deep.test.ts", "test/chain/relay-sending.deep.test.ts"),
  },
  {
    name: "hostile",
    what: "hostile files, words, nodes, disks, signals: what refuses them",
    minutes: 10,
    ...tests(
      "test/cli/hostile/files.deep.test.ts",
      "test/cli/hostile/lane.deep.test.ts",
      "test/cli/hostile/lane-nodes.deep.test.ts",
      "test/cli/hostile/safe.deep.test.ts",
      "test/cli/hostile/safe-nodes.deep.test.ts",
      "test/cli/hostile/sealing.deep.test.ts",
      "test/cli/hostile/process.deep.test.ts",
    ),
  },
  {
    name: "safe",
    what: "what a Safe's owners sign, against three releases of it",
    minutes: 4,
    ...tests(
      "test/cli/safe.deep.test.ts",
      "test/safe/many-owners.deep.test.ts",
      "test/safe/nested.deep.test.ts",
      "test/safe/programs.deep.test.ts",
      "test/safe/scheduled.deep.test.ts",
    ),
  },
  {
    name: "watch",
    what: "reorganisations, odd nodes, 500 statements, a watch that is killed",
    minutes: 3,
    ...tests(
      "test/watch/follow.deep.test.ts",
      "test/watch/many-statements.deep.test.ts",
      "test/watch/odd-nodes.deep.test.ts",
      "test/cli/watch.deep.test.ts",
    ),
  },
  {
    name: "portal",
    what: "the community's page in Chromium: states, lies, weather, policy, axe",
    minutes: 8,
    ...tests(
      "test/portal/access.deep.test.ts",
      "test/portal/drill.deep.test.ts",
      "test/portal/given-files.deep.test.ts",
      "test/portal/hostile.deep.test.ts",
      "test/portal/lies.deep.test.ts",
      "test/portal/policy.deep.test.ts",
      "test/portal/problems.deep.test.ts",
      "test/portal/states.deep.test.ts",
      "test/portal/weather.deep.test.ts",
    ),
  },
  {
    name: "page",
    what: "the page's proofs against snarkjs and the contract; 500 statements",
    minutes: 3,
    ...tests(
      "test/proof/prover/groth16.deep.test.ts",
      "test/portal/many-statements.deep.test.ts",
      "test/portal/read.deep.test.ts",
      "test/portal/turns.deep.test.ts",
    ),
  },
  {
    name: "package",
    what: "packed and installed elsewhere: types, keys, a proof, the drill",
    minutes: 6,
    ...tests("test/package.deep.test.ts", "test/api.deep.test.ts"),
  },
  {
    name: "disclosures",
    what: "each part of a disclosure altered; verify by file and node alone",
    minutes: 8,
    ...tests("test/patch/altered.deep.test.ts", "test/cli/verify.deep.test.ts"),
  },
  {
    name: "layouts",
    what: "released contracts, upgrades-core's cases, random edits and upgrades",
    minutes: 6,
    ...tests(
      "test/layout/released.deep.test.ts",
      "test/layout/conformance.deep.test.ts",
      "test/layout/agreement.deep.test.ts",
      "test/layout/random-upgrades.deep.test.ts",
    ),
  },
  {
    name: "compilers",
    what: "storage bugs of solc, patches of other releases and their live code",
    minutes: 2,
    ...tests(
      "test/solc/storage-bugs.deep.test.ts",
      "test/patch/current.deep.test.ts",
      "test/patch/replica.deep.test.ts",
    ),
  },
  {
    name: "recording",
    what: "the corpus behind all its proxies, on two engines, and from Foundry",
    minutes: 2,
    ...tests(
      "test/vectors/corpus.deep.test.ts",
      "test/vectors/corpus-proxies.deep.test.ts",
      "test/vectors/record-differential.deep.test.ts",
      "test/vectors/record-foundry.deep.test.ts",
    ),
  },
  {
    name: "ceremony",
    what: "parties that exchange files, their document, a large circuit",
    minutes: 8,
    ...tests(
      "test/ceremony/parties.deep.test.ts",
      "test/ceremony/document.deep.test.ts",
      "test/ceremony/sources.deep.test.ts",
      "test/proof/ceremony/circuit-hash.deep.test.ts",
      "test/proof/ceremony/false-keys.deep.test.ts",
    ),
  },
  {
    name: "failures",
    what: "lies of a ceremony, killed steps, full disks",
    minutes: 6,
    ...tests(
      "test/ceremony/ceremony.deep.test.ts",
      "test/ceremony/receive-keys.deep.test.ts",
      "test/ceremony/verify.deep.test.ts",
      "test/ceremony/finalize.deep.test.ts",
      "test/ceremony/kills.deep.test.ts",
      "test/ceremony/disk.deep.test.ts",
    ),
  },
];
