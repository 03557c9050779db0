import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SealpatchError } from "../../errors.js";
import type { Hardfork } from "../../networks.js";
import { formatTable, fullHex, print, printJson, withProgress } from "../../terminal/index.js";
import {
  addVectors,
  type Hex,
  isIncident,
  mergeVectorSets,
  type RecordOptions,
  readVectorSet,
  recordFoundry,
  recordTransaction,
  recordVector,
  setKind,
  VECTOR_LIMITS,
  type Vector,
  type VectorSet,
  vectorLeaf,
  writeVectorSet,
} from "../../vectors/index.js";
import { hexArgument, secretHexArgument } from "../hex-argument.js";
import { type CodeOptions, usageError } from "../options.js";
import { loadCodes } from "./codes.js";

/** What every way of recording takes. */
interface RecordFlags extends CodeOptions {
  readonly kind: Vector["kind"];
  readonly pointer?: Vector["pointer"];
  readonly hardfork?: Hardfork;
  readonly stepLimit?: bigint;
  readonly out: string;
  readonly force?: boolean;
  readonly inClear?: boolean;
  readonly json?: boolean;
}

/** What recording from a node takes. */
interface NodeFlags extends RecordFlags {
  readonly rpc?: string;
  readonly trace: boolean;
  readonly name?: string;
  readonly subject?: Hex;
  readonly expect?: "success" | "revert";
}

interface CallFlags extends NodeFlags {
  readonly from: Hex;
  readonly to: Hex;
  readonly data?: string;
  readonly value?: bigint;
  readonly block?: bigint;
}

interface FoundryFlags extends RecordFlags {
  readonly matchTest: string;
  readonly target?: string;
  readonly forge?: string;
}

/** The codes to record on. */
type Codes = Pick<RecordOptions, "code" | "alsoRunOn">;
/** Records on codes; `expected` says whether the outcome must be the one that the command line names. */
type Recorder = (codes: Codes, expected: boolean) => Promise<VectorSet>;

/** `vectors record tx`. */
export async function recordTransactions(hashes: readonly Hex[], flags: NodeFlags): Promise<void> {
  const { name, subject } = flags;
  if (name !== undefined && hashes.length > 1) {
    throw usageError("one name for several vectors", "leave --name out: each is named after its transaction");
  }
  await recordTo(flags, async (codes, expected) => {
    const sets: VectorSet[] = [];
    for (const hash of hashes) {
      sets.push(
        await recordTransaction({
          ...fromNode(flags, expected),
          ...codes,
          hash,
          name: name ?? `transaction ${hash}`,
          ...(subject === undefined ? {} : { subject }),
        }),
      );
    }
    return mergeVectorSets(sets);
  });
}

/** `vectors record call`. */
export async function recordCall(flags: CallFlags): Promise<void> {
  const { from, to, value = 0n, block, subject = to, kind } = flags;
  const data = await (kind === "incident" ? secretHexArgument : hexArgument)(flags.data ?? "0x", "--data");
  const { name = `call of ${to} ${data === "0x" ? "without data" : data.slice(0, 10)}` } = flags;
  await recordTo(flags, (codes, expected) =>
    recordVector({
      ...fromNode(flags, expected),
      ...codes,
      name,
      subject,
      calls: [{ from, to, data, value }],
      ...(block === undefined ? {} : { block }),
    }),
  );
}

/** `vectors record foundry`. What a test expects it says itself. */
export async function recordTests(project: string, flags: FoundryFlags): Promise<void> {
  const { matchTest, target, forge } = flags;
  await recordTo(flags, (codes) =>
    recordFoundry({
      project,
      matchTest,
      ...codes,
      ...rulesOf(flags),
      ...(target === undefined ? {} : { target }),
      ...(forge === undefined ? {} : { forge }),
    }),
  );
}

function fromNode(flags: NodeFlags, expected: boolean) {
  const { rpc, trace, expect } = flags;
  if (rpc === undefined) throw usageError("no node is named", "give --rpc URL, or set SEALPATCH_RPC");
  return {
    rpcUrl: rpc,
    trace,
    ...rulesOf(flags),
    ...(expected && expect !== undefined ? { expect: [{ success: expect === "success" }] } : {}),
  };
}

