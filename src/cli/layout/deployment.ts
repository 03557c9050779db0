import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { getBytes } from "ethers";
import { type Artifact, parseArtifact } from "../../code/index.js";
import { SealpatchError } from "../../errors.js";
import { lazily } from "../../lazily.js";
import { type Compiler, compileStandardJson, findCompiler, standardInputSchema } from "../../solc/index.js";
import { zod } from "../../zod.js";

const deployment = lazily(() =>
  zod.object({
    solcInputHash: zod.string().regex(/^[0-9a-f]+$/),
    bytecode: zod.string().regex(/^0x([0-9a-f]{2})*$/i),
    metadata: zod.string(),
  }),
);
const metadataOf = lazily(() =>
  zod.object({
    compiler: zod.object({ version: zod.string() }),
    settings: zod.object({ compilationTarget: zod.record(zod.string(), zod.string()) }),
  }),
);

const TREES = { "*": { "": ["ast"] } };
const OUTPUTS = ["abi", "evm.bytecode", "evm.deployedBytecode", "storageLayout", "metadata"];

/**
 * Reads a contract by its deployment of hardhat-deploy, `deployments/NETWORK/NAME.json`: compiles what `solcInputs` beside it
 * holds once more, with the compiler that its metadata names. The code must be the one that was deployed.
 * @param chosen the compiler to take in place of the one that is found by its release.
 * @throws SealpatchError `code/unreadable-file` where a part is missing, `code/stale-build-info` where the code is another,
 * `code/no-compiler`, and those of `compileStandardJson` and `parseArtifact`.
 */
export async function readDeployment(file: string, chosen: Compiler | undefined): Promise<Artifact> {
  const form = deployment().safeParse(await readJson(file)).data;
  const metadata = metadataOf().safeParse(parseJson(form?.metadata ?? "")).data;
  const [target] = Object.entries(metadata?.settings.compilationTarget ?? {});
  if (form === undefined || metadata === undefined || target === undefined) {
    throw incomplete(file, "the deployment does not tell contract and compiler");
  }
  const inputFile = join(dirname(file), "solcInputs", `${form.solcInputHash}.json`);
  const input = standardInputSchema().safeParse(await readJson(inputFile)).data;
  if (input === undefined)
    throw incomplete(inputFile, "it is no standard JSON with the texts of the sources");
  const compiler = chosen ?? findCompiler(metadata.compiler.version);
  const [sourceName, name] = target;
  const output = await compileStandardJson(input, [TREES, { [sourceName]: { [name]: OUTPUTS } }], compiler);
  const artifact = parseArtifact(output, `${sourceName}:${name}`);
  if (!sameCode(artifact, getBytes(form.bytecode))) {
    throw new SealpatchError("code/stale-build-info", `${file} does not come from its solcInputs file`, {
      details: { file, input: inputFile, compiler: compiler.version },
      why: "compiled again, its sources give other creation code",
      remedy: "give the build-info file of the compilation that was deployed",
    });
  }
  const sources = Object.entries(input.sources).map(([path, { content }]) => [path, content] as const);
  return { ...artifact, sources: Object.fromEntries(sources) } as Artifact;
}

/** Addresses of libraries were written into the deployed code. */
function sameCode({ template, linkReferences }: Artifact, deployed: Uint8Array): boolean {
  const code = Uint8Array.from(deployed);
  for (const start of linkReferences.flatMap(({ creation }) => creation)) code.fill(0, start, start + 20);
  return Buffer.compare(template.creation, code) === 0;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw incomplete(file, "the file cannot be opened");
  return parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function incomplete(file: string, why: string): SealpatchError {
  return new SealpatchError("code/unreadable-file", `${file} cannot be read as part of a deployment`, {
    details: { file },
    why,
    remedy: "keep `solcInputs` beside the deployments, or give the build-info file of the compilation",
  });
}
