import { execFile } from "node:child_process";
import { AbiCoder, ParamType } from "ethers";
import type { z } from "zod";
import { atExit } from "../../at-exit.js";
import { SealpatchError } from "../../errors.js";
import { onOneLine } from "../../foreign-text.js";
import { lazily } from "../../lazily.js";
import { HARDFORKS } from "../../networks.js";
import { zod } from "../../zod.js";
import {
  type Environment,
  type Hardfork,
  type Hex,
  mergeVectorSets,
  type VectorSet,
} from "../format/index.js";
import { recordOver, type VectorRequest } from "./record.js";
import { assertAsInTest, notRecorded, type ObservedCall, observedState } from "./record-observed.js";
import type { Rules } from "./rules.js";

/** Which calls of which Foundry tests to record, and as what. */
export interface FoundryTests extends Omit<VectorRequest, "name" | "expect"> {
  /** Folder of the Foundry project. */
  readonly project: string;
  /** Regular expression of test functions, as `forge test --match-test` takes it. */
  readonly matchTest: string;
  /** Label or address (of target or subject) to which recording is limited. */
  readonly target?: string;
  /** The rules; by default those of the project's `evm_version`. */
  readonly hardfork?: Hardfork;
  /** The forge program; by default the one on the PATH. */
  readonly forge?: string;
}

const PREFIX = "sealpatch:call:";
/** Output of a test run with many calls: 1 GiB. */
const MAX_OUTPUT = 2 ** 30;

const resultsSchema = lazily(() =>
  zod.record(
    zod.string(),
    zod.union([
      zod.object({
        test_results: zod.record(
          zod.string(),
          zod.object({
            status: zod.string(),
            reason: zod.string().nullish(),
            decoded_logs: zod.array(zod.string()),
          }),
        ),
      }),
      zod.array(zod.unknown()),
    ]),
  ),
);

const configSchema = lazily(() => zod.object({ evm_version: zod.string() }));

/**
 * Runs tests of a Foundry project and makes a vector of every call that they make through `recorded(...)` of
 * foundry/RecordedCalls.sol. Each is run again here, from the state that it found there, and must do what it
 * did there: success, return data, changed slots, balances and nonces.
 * @returns a set with one vector per call, in the order of the tests and of their calls.
 * @throws SealpatchError `vectors/forge-missing`, `vectors/forge-failed`, `vectors/test-fails`,
 * `vectors/no-recorded-call`, `vectors/state-not-recorded`, `vectors/differs-from-test`, and those of `recordOver`.
 */
