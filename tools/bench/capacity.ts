import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileCircuit, readR1cs } from "../../soundness/index.js";
import { ATTEST_PARAMETERS } from "../../src/proof/index.js";

/** A part of the circuit in two sizes; their difference, over `more` places, is the price of one place. */
interface Part {
  readonly name: string;
  readonly file: string;
  readonly small: string;
  readonly large: string;
  readonly more: number;
  readonly places: number;
}

const { oldEntries, newEntries, changes, baselineDepth, incidentDepth, signers, auditorDepth } =
  ATTEST_PARAMETERS;
const layout = { file: "layout", small: "LayoutPreserved(15, 15, 2)" };
const PARTS: readonly Part[] = [
  {
    ...layout,
    name: "old layout entries",
    large: "LayoutPreserved(30, 15, 2)",
    more: 15,
    places: oldEntries,
  },
  {
    ...layout,
    name: "new layout entries",
    large: "LayoutPreserved(15, 30, 2)",
    more: 15,
    places: newEntries,
  },
  { ...layout, name: "declared changes", large: "LayoutPreserved(15, 15, 4)", more: 2, places: changes },
  {
    name: "baseline vectors",
    file: "vectors",
    small: "BaselineVectors(3)",
    large: "BaselineVectors(4)",
    more: 8,
    places: 2 ** baselineDepth,
  },
  {
    name: "incident vectors",
    file: "vectors",
    small: `IncidentVectors(1, ${2 ** baselineDepth})`,
    large: `IncidentVectors(2, ${2 ** baselineDepth})`,
    more: 2,
    places: 2 ** incidentDepth,
  },
  {
    name: "signers",
    file: "auditors",
    small: `Auditors(${auditorDepth}, 1, 6)`,
    large: `Auditors(${auditorDepth}, 2, 6)`,
    more: 1,
    places: signers,
  },
];

/** What one more place of a list costs, and what doubling its places does, in constraints of `attest`. */
export interface CapacityPrice {
  readonly name: string;
  readonly places: number;
  readonly each: number;
  readonly toDouble: number;
}

/** Compiles small instances of the parts of `attest`, and reads the prices off their differences. */
export async function measureCapacity(): Promise<CapacityPrice[]> {
  // The WASM compiler reads and writes below its working directory only.
  const folder = join("build", `capacity-${process.pid}`);
  const known = new Map<string, Promise<number>>();
  const constraintsOf = (file: string, template: string): Promise<number> => {
    const found = known.get(template) ?? compile(folder, file, template);
    known.set(template, found);
    return found;
  };
  try {
    await mkdir(folder, { recursive: true });
    const prices: CapacityPrice[] = [];
    for (const { name, file, small, large, more, places } of PARTS) {
      const [few, many] = [await constraintsOf(file, small), await constraintsOf(file, large)];
      const each = (many - few) / more;
      prices.push({ name, places, each: Math.round(each), toDouble: Math.round(each * places) });
    }
    return prices;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compile(folder: string, file: string, template: string): Promise<number> {
  const name = template.replace(/\W+/g, "-");
  const source = join(folder, `${name}.circom`);
  await writeFile(
    source,
    `pragma circom 2.1.6;\ninclude "../../circuits/lib/${file}.circom";\ncomponent main = ${template};\n`,
  );
  const { r1csFile } = await compileCircuit({ source, outDir: join(folder, name) });
  return (await readR1cs(r1csFile)).constraintCount;
}
