import { getAddress, getBytes, id, toBeHex } from "ethers";
import { SealpatchError } from "../../src/errors.js";
import { type DisclosureFacts, disclosureHash, type verifyDisclosure } from "../../src/patch/index.js";
import type { StandardInput } from "../../src/solc/index.js";
import type { IncidentSources } from "./incident.js";

// Every part of a disclosure altered by itself, and the line of the verification that has to say so.

/** A counter that counts double, and its fix: each part of a disclosure is there. */
export function everyPart(counter: IncidentSources): IncidentSources {
  const contract = (
    body: string,
    more: string,
    patched: string,
  ) => `// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.20;
import "./Imported.sol";
library Half { function half(uint256 x) external pure returns (uint256) { return x / 2; } }
contract Counter {
  uint256 public total; ${more}
  uint256 public immutable start;
  constructor(uint256 start_) { start = start_; }
  function add(uint256 x) external { ${body} }
  ${patched}
}`;
  const input = (content: string): StandardInput => ({
    language: "Solidity",
    sources: {
      "Counter.sol": { content },
      // In the metadata, and in no code.
      "Imported.sol": { content: "pragma solidity ^0.8.20; // nobody's\n" },
      "Unused.sol": { content: "pragma solidity ^0.8.20; // nobody's\n" },
    },
    settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 199 } },
  });
  const migrated = `function halved() external view returns (uint256) { return Half.half(total); }
  function setUp() external { ready = 1; }`;
  return {
    ...counter,
    vulnerable: input(contract("total += 2 * x;", "", "")),
    fixed: input(contract("total += x;", "uint256 ready;", migrated)),
    constructorArguments: getBytes(toBeHex(7n, 32)),
    libraries: { "Counter.sol:Half": getAddress(`0x${"1f".repeat(20)}`) },
    migration: { migration: getBytes(id("setUp()").slice(0, 10)), migrationGas: 120_000n },
    otherChain: 10n,
  };
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Step = string | number;

/** A disclosure of which one part is another. */
export interface Alteration {
  /** `bundle.targets.0.nonce`. */
  readonly path: string;
  readonly how: "changed" | "removed" | "doubled" | "renamed";
  readonly text: string;
}

/** Every leaf changed, every member and element removed, every element doubled, every key renamed. */
export function alterationsOf(text: string): Alteration[] {
  const whole = JSON.parse(text) as Json;
  return [...alter(whole, [])].map(({ path, how, json }) => ({
    path: path.join("."),
    how,
    text: `${JSON.stringify(json)}\n`,
  }));

  function* alter(
    part: Json,
    path: Step[],
  ): Generator<Omit<Alteration, "path" | "text"> & { path: Step[]; json: Json }> {
    if (part === null || typeof part !== "object") {
      yield { path, how: "changed", json: replaced(whole, path, () => changed(part)) };
      return;
    }
    for (const [key, inner] of Object.entries(part)) {
      const place = [...path, Array.isArray(part) ? Number(key) : key];
      yield { path: place, how: "removed", json: replaced(whole, path, (at) => without(at, key)) };
      if (Array.isArray(part))
        yield {
          path: place,
          how: "doubled",
          json: replaced(whole, path, () => part.toSpliced(Number(key), 0, inner)),
        };
      else yield { path: place, how: "renamed", json: replaced(whole, path, (at) => renamed(at, key)) };
      yield* alter(inner, place);
    }
  }
}

function replaced(json: Json, [first, ...rest]: readonly Step[], by: (part: Json) => Json): Json {
  if (first === undefined) return by(json);
  if (Array.isArray(json)) return json.with(Number(first), replaced(json[Number(first)]!, rest, by));
  const members = json as { [key: string]: Json };
  return { ...members, [first]: replaced(members[first]!, rest, by) };
}

function without(part: Json, key: string): Json {
  if (Array.isArray(part)) return part.toSpliced(Number(key), 1);
  return Object.fromEntries(Object.entries(part as object).filter(([name]) => name !== key));
}

function renamed(part: Json, key: string): Json {
  const entries = Object.entries(part as { [key: string]: Json });
  return Object.fromEntries(
    entries.map(([name, value]) => [name === key ? (changed(name) as string) : name, value]),
  );
}

