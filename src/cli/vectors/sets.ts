import { formatTable, fullHex, print, printJson, shortenMiddle } from "../../terminal/index.js";
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
} from "../../vectors/index.js";

/** Columns that a digest takes in a table. */
const DIGEST_WIDTH = 14;

/** `vectors root`. */
export async function root(file: string, { json }: { json?: boolean }): Promise<void> {
  const of = setRoot(await readVectorSet(file));
  if (json) printJson(rootToJson(of));
  else print(fullHex(of.root));
}

/** `vectors list`. */
export async function list(
  file: string,
  options: { json?: boolean; showIncidents?: boolean },
): Promise<void> {
  const set = await readVectorSet(file);
  const ofSet = setRoot(set);
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
    printJson({ ...rootToJson(ofSet), list: vectors });
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
    describeRoot(ofSet),
  );
}

/** `vectors add`. */
export async function add(file: string, others: string[], { json }: { json?: boolean }): Promise<void> {
  const added = await Promise.all(others.map(readVectorSet));
  await change(file, json, (set) => addVectors(set, added));
}

/** `vectors remove`. */
export async function remove(file: string, chosen: string[], { json }: { json?: boolean }): Promise<void> {
  await change(file, json, (set) => removeVectors(set, chosen));
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
