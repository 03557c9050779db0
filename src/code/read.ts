import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { findUpwards } from "../solc/index.js";
import { zod } from "../zod.js";
import type { Artifact } from "./artifact.js";
import { unknownFormat } from "./formats.js";
import { otherText } from "./other-formats.js";
import { parseArtifact } from "./parse.js";

/**
 * Reads one contract from a compiler's file; see `parseArtifact` for the formats. A Hardhat artifact holds neither
 * storage layout nor syntax trees, and a Foundry artifact the tree of one file only: all of it is taken from the
 * build-info file of the same build, where there is one.
 * Where a file is another tool's, the error says which and what to give.
 * @throws SealpatchError `code/unreadable-file`, `code/stale-build-info`, and what `parseArtifact` throws.
 */
export async function readArtifact(file: string, contractName?: string): Promise<Artifact> {
  const json = await readJson(file);
  const artifact = parseArtifact(json, contractName);
  if (hardhatArtifact().safeParse(json).success) return completeFromHardhat(file, json, artifact);
  if (foundryArtifact().safeParse(json).success) return completeFromFoundry(file, artifact);
  return artifact;
}

const hardhatArtifact = lazily(() => zod.looseObject({ bytecode: zod.string(), sourceName: zod.string() }));
const hardhat3Artifact = lazily(() =>
  hardhatArtifact().extend({ buildInfoId: zod.string(), inputSourceName: zod.string() }),
);
const hardhatDebugFile = lazily(() => zod.object({ buildInfo: zod.string() }));
const foundryArtifact = lazily(() =>
  zod.looseObject({ bytecode: zod.looseObject({ object: zod.string() }) }),
);

async function completeFromHardhat(file: string, json: unknown, artifact: Artifact): Promise<Artifact> {
  const buildInfo = await findHardhatBuildInfo(file, json);
  if (buildInfo === undefined) return artifact;
  const sourceName = hardhat3Artifact().safeParse(json).data?.inputSourceName ?? artifact.sourceName;
  const complete = parseArtifact(await readJson(buildInfo), `${sourceName}:${artifact.contractName}`);
  if (sameCode(artifact, complete)) return complete;
  throw new SealpatchError("code/stale-build-info", `${file} does not come from its build-info file`, {
    details: { file, buildInfo },
    why: "the creation code in the two differs",
    remedy: "delete the compiler's cache and artifacts, compile again, and read the artifact again",
  });
}

async function findHardhatBuildInfo(file: string, json: unknown): Promise<string | undefined> {
  const id = hardhat3Artifact().safeParse(json).data?.buildInfoId;
  if (id !== undefined) return findUpwards(dirname(resolve(file)), join("build-info", `${id}.output.json`));
  const debugFile = file.replace(/(\.json)?$/, ".dbg.json");
  if (!existsSync(debugFile)) return undefined;
  const link = hardhatDebugFile().safeParse(await readJson(debugFile)).data;
  return link && resolve(dirname(debugFile), link.buildInfo);
}

/** A Foundry artifact does not name its build-info: it is the one that holds the contract with the same code. */
async function completeFromFoundry(file: string, artifact: Artifact): Promise<Artifact> {
  const folder = findUpwards(dirname(resolve(file)), "build-info");
  if (folder === undefined) return artifact;
  for (const name of await readdir(folder)) {
    try {
      const complete = parseArtifact(
        await readJson(join(folder, name)),
        `${artifact.sourceName}:${artifact.contractName}`,
      );
      if (sameCode(artifact, complete)) return complete;
    } catch (error) {
      // Builds of other contracts, and build-info without the compiler's output, stand in the same folder.
      if (!(error instanceof SealpatchError)) throw error;
    }
  }
  return artifact;
}

function sameCode(a: Artifact, b: Artifact): boolean {
  return Buffer.compare(a.template.creation, b.template.creation) === 0;
}

async function readJson(file: string): Promise<unknown> {
  let text = "";
  try {
    text = await readFile(file, "utf8");
    return JSON.parse(text);
  } catch (cause) {
    const other = cause instanceof SyntaxError ? otherText(file, text) : undefined;
    if (other !== undefined) throw unknownFormat(other);
    const why = cause instanceof SyntaxError ? "the file is not valid JSON" : "the file cannot be opened";
    throw new SealpatchError("code/unreadable-file", `${file} cannot be read`, {
      details: { file },
      why,
      remedy: "check the path, and compile again if the file is cut off",
      // A JSON error quotes the text around the fault; an error of the file system does not.
      ...(cause instanceof SyntaxError ? {} : { cause }),
    });
  }
}
