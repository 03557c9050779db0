import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { SealpatchError } from "../errors.js";
import { formatTable, fullHex, print, printJson, withProgress } from "../terminal/index.js";
import {
  HARDFORKS,
  type Hardfork,
  type Hex,
  type RecordOptions,
  recordFoundry,
  recordTransaction,
  recordVector,
  VECTOR_LIMITS,
  type Vector,
  type VectorSet,
  vectorLeaf,
  writeVectorSet,
} from "../vectors/index.js";
import { addCodeOptions, type CodeOptions, checkAddress, checkHex, loadCodes } from "./code-argument.js";
import { newCommand, usageError } from "./command.js";

interface RecordFlags extends CodeOptions {
  readonly rpc?: string;
  readonly tx?: Hex;
  readonly call?: boolean;
  readonly from?: Hex;
  readonly to?: Hex;
  readonly data?: Hex;
  readonly value?: bigint;
  readonly block?: bigint;
  readonly foundry?: string;
  readonly matchTest?: string;
  readonly target?: string;
  readonly forge?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly inClear?: boolean;
  readonly name?: string;
  readonly kind: Vector["kind"];
  readonly subject?: Hex;
  readonly pointer?: Vector["pointer"];
  readonly hardfork?: Hardfork;
  readonly expect?: "success" | "revert";
  readonly stepLimit?: number;
  readonly trace: boolean;
  readonly json?: boolean;
}

/** `vectors record`. */
export function recordCommand(): Command {
  return addCodeOptions(
    newCommand("record", {
      description:
        "Make vectors of a mined transaction, of a call on a node's state, or of a Foundry test's calls",
      examples: [
        "sealpatch vectors record --rpc http://127.0.0.1:8545 --tx 0x5c50..e2 --out deposit.json",
        "sealpatch vectors record --rpc $NODE --call --from 0xf39F..2266 --to 0xe7f1..0512 \\",
        "    --data 0x6ed28ed0.. --block 19000000 --expect revert --out refused.json",
        "sealpatch vectors record --foundry . --match-test test_deposit --target vault --out tests.json",
        "sealpatch vectors record --rpc $NODE --tx 0x9a1c..07 --subject 0xe7f1..0512 --kind incident --in-clear \\",
        "    --code out/Vault.sol/Vault.json --out attack.json",
      ],
    }),
  )
    .addOption(new Option("--rpc <url>", "JSON-RPC endpoint of a node").env("SEALPATCH_RPC"))
    .option("--tx <hash>", "record this transaction, from the state right before it", hashOf)
    .option("--call", "record the call that --from, --to, --data and --value describe")
    .option("--from <address>", "sender of the call", checkAddress)
    .option("--to <address>", "contract that is called", checkAddress)
    .option("--data <hex>", "calldata (default: none)", checkHex)
    .option("--value <wei>", "wei sent along, decimal or 0x-hex (default: 0)", integerOf)
    .option(
      "--block <number>",
      "the call starts from the state after this block (default: latest)",
      integerOf,
    )
    .option("--foundry <project>", "record what tests of this Foundry project call through `recorded(...)`")
    .option("--match-test <regex>", "the tests, as forge's option of that name takes them")
    .option("--target <name>", "only calls of the contract with this label or address")
    .option("--forge <program>", "the forge to run (default: the one on the PATH)")
    .requiredOption("--out <file>", "vector file to write")
    .option("--force", "replace the file if it exists")
    .option("--in-clear", "write an incident vector although the file is not encrypted")
    .option("--name <text>", "the vector's name (default: says what was recorded)")
    .addOption(
      new Option("--kind <kind>", "what the vector is for")
        .choices(["regression", "invariant", "incident"])
        .default("regression"),
    )
    .option(
      "--subject <address>",
      "the contract to judge, where another one is called (default: that one)",
      checkAddress,
    )
    .option(
      "--pointer <account:slot>",
      "where the address of its code is stored, or `none` (default: found by ERC-1967)",
      pointerOf,
    )
    .addOption(
      new Option("--hardfork <name>", "rules (default: the block's)").choices(Object.keys(HARDFORKS)),
    )
    .addOption(new Option("--expect <outcome>", "refuse any other outcome").choices(["success", "revert"]))
    .option("--step-limit <number>", "instructions that the vector may execute", stepLimitOf)
    .option("--no-trace", "ask the node for single values only, not for traces")
    .action(async (flags: RecordFlags) => {
      assertOutput(flags);
      const set = await withProgress("recording", flags.json, () => recordOnCodes(flags));
      await writeVectorSet(flags.out, set);
      show(set, flags);
    });
}

