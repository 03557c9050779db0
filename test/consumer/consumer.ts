// What somebody writes who has installed the package: each door, a patch of one line, its proof, and what else there is to import.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  compileContract,
  type ErrorCode,
  makeDevelopmentKeys,
  newBundle,
  proveBind,
  rebuildPatch,
  SealpatchError,
  SOLC_VERSION,
  type StandardInput,
  TimelockClient,
  verifyBind,
} from "sealpatch";
import { newAuditorKey } from "sealpatch/audit";
import { contractArtifact } from "sealpatch/chain";
import { codeDigest } from "sealpatch/code";
import { poseidon } from "sealpatch/field";
import { layoutRoot } from "sealpatch/layout";
import manifest from "sealpatch/package.json" with { type: "json" };
import { newSalt } from "sealpatch/patch";
import { wasmProver } from "sealpatch/proof";
import { collectSources } from "sealpatch/solc";
import { parseVectorSet, runVectors } from "sealpatch/vectors";

const doors = [newAuditorKey, contractArtifact, codeDigest, poseidon, layoutRoot, newSalt, parseVectorSet];
if (doors.some((entry) => typeof entry !== "function")) throw new Error("a door is closed");
for (const name of ["FastTrackTimelock", "PatchVerifier", "AttestVerifier", "Safe"])
  await contractArtifact(name);

// An error has the root's class behind each door.
function assertRefused(call: () => unknown, code: ErrorCode): void {
  try {
    call();
  } catch (error) {
    if (error instanceof SealpatchError && error.code === code) return;
    throw error;
  }
  throw new Error(`nothing was refused as ${code}`);
}
assertRefused(() => parseVectorSet("{}"), "vectors/malformed");
assertRefused(() => poseidon([-1n]), "field/out-of-range");

// Contracts and circuits, by path.
const { resolve } = createRequire(import.meta.url);
for (const file of ["contracts/FastTrackTimelock.sol", "foundry/RecordedCalls.sol", "circuits/bind.circom"])
  if (readFileSync(resolve(`sealpatch/${file}`), "utf8").length < 100) throw new Error(`${file} is empty`);
const lane = collectSources(["sealpatch/contracts/FastTrackTimelock.sol"], { base: process.cwd() });
if (Object.keys(lane).length < 20) throw new Error("the timelock's imports are missing");

const input: StandardInput = {
  language: "Solidity",
  sources: {
    "One.sol": { content: "contract One { uint256 public one; function set() external { one = 1; } }" },
  },
  settings: { evmVersion: "cancun" },
};
const address = `0x${"12".repeat(20)}` as const;
const one = { contract: "One.sol:One", compiler: { version: SOLC_VERSION, input } };
const { runtimeTemplate } = await compileContract(input, one.contract);
const bundle = await newBundle(
  {
    ...one,
    current: one,
    libraries: {},
    constructorArguments: new Uint8Array(0),
    deployer: address,
    deploySalt: `0x${"00".repeat(32)}`,
    migration: new Uint8Array(0),
    migrationGas: 0n,
    migrationCaller: address,
    incidents: { schema: "sealpatch.vectors/1", codes: {}, vectors: [] },
  },
  { currentCode: { address: "0x1234567890123456789012345678901234567890", code: runtimeTemplate } },
);
const patch = await rebuildPatch(bundle);

// Workers start where there is no vector too: without their file this is `vectors/worker-failed`.
await runVectors(bundle.incidents, { code: runtimeTemplate, address }, { workers: 2 });

// Without a key a proof is refused, with the code that says so.
const refusal = await proveBind({ patch }).catch((error: unknown) => error);
if (!(refusal instanceof SealpatchError) || refusal.code !== "proof/no-key") throw refusal;

const [key] = await makeDevelopmentKeys({ circuits: ["bind"] });
const proven = await proveBind({ patch }, { prover: wasmProver });
const other = { ...proven, statement: { ...proven.statement, layoutRoot: proven.statement.layoutRoot + 1n } };
console.log(
  JSON.stringify({
    version: manifest.version,
    made: key?.made,
    zkeyFile: key?.zkeyFile,
    valid: await verifyBind(proven),
    otherValid: await verifyBind(other),
    client: typeof TimelockClient.at,
  }),
);