export async function recordFoundry(options: FoundryTests): Promise<VectorSet> {
  const rules: Rules =
    options.hardfork === undefined
      ? { hardfork: await projectHardfork(options), source: "the project's EVM version" }
      : { hardfork: options.hardfork, source: "chosen by hand" };
  const calls = await recordedCalls(options);
  const sets: VectorSet[] = [];
  for (const { test, index, call } of calls) {
    const name = `${test} ${call.label} ${index}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
    const { set, current, currentCode } = await recordOver(
      {
        state: observedState(call),
        rules,
        environment: () => environmentOf(call),
        blockHash: () => {
          throw notRecorded("it asks for the hash of a block");
        },
      },
      {
        ...options,
        name,
        subject: call.subject,
        calls: [{ from: call.sender.account, to: call.target, data: call.data, value: call.value }],
      },
    );
    await assertAsInTest(current, call, { label: name, kind: options.kind, ownCode: currentCode.address });
    sets.push(set);
  }
  return mergeVectorSets(sets);
}

async function projectHardfork({ project, forge }: FoundryTests): Promise<Hardfork> {
  const { stdout } = await runForge(project, forge, ["config", "--json"]);
  const { evm_version: name } = parsed(configSchema(), stdout);
  if (Object.hasOwn(HARDFORKS, name)) return name as Hardfork;
  throw new SealpatchError(
    "vectors/hardfork-unsupported",
    "the project's EVM version is not one that vectors support",
    {
      details: { evmVersion: name },
      remedy: `set evm_version in foundry.toml, or choose one of these hardforks: ${Object.keys(HARDFORKS).join(", ")}`,
    },
  );
}

async function recordedCalls(options: FoundryTests) {
  const { project, forge, matchTest } = options;
  // Two v: the JSON has what tests print only then.
  const { stdout, stderr } = await runForge(project, forge, [
    "test",
    "--json",
    "-vv",
    "--match-test",
    matchTest,
  ]);
  if (/^No tests (found|match)/.test(stdout.trimStart())) throw noCall(options);
  if (!stdout.trimStart().startsWith("{")) {
    throw new SealpatchError("vectors/forge-failed", "forge could not run the tests", {
      why: onOneLine(stdout + stderr).slice(0, 400),
      remedy: "make `forge test` work in the project first",
    });
  }
  const results = parsed(resultsSchema(), stdout);
  const calls: { test: string; index: number; call: ObservedCall }[] = [];
  for (const suite of Object.values(results)) {
    if (Array.isArray(suite)) continue;
    for (const [test, { status, reason, decoded_logs: lines }] of Object.entries(suite.test_results)) {
      if (status !== "Success") {
        throw new SealpatchError(
          "vectors/test-fails",
          `the test ${test} does not pass while it is recorded`,
          {
            why: options.kind === "incident" ? "its reason is not shown" : onOneLine(reason ?? status),
            remedy: "make it pass; recording needs cheat codes of its own for pranks and state diffs",
          },
        );
      }
      const own = lines
        .filter((line) => line.startsWith(PREFIX))
        .map((line) => decode(line.slice(PREFIX.length)));
      for (const call of own.filter((each) => isWanted(each, options.target))) {
        calls.push({ test, index: calls.length, call });
      }
    }
  }
  if (calls.length === 0) throw noCall(options);
  return calls;
}

function noCall({ matchTest, target }: FoundryTests): SealpatchError {
  return new SealpatchError("vectors/no-recorded-call", "the tests make no recorded call", {
    details: { matchTest, target: target ?? null },
    why: "no test matches, or none of those that match calls a contract through recorded(...)",
    remedy: "let the test inherit RecordedCalls and call the contract at recorded(label, address)",
  });
}

function isWanted({ label, target, subject }: ObservedCall, wanted: string | undefined): boolean {
  return (
    wanted === undefined ||
    [label, target, subject].includes(/^0x/.test(wanted) ? wanted.toLowerCase() : wanted)
  );
}

function environmentOf({ environment }: ObservedCall): Environment {
  return { ...environment, blockHashes: [] };
}

/** Runs forge; that a test fails is in what it prints. */
function runForge(
  project: string,
  forge = "forge",
  words: readonly string[] = [],
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SEALPATCH_RECORD: "true" };
    const child = execFile(
      forge,
      words,
      { cwd: project, env, maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        done();
        if (error !== null && error.code === "ENOENT") {
          reject(
            new SealpatchError("vectors/forge-missing", "forge or the project's folder was not found", {
              details: { forge, project },
              remedy: "install Foundry, or give the path of its program; check the project's folder",
            }),
          );
        } else resolve({ stdout, stderr });
      },
    );
    const done = atExit(() => child.kill("SIGKILL"));
  });
}

function parsed<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new SealpatchError("vectors/forge-failed", "the output of forge is not as expected", {
      why: "its JSON does not have the form of Foundry 1.x",
      remedy: "use a release of Foundry 1.x, and make `forge test --json` work in the project first",
    });
  }
}

const ACCOUNT = "(address account,uint256 balance,uint64 nonce,uint256 codeSize,bytes code)";
const ENVIRONMENT =
  "(uint256 timestamp,uint256 number,uint256 chainId,address coinbase,uint256 prevRandao,uint256 baseFee," +
  "uint256 blobBaseFee,uint256 gasLimit,uint256 gasPrice,address origin)";
const STORAGE_ACCESS =
  "(address account,bytes32 slot,bool isWrite,bytes32 previousValue,bytes32 newValue,bool reverted)";
const ACCOUNT_ACCESS =
  "((uint256,uint256) chainInfo,uint8 kind,address account,address accessor,bool initialized,uint256 oldBalance," +
  "uint256 newBalance,bytes deployedCode,uint256 value,bytes data,bool reverted," +
  `${STORAGE_ACCESS}[] storageAccesses,uint64 depth,uint64 oldNonce,uint64 newNonce)`;
/** `CallRecorder.Call` of foundry/RecordedCalls.sol. */
const CALL = ParamType.from(
  "(string label,address subject,address target,bytes data,uint256 value,bool success,bytes returnData," +
    `${ENVIRONMENT} environment,bytes32 implementationSlot,bytes32 beaconSlot,${ACCOUNT} sender,` +
    `${ACCOUNT}[] accounts,${ACCOUNT_ACCESS}[] accesses) call`,
);

const address = lazily(() => zod.string().transform((text) => text.toLowerCase() as Hex));
const bytes = lazily(() => zod.string().transform((text) => text as Hex));
const word = lazily(() => zod.string().transform((text) => BigInt(text)));
const accountSchema = lazily(() =>
  zod.object({
    account: address(),
    balance: zod.bigint(),
    nonce: zod.bigint(),
    codeSize: zod.bigint(),
    code: bytes(),
  }),
);
const callSchema: () => z.ZodType<ObservedCall> = lazily(() =>
  zod.object({
    label: zod.string(),
    subject: address(),
    target: address(),
    data: bytes(),
    value: zod.bigint(),
    success: zod.boolean(),
    returnData: bytes(),
    environment: zod.object({
      timestamp: zod.bigint(),
      number: zod.bigint(),
      chainId: zod.bigint(),
      coinbase: address(),
      prevRandao: zod.bigint(),
      baseFee: zod.bigint(),
      blobBaseFee: zod.bigint(),
      gasLimit: zod.bigint(),
      gasPrice: zod.bigint(),
      origin: address(),
    }),
    implementationSlot: word(),
    beaconSlot: word(),
    sender: accountSchema(),
    accounts: zod.array(accountSchema()),
    accesses: zod.array(
      zod.object({
        kind: zod.bigint().transform(Number),
        account: address(),
        oldBalance: zod.bigint(),
        oldNonce: zod.bigint(),
        deployedCode: bytes(),
        storageAccesses: zod.array(
          zod.object({
            account: address(),
            slot: word(),
            isWrite: zod.boolean(),
            previousValue: word(),
            newValue: word(),
            reverted: zod.boolean(),
          }),
        ),
      }),
    ),
  }),
);

function decode(text: string): ObservedCall {
  try {
    const [call] = AbiCoder.defaultAbiCoder().decode([CALL], text);
    return callSchema().parse(plain(CALL, call));
  } catch {
    throw new SealpatchError("vectors/forge-failed", "a recorded call cannot be read", {
      why: "the test inherits RecordedCalls of another release",
      remedy: "take foundry/RecordedCalls.sol from the release of sealpatch that records",
    });
  }
}

/** Objects and lists of decoded values. ethers' own `toObject` makes an object of an empty list. */
function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return (value as unknown[]).map((item) => plain(type.arrayChildren, item));
  if (!type.isTuple()) return value;
  return Object.fromEntries(
    type.components.map((component, index) => [
      component.name,
      plain(component, (value as unknown[])[index]),
    ]),
  );
}
