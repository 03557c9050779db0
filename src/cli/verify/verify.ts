import { existsSync } from "node:fs";
import { readDisclosureFacts, setupHash } from "../../chain/index.js";
import { commitmentOf } from "../../lane/index.js";
import {
  type Check,
  type Disclosure,
  type PatchPolicy,
  rerunPatch,
  targetOfStatement,
  verifyDisclosure,
} from "../../patch/index.js";
import { type HashLine, incidentHashes } from "../../report/index.js";
import { fullHex, print, printJson, withProgress } from "../../terminal/index.js";
import {
  disclosedCommitment,
  type ProofFile,
  policyRoots,
  readVerifiable,
  verifyPolicy,
  verifyProofFile,
  verifyStatement,
} from "../../verify/index.js";
import { exitCodeOf, printChecks } from "../checks.js";
import { readInputText } from "../input-file.js";
import { chosenKeys } from "../keys/chosen.js";
import { shownTime } from "../lane/account.js";
import { integerOf, usageError } from "../options.js";
import { EXIT } from "../run.js";
import { hasNode, type Place, type PlaceOptions, withPlace } from "./place.js";
import { assertNoPublication, writePublication } from "./publication.js";

interface Options extends PlaceOptions {
  readonly proxy?: string;
  readonly at?: string;
  readonly keys?: string;
  readonly ptau?: string;
  readonly publication?: string;
  readonly hashes?: boolean;
  readonly json?: boolean;
}

/** What was found, in parts. */
interface Found {
  /** What is said before the lines, by its name. */
  readonly shown: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
  /** What was asked for by `--hashes`. */
  readonly hashes?: readonly HashLine[];
}

/** `verify`. */
export async function verify(what: string, options: Options): Promise<void> {
  const { json, publication, hashes } = options;
  // An id may not be taken for a file, nor the other way round.
  const isId = /^(0x[0-9a-fA-F]{1,64}|[0-9]{20,78})$/.test(what) && !existsSync(what);
  if (publication !== undefined && isId) throw ofDisclosure("--publication");
  if (hashes && isId) throw ofDisclosure("--hashes");
  const found = isId ? await statement(integerOf(what), options) : await file(what, options);
  process.exitCode = exitCodeOf(found.checks);
  if (json === true) return printJson(found);
  for (const [name, value] of Object.entries(found.shown)) print(`${name.padEnd(11)}  ${value}`);
  printChecks(found.checks);
  if (found.hashes !== undefined) print("");
  for (const { name, value } of found.hashes ?? []) print(name, `  ${value}`);
}

async function file(path: string, options: Options): Promise<Found> {
  const text = await readInputText(path);
  const read = await readVerifiable(text);
  for (const option of ["publication", "hashes"] as const)
    if (options[option] !== undefined && read.kind !== "disclosure") throw ofDisclosure(`--${option}`);
  switch (read.kind) {
    case "disclosure":
      return disclosure(text, read.disclosure, options);
    case "policy":
      return policy(read.policy, options);
    case "proof":
      return proofs([read.file], [], options);
    case "schedule":
      return proofs(
        read.members.map(({ attest }) => ({ circuit: "attest", proven: attest })),
        read.members.flatMap(({ targets }) => targets),
        options,
      );
  }
}

async function statement(id: bigint, options: Options): Promise<Found> {
  const { manifest, keyClass, checks: ofCeremony } = await chosenKeys(options);
  return asking(options, [], async (place) => {
    const { timelock, fromBlock } = place;
    const commitment = await commitmentOf(timelock, id, { fromBlock });
    const { facts, state, checks } = await withProgress("statement", options.json, () =>
      verifyStatement(timelock, { commitment, fromBlock, manifest }),
    );
    return {
      shown: {
        ...shownPlace(place),
        keys: `${setupHash(manifest)}, class ${keyClass}`,
        statement: facts.id,
        commitment: fullHex(commitment),
        proxy: facts.proxy,
        scheduled: `in block ${facts.block}, by ${facts.transaction}`,
        executable: `from ${shownTime(facts.eta)} to ${shownTime(facts.deadline)}`,
        state,
      },
      checks: [...ofCeremony.map(asCheck), ...checks],
    };
  });
}