/**
 * Records on the current code, then, where codes are given, once more with what those read. An incident takes its
 * expectation from the first of them.
 */
async function recordOnCodes(flags: RecordFlags): Promise<VectorSet> {
  if (flags.code === undefined) {
    if (flags.kind !== "incident") return record(flags);
    throw usageError(
      "an incident vector expects what the fixed code does",
      "give the patch with --code, or record what the current code does as another kind",
    );
  }
  // Where the codes go, and on which chain, a first recording tells; what is expected is expected of the last one.
  const { expect: _, ...withoutExpectation } = flags;
  const codes = (await loadCodes(flags, await record(withoutExpectation))).map(({ under }) => under);
  return record(
    flags,
    flags.kind === "incident" ? { code: codes[0]!, alsoRunOn: codes.slice(1) } : { alsoRunOn: codes },
  );
}

async function record(
  flags: RecordFlags,
  codes: Pick<RecordOptions, "code" | "alsoRunOn"> = {},
): Promise<VectorSet> {
  const { rpc, tx, call, foundry, from, to, data, value, block, kind, hardfork, stepLimit, trace } = flags;
  if ([tx, call, foundry].filter((way) => way !== undefined).length !== 1) {
    throw usageError(
      "one of --tx, --call and --foundry is needed",
      "give --tx HASH, or --call with --from and --to, or --foundry PROJECT with --match-test",
    );
  }
  if (foundry !== undefined) return recordTests(foundry, flags, codes);
  if (rpc === undefined) throw usageError("no node is named", "give --rpc URL, or set SEALPATCH_RPC");
  const request = {
    rpcUrl: rpc,
    kind,
    trace,
    ...codes,
    ...(flags.pointer === undefined ? {} : { pointer: flags.pointer }),
    ...(hardfork === undefined ? {} : { hardfork }),
    ...(stepLimit === undefined ? {} : { stepLimit }),
    ...(flags.expect === undefined ? {} : { expect: [{ success: flags.expect === "success" }] }),
  };
  if (tx !== undefined) {
    if ([from, to, data, value, block].some((part) => part !== undefined)) {
      throw usageError(
        "a transaction has its own sender, target, data, value and block",
        "leave out --from, --to, --data, --value and --block, or use --call",
      );
    }
    const { name = `transaction ${tx}`, subject } = flags;
    return recordTransaction({ ...request, hash: tx, name, ...(subject === undefined ? {} : { subject }) });
  }
  if (from === undefined || to === undefined) {
    throw usageError("a call needs a sender and a target", "give --from ADDRESS and --to ADDRESS");
  }
  return recordVector({
    ...request,
    name: flags.name ?? `call of ${to} ${data?.slice(0, 10) ?? "without data"}`,
    subject: flags.subject ?? to,
    calls: [{ from, to, data: data ?? "0x", value: value ?? 0n }],
    ...(block === undefined ? {} : { block }),
  });
}

