import type { Command } from "commander";
import { formatTable, fullHex, print, printJson, shortenMiddle } from "../terminal/index.js";
import {
  addVectors,
  inputDigest,
  isIncident,
  readVectorSet,
  removeVectors,
  type SetRoot,
  setRoot,
  type Vector,
  type VectorSet,
  vectorLeaf,
  writeVectorSet,
} from "../vectors/index.js";
import { newCommand } from "./command.js";

/** Help of the option that shows what incident vectors hold. */
export const SHOW_INCIDENTS = [
  "--show-incidents",
  "show names and content of incident vectors, which are secret until disclosure",
] as const;

/** Columns that a digest takes in a table. */
const DIGEST_WIDTH = 14;

/** `vectors root`. */
export function rootCommand(): Command {
  return newCommand("root <set>", {
    description: "The Merkle root of a set: what governance registers, or a sealed patch commits to",
    examples: ["sealpatch vectors root baseline.json"],
  }).action(async (file: string, { json }: { json?: boolean }) => {
    const root = setRoot(await readVectorSet(file));
    if (json) printJson(rootToJson(root));
    else print(fullHex(root.root));
  });
}

/** `vectors list`. */
export function listCommand(): Command {
  return newCommand("list <set>", {
    description: "The vectors of a set in leaf order, and its root",
    examples: [
      "sealpatch vectors list baseline.json",
      "sealpatch vectors list incidents.json --show-incidents",
    ],
  })
    .option(...SHOW_INCIDENTS)
    .action(async (file: string, options: { json?: boolean; showIncidents?: boolean }) => {
      const set = await readVectorSet(file);
      const root = setRoot(set);
      const vectors = set.vectors.map((vector, index) => ({
        index,
        name: shownName(vector, options.showIncidents),
        kind: vector.kind,
        hardfork: vector.hardfork,
        calls: vector.calls.length,
        leaf: fullHex(vectorLeaf(vector, set.codes)),
        inputDigest: fullHex(inputDigest(vector, set.codes)),
      }));
      if (options.json) {
        printJson({ ...rootToJson(root), list: vectors });
        return;
      }
      const rows = vectors.map(({ index, name, kind, hardfork, calls, leaf }) => [
        `#${index}`,
        name,
        kind,
        hardfork,
        String(calls),
        shortenMiddle(leaf, DIGEST_WIDTH),
      ]);
      print(
        formatTable(
          [
            { title: "" },
            { title: "vector", flexible: true },
            { title: "kind" },
            { title: "rules" },
            { title: "calls", align: "right" },
            { title: "leaf" },
          ],
          rows,
        ),
        "",
        describeRoot(root),
      );
    });
}

/** `vectors add`. */
export function addCommand(): Command {
  return newCommand("add <set> <others...>", {
    description: "Adds the vectors of other files behind those of a set; prints the old and the new root",
    examples: ["sealpatch vectors add baseline.json recorded.json"],
  }).action(async (file: string, others: string[], { json }: { json?: boolean }) => {
    const added = await Promise.all(others.map(readVectorSet));
    await change(file, json, (set) => addVectors(set, added));
  });
}

/** `vectors remove`. */
export function removeCommand(): Command {
  return newCommand("remove <set> <vectors...>", {
    description: "Removes vectors from a set, by name or by # and index; prints the old and the new root",
    examples: [
      "sealpatch vectors remove baseline.json 'roles are with whom they were given to'",
      "sealpatch vectors remove incidents.json '#3'",
    ],
  }).action(async (file: string, chosen: string[], { json }: { json?: boolean }) => {
    await change(file, json, (set) => removeVectors(set, chosen));
  });
}

/** How output names a vector: what an incident vector is called is secret, too. */
export function shownName(vector: Vector, showIncidents: boolean | undefined): string {
  return isIncident(vector) && !showIncidents ? "(hidden)" : vector.name;
}

async function change(
  file: string,
  json: boolean | undefined,
  edit: (set: VectorSet) => VectorSet,
): Promise<void> {
  const set = await readVectorSet(file);
  const changed = edit(set);
  const after = setRoot(changed);
  const before = set.vectors.length === 0 ? undefined : setRoot(set);
  await writeVectorSet(file, changed);
  if (json) {
    printJson({ before: before === undefined ? null : rootToJson(before), after: rootToJson(after) });
  } else {
    print(`before  ${before === undefined ? "no vectors" : describeRoot(before)}`);
    print(`after   ${describeRoot(after)}`);
  }
}

function describeRoot({ vectors, root }: SetRoot): string {
  return `${fullHex(root)}  ${vectors} ${vectors === 1 ? "vector" : "vectors"}`;
}

function rootToJson({ kind, vectors, root }: SetRoot) {
  return { set: kind, vectors, root: fullHex(root) };
}