async function disclosure(text: string, read: Disclosure, options: Options): Promise<Found> {
  const { publication, at, hashes } = options;
  if (publication !== undefined) await assertNoPublication(publication);
  return asking(options, read.targets, async (place) => {
    const { timelock, fromBlock } = place;
    const from = { fromBlock };
    const commitment =
      at === undefined
        ? await disclosedCommitment(timelock, read, from)
        : await commitmentOf(timelock, integerOf(at), from);
    const facts = await readDisclosureFacts(timelock, { commitment, ...from });
    const checks = await withProgress("disclosure", options.json, (onProgress) =>
      verifyDisclosure(text, facts, { onProgress }),
    );
    const written = publication === undefined ? [] : await writePublication(publication, read, facts, checks);
    return {
      shown: {
        ...shownPlace(place),
        statement: facts.id,
        commitment: fullHex(commitment),
        proxy:
          targetOfStatement(read.targets, { commitment, id: facts.id })?.proxy ??
          "the file names none of this statement",
        installed: facts.executed.implementation,
        ...(written.length === 0 ? {} : { written: written.join(", ") }),
      },
      checks,
      ...(hashes ? { hashes: incidentHashes({ text, facts, rerun: await rerunPatch(read, facts) }) } : {}),
    };
  });
}

async function policy(read: PatchPolicy, options: Options): Promise<Found> {
  const { proxy, at } = options;
  const { auditorRoot, vectorRoot, layoutRoot } = policyRoots(read);
  const roots = { auditors: fullHex(auditorRoot), vectors: fullHex(vectorRoot), layout: fullHex(layoutRoot) };
  if (proxy !== undefined && at !== undefined)
    throw usageError(
      "--proxy and --at are given",
      "give the statement or the proxy: a statement names its proxy",
    );
  if (proxy === undefined && at === undefined) {
    const detail = "needs a node, and --at STATEMENT or --proxy ADDRESS";
    return { shown: roots, checks: [{ name: "the policy is registered", outcome: "not checked", detail }] };
  }
  return asking(options, [], async (place) => {
    const { timelock, fromBlock } = place;
    const where =
      proxy === undefined
        ? { at: await commitmentOf(timelock, integerOf(at!), { fromBlock }), fromBlock }
        : { proxy };
    return { shown: { ...shownPlace(place), ...roots }, checks: await verifyPolicy(read, timelock, where) };
  });
}

async function proofs(
  files: readonly ProofFile[],
  targets: Disclosure["targets"],
  options: Options,
): Promise<Found> {
  const { manifest, keyClass, checks: ofCeremony } = await chosenKeys(options);
  const keys = `${setupHash(manifest)}, class ${keyClass}`;
  const all = async (more: Partial<Pick<Place, "timelock" | "fromBlock">>): Promise<Check[]> => {
    const checks = ofCeremony.map(asCheck);
    for (const [index, each] of files.entries()) {
      const of = files.length === 1 ? "" : `statement ${index}: `;
      const lines = await verifyProofFile(each, { manifest, ...more });
      checks.push(...lines.map((line) => ({ ...line, name: `${of}${line.name}` })));
    }
    return checks;
  };
  if (!hasNode(options)) return { shown: { keys }, checks: await all({}) };
  return asking(options, targets, async (place) => {
    const { timelock, fromBlock } = place;
    return { shown: { ...shownPlace(place), keys }, checks: await all({ timelock, fromBlock }) };
  });
}

/** Whatever breaks off from here on says nothing of what is verified. */
function asking(
  options: Options,
  targets: Disclosure["targets"],
  work: (place: Place) => Promise<Found>,
): Promise<Found> {
  process.exitCode = EXIT.undecided;
  return withPlace(options, targets, async (place) => {
    const found = await work(place);
    return place.namedBy === "the file" ? { ...found, checks: [NAMED_BY_FILE, ...found.checks] } : found;
  });
}

/** Whoever makes a file can make a timelock that agrees with it. */
const NAMED_BY_FILE: Check = {
  name: "the timelock is the protocol's",
  outcome: "not checked",
  detail:
    "the file itself names it: compare the address with the one that the protocol has published, and give that with --timelock",
};

function shownPlace({ timelock, chainId, namedBy }: Place): Found["shown"] {
  return { chain: String(chainId), timelock: `${timelock.address}, named by ${namedBy}` };
}

/** A test key is nothing that fails here; which class the keys have, is shown. */
function asCheck({ name, outcome, detail }: Awaited<ReturnType<typeof chosenKeys>>["checks"][number]): Check {
  return { name, outcome: outcome === "test only" ? "holds" : outcome, detail };
}

function ofDisclosure(option: string) {
  return usageError(`${option} is of a disclosure alone`, "give a disclosure, or leave it out");
}