function rulesOf({ kind, pointer, hardfork, stepLimit }: RecordFlags) {
  const most = VECTOR_LIMITS.stepLimit;
  if (stepLimit !== undefined && (stepLimit < 1n || stepLimit > BigInt(most))) {
    throw usageError("--step-limit is out of range", `give a number from 1 to ${most}`);
  }
  return {
    kind,
    ...(pointer === undefined ? {} : { pointer }),
    ...(hardfork === undefined ? {} : { hardfork }),
    ...(stepLimit === undefined ? {} : { stepLimit: Number(stepLimit) }),
  };
}

async function recordTo(flags: RecordFlags, record: Recorder): Promise<void> {
  const earlier = await earlierVectors(flags);
  const set = await withProgress("recording", flags.json, () => recordOnCodes(flags, record));
  const whole = earlier === undefined ? set : addVectors(earlier, [set]);
  await writeVectorSet(flags.out, whole);
  show(set, whole.vectors.length, flags);
}

/**
 * Records on the current code, then, where codes are given, once more with what those read. An incident takes its
 * expectation from the first of them.
 */
async function recordOnCodes(flags: RecordFlags, record: Recorder): Promise<VectorSet> {
  if (flags.code === undefined) {
    if (flags.kind !== "incident") return record({}, true);
    throw usageError(
      "an incident vector expects what the fixed code does",
      "give the patch with --code, or record what the current code does as another kind",
    );
  }
  // Where the codes go, and on which chain, a first recording tells; what is expected is expected of the last one.
  const codes = (await loadCodes(flags, await record({}, false))).map(({ under }) => under);
  return record(
    flags.kind === "incident" ? { code: codes[0]!, alsoRunOn: codes.slice(1) } : { alsoRunOn: codes },
    true,
  );
}

/** The set that is added to, if there is one. It is read before anything is recorded: recording may take long. */
async function earlierVectors({ out, force, kind, inClear }: RecordFlags): Promise<VectorSet | undefined> {
  if (!existsSync(dirname(resolve(out)))) {
    throw usageError(`there is no folder for ${out}`, "make the folder first");
  }
  if (kind === "incident" && !inClear) {
    throw usageError(
      "an incident vector shows the flaw, and a vector file is not encrypted",
      "add --in-clear if the file is to stand in clear on this disk, readable by you alone",
    );
  }
  if (force || !existsSync(out)) return undefined;
  const earlier = await readVectorSet(out);
  const wanted = isIncident({ kind }) ? "incident" : "baseline";
  if (earlier.vectors.length === 0 || setKind(earlier) === wanted) return earlier;
  throw new SealpatchError("vectors/wrong-kind", `${out} is no ${wanted} set`, {
    details: { path: out },
    why: "baseline vectors are registered in public, incident vectors are hidden: each set has a root of its own",
    remedy: "write incident vectors to a file of their own",
  });
}

/** What was recorded; of incidents only that they were. @param total vectors that the file has now. */
function show(set: VectorSet, total: number, { out, json }: RecordFlags): void {
  const [vector, ...more] = set.vectors as [Vector, ...Vector[]];
  const count = set.vectors.length;
  const file = total === count ? out : `${out}, which has ${total} vectors now`;
  if (vector.kind === "incident") {
    if (json) printJson({ file: out, total, kind: vector.kind, vectors: count });
    else print(`${count} incident vectors written to ${file}: keep the file secret until disclosure`);
    return;
  }
  if (more.length > 0) {
    if (json) {
      const vectors = set.vectors.map(({ name }, index) => ({ name, ...outcomeOf(set, index) }));
      printJson({ file: out, total, kind: vector.kind, vectors });
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
    print(`${count} vectors written to ${file}`);
    return;
  }
  const { name, kind, description = "", hardfork, subject, pointer, accounts, calls, expectation } = vector;
  const slots = accounts.reduce((sum, { storage }) => sum + storage.length, 0);
  const { success, returnData, logs } = expectation.calls[0]!;
  const leaf = fullHex(vectorLeaf(vector, set.codes));
  if (json) {
    printJson({
      file: out,
      total,
      ...{ name, kind, description, hardfork, subject, leaf },
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
    ["", description],
    ["pre-state", `${accounts.length} accounts, ${slots} slots`],
    ["expects", `${success ? "success" : "revert"}, returns ${returnData}`],
    ["", `${logs.length} logs, ${expectation.slots.length} changed slots`],
    ["leaf", leaf],
    ["file", file],
  ];
  print(formatTable([{ title: "recorded" }, { title: "", flexible: true }], facts));
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