/** Another value of the same form. */
function changed(leaf: Json): Json {
  if (typeof leaf === "boolean") return !leaf;
  if (typeof leaf === "number") return leaf + 1;
  if (typeof leaf !== "string") return `0x${"11".repeat(20)}`;
  if (leaf === "0x") return "0x00";
  // Lower case has no checksum to break.
  if (/^0x[0-9a-f]+$/i.test(leaf))
    return leaf.slice(0, -1).toLowerCase() + (Number.parseInt(leaf.at(-1)!, 16) ^ 1).toString(16);
  if (/^\d+$/.test(leaf)) return `${BigInt(leaf) + 1n}`;
  return OTHERS[leaf] ?? `${leaf} `;
}

/** Where another value has to be one of a few. */
const OTHERS: Readonly<Record<string, string>> = {
  regression: "invariant",
  incident: "regression",
  cancun: "prague",
  "0.8.30+commit.73712a01": "0.8.37+commit.f401782d",
  "Counter.sol:Counter": "Counter.sol:Half",
};

const FILE = "the file is the one disclosed on chain";
const TARGETS = "the statement names these targets";
const CURRENT = "the replaced code is compiled from the source that the patch is compared with";
const SOURCE = "the source compiles, and the commitment opens to it";
const MIGRATION = "the migration ran as in the vectors";
const BASELINE = "the baseline vectors are the registered ones";
const VECTORS = "the patch passes the vectors, and the code it replaced fails every incident";
const AUDITORS = "enough registered auditors signed these results";

/**
 * Which line fails for which part; the first row that fits counts. `FILE` by itself: the part is a name or a remark, which no digest
 * has on purpose (docs/vectors.md), or a source of no part of the contract, which the line of the source names.
 */
const ROWS: readonly (readonly [part: RegExp, line: string])[] = [
  [/^(bundle\.incidents|baseline)\.vectors\.\d+\.(name|description)$/, FILE],
  [/^baseline\.vectors\.\d+\.kind$/, FILE],
  [/^bundle\.incidents\.vectors\.\d+\.kind$/, VECTORS],
  [/^(bundle|bundle\.current)\.compiler\.input\.sources\.Unused\.sol\b/, FILE],
  [/^bundle\.current\.(contract|compiler)\b/, CURRENT],
  [/^bundle\.migrationCaller$/, MIGRATION],
  [/^bundle\.(?!current)/, SOURCE],
  [/^(targets\b|currentImplementation$)/, TARGETS],
  [/^baseline\b/, BASELINE],
  [/^(auditors|attestations)\b/, AUDITORS],
];

/** The line for a part of a disclosure. @throws Error where the table has none. */
function lineOf(path: string): string {
  const row = ROWS.find(([part]) => part.test(path));
  if (row === undefined) throw new Error(`no line looks at ${path}`);
  return row[1];
}

/** What a verification says of an altered disclosure: the lines that fail, or the code of what cannot be read. */
export interface Finding {
  readonly altered: string;
  readonly failing: readonly string[] | string;
}

/** What it has to say. */
export function expected({ path, how }: Alteration): Finding {
  const line = lineOf(path);
  return { altered: `${path} ${how}`, failing: line === FILE ? [FILE] : [FILE, line] };
}

/** Verifies an altered disclosure, and checks that each line that waits names one that fails. */
export async function found(
  verify: typeof verifyDisclosure,
  { path, how, text }: Alteration,
  facts: DisclosureFacts,
): Promise<Finding> {
  const altered = `${path} ${how}`;
  try {
    const checks = await verify(text, facts);
    const failing = checks.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
    const stray = checks.filter(
      ({ outcome, detail }) =>
        outcome === "not checked" && !failing.some((name) => detail === `waits for: ${name}`),
    );
    return { altered, failing: [...failing, ...stray.map(({ name, detail }) => `${name}: ${detail}`)] };
  } catch (error) {
    if (!(error instanceof SealpatchError)) throw error;
    return { altered, failing: error.code };
  }
}

/** The same facts, with the altered file as the one that was disclosed. */
export function disclosing(text: string, facts: DisclosureFacts): DisclosureFacts {
  return { ...facts, disclosed: { ...facts.disclosed, bundleHashes: [disclosureHash(text)] } };
}