async function recordTests(
  project: string,
  flags: RecordFlags,
  codes: Pick<RecordOptions, "code" | "alsoRunOn">,
): Promise<VectorSet> {
  const { matchTest, target, forge, kind, pointer, hardfork, stepLimit } = flags;
  if (matchTest === undefined) throw usageError("no test is named", "give --match-test with a test's name");
  const ofChains = [flags.from, flags.to, flags.data, flags.value, flags.block, flags.subject];
  if (ofChains.some((part) => part !== undefined) || flags.name !== undefined || flags.expect !== undefined) {
    throw usageError(
      "a test says itself what it calls, and what it expects",
      "leave out --from, --to, --data, --value, --block, --subject, --name and --expect",
    );
  }
  return recordFoundry({
    project,
    matchTest,
    kind,
    ...codes,
    ...(target === undefined ? {} : { target }),
    ...(forge === undefined ? {} : { forge }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(hardfork === undefined ? {} : { hardfork }),
    ...(stepLimit === undefined ? {} : { stepLimit }),
  });
}

/** Before anything is recorded: recording may take long. */
function assertOutput({ out, force, kind, inClear }: RecordFlags): void {
  if (existsSync(out) && !force) {
    throw new SealpatchError("vectors/file-exists", `${out} exists already`, {
      details: { path: out },
      remedy:
        "choose another name, add --force to replace the file, or add the vector to a set with `vectors add`",
    });
  }
  if (!existsSync(dirname(resolve(out)))) {
    throw usageError(`there is no folder for ${out}`, "make the folder first");
  }
  if (kind === "incident" && !inClear) {
    throw usageError(
      "an incident vector shows the flaw, and a vector file is not encrypted",
      "add --in-clear if the file is to stand in clear on this disk, readable by you alone",
    );
  }
}

/** What was recorded; of incidents only that they were. */
function show(set: VectorSet, { out, json }: RecordFlags): void {
  const [vector, ...more] = set.vectors as [Vector, ...Vector[]];
  const count = set.vectors.length;
  if (vector.kind === "incident") {
    if (json) printJson({ file: out, kind: vector.kind, vectors: count });
    else print(`${count} incident vectors written to ${out}: keep the file secret until disclosure`);
    return;
  }
  if (more.length > 0) {
    if (json) {
      const vectors = set.vectors.map(({ name }, index) => ({ name, ...outcomeOf(set, index) }));
      printJson({ file: out, kind: vector.kind, vectors });
      return;
    }
    const rows = set.vectors.map(({ name }, index) => {
      const { success, changedSlots, leaf } = outcomeOf(set, index);
      return [name, success ? "success" : "revert", String(changedSlots), leaf];
    });
    const columns = ["recorded", "expects", "changed slots", "leaf"];
    print(
      formatTable(
        columns.map((title) => ({ title, flexible: title === "leaf" })),
        rows,
      ),
    );
    print(`${count} vectors written to ${out}`);
    return;
  }
  const { name, kind, hardfork, subject, pointer, accounts, calls, expectation } = vector;
  const slots = accounts.reduce((sum, { storage }) => sum + storage.length, 0);
  const { success, returnData, logs } = expectation.calls[0]!;
  const leaf = fullHex(vectorLeaf(vector, set.codes));
  if (json) {
    printJson({
      file: out,
      ...{ name, kind, hardfork, subject, leaf },
      pointer: pointer && { account: pointer.account, slot: fullHex(pointer.slot) },
      block: calls[0]!.environment.number,
      accounts: accounts.length,
      slots,
      expectation: { success, returnData, logs: logs.length, changedSlots: expectation.slots.length },
    });
    return;
  }
  const facts = [
    ["vector", name],
    ["subject", subject],
    [
      "code",
      pointer === null ? "the subject's own" : `named by ${pointer.account} slot ${fullHex(pointer.slot)}`,
    ],
    ["rules", `${hardfork}, block ${calls[0]!.environment.number}`],
    ["pre-state", `${accounts.length} accounts, ${slots} slots`],
    ["expects", `${success ? "success" : "revert"}, returns ${returnData}`],
    ["", `${logs.length} logs, ${expectation.slots.length} changed slots`],
    ["leaf", leaf],
    ["file", out],
  ];
  print(formatTable([{ title: "recorded" }, { title: "", flexible: true }], facts));
}

function hashOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  throw usageError("--tx is no transaction hash", "give 0x and 64 hexadecimal digits");
}

function outcomeOf(set: VectorSet, index: number) {
  const vector = set.vectors[index]!;
  const { calls, slots } = vector.expectation;
  return {
    success: calls[0]!.success,
    changedSlots: slots.length,
    leaf: fullHex(vectorLeaf(vector, set.codes)),
  };
}

function integerOf(text: string): bigint {
  if (/^([0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw usageError(
    `${text.slice(0, 60)} is no integer`,
    "give a decimal number, or 0x and hexadecimal digits",
  );
}

function pointerOf(text: string): Vector["pointer"] {
  if (text === "none") return null;
  const [account, slot, ...rest] = text.split(":");
  if (account === undefined || slot === undefined || rest.length > 0) {
    throw usageError("--pointer names no account and slot", "give ACCOUNT:SLOT, or none");
  }
  return { account: checkAddress(account), slot: integerOf(slot) };
}

function stepLimitOf(text: string): number {
  const limit = integerOf(text);
  if (limit >= 1n && limit <= BigInt(VECTOR_LIMITS.stepLimit)) return Number(limit);
  throw usageError("--step-limit is out of range", `give a number from 1 to ${VECTOR_LIMITS.stepLimit}`);
}
