import type { JsonFragment } from "ethers";
import type * as z from "zod";
import { FORGE_BUILD } from "../compiler-settings.js";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { inOwnWords, zod } from "../zod.js";
import { type OtherFormat, otherFormat } from "./other-formats.js";

const references = lazily(() =>
  zod.array(zod.object({ start: zod.int().nonnegative(), length: zod.int().positive() })),
);
const linkReferences = lazily(() => zod.record(zod.string(), zod.record(zod.string(), references())));
const immutableReferences = lazily(() => zod.record(zod.string(), references()));
const abi = lazily(() =>
  zod.array(zod.custom<JsonFragment>((item) => typeof item === "object" && item !== null)),
);

const bytecode = lazily(() =>
  zod.object({ object: zod.string(), linkReferences: linkReferences().default({}) }),
);
const deployedBytecode = lazily(() =>
  bytecode().extend({ immutableReferences: immutableReferences().default({}) }),
);

/** One contract, in the terms of solc's standard-JSON output, whatever the file that it came from. */
export interface CompiledContract {
  contractName: string;
  sourceName?: string | undefined;
  abi: JsonFragment[];
  bytecode: z.infer<ReturnType<typeof bytecode>>;
  deployedBytecode: z.infer<ReturnType<typeof deployedBytecode>>;
  metadata?: string | undefined;
  storageLayout?: unknown;
  asts: unknown[];
  sources?: Record<string, string> | undefined;
  compiler?: string | undefined;
}

/** A parsed file: the contracts it holds, each read only when it is asked for. */
export interface ContractFile {
  contracts: { contractName: string; sourceName?: string | undefined; read: () => CompiledContract }[];
}

const solcContract = lazily(() =>
  zod.object({
    abi: abi(),
    evm: zod.object({ bytecode: bytecode(), deployedBytecode: deployedBytecode() }),
    metadata: zod.string().optional(),
    storageLayout: zod.unknown().optional(),
  }),
);

const solcOutput = lazily(() =>
  zod.object({
    contracts: zod.record(zod.string(), zod.record(zod.string(), zod.unknown())),
    sources: zod.record(zod.string(), zod.looseObject({ ast: zod.unknown().optional() })).default({}),
    errors: zod.array(zod.looseObject({ severity: zod.string() })).optional(),
  }),
);

const buildInfo = lazily(() =>
  zod.object({
    input: zod
      .looseObject({
        sources: zod.record(zod.string(), zod.looseObject({ content: zod.string().optional() })).optional(),
      })
      .optional(),
    output: solcOutput(),
    solcLongVersion: zod.string().optional(),
    solcVersion: zod.string().optional(),
  }),
);

const hardhatArtifact = lazily(() =>
  zod.object({
    contractName: zod.string(),
    sourceName: zod.string(),
    abi: abi(),
    bytecode: zod.string(),
    deployedBytecode: zod.string(),
    linkReferences: linkReferences(),
    deployedLinkReferences: linkReferences(),
    immutableReferences: immutableReferences().default({}),
  }),
);

const compilerMetadata = lazily(() =>
  zod.object({
    compiler: zod.object({ version: zod.string() }),
    settings: zod.object({
      compilationTarget: zod.record(zod.string(), zod.string()).default({}),
      libraries: zod.record(zod.string(), zod.string()).default({}),
    }),
  }),
);

const foundryArtifact = lazily(() =>
  zod.object({
    abi: abi(),
    bytecode: bytecode(),
    deployedBytecode: deployedBytecode(),
    metadata: zod.unknown().optional(),
    rawMetadata: zod.string().optional(),
    storageLayout: zod.unknown().optional(),
    ast: zod.unknown().optional(),
  }),
);

/**
 * Recognises a compiler's file by its content.
 * @throws SealpatchError `code/unknown-artifact-format`, `code/invalid-artifact`, `code/compilation-failed`.
 */
export function parseContractFile(json: unknown): ContractFile {
  if (!isRecord(json)) throw unknownFormat({ why: "the file is not a JSON object" });
  const other = otherFormat(json);
  if (other !== undefined) throw unknownFormat(other);
  if (isRecord(json.output)) {
    const info = check(buildInfo(), json, "build-info file");
    return readSolcOutput(info.output, {
      compiler: info.solcLongVersion ?? info.solcVersion,
      sources: textsOf(info.input?.sources),
    });
  }
  if (isRecord(json.contracts) || Array.isArray(json.errors)) {
    return readSolcOutput(check(solcOutput(), { contracts: {}, ...json }, "standard-JSON output of solc"));
  }
  if (typeof json.bytecode === "string") return readHardhatArtifact(json);
  if (isRecord(json.bytecode)) return readFoundryArtifact(json);
  if (String(json._format).startsWith("hh3-sol-build-info")) {
    throw unknownFormat({
      why: "this build-info file holds the compiler's input only",
      remedy: "read `<id>.output.json` beside it",
    });
  }
  if (isRecord(json.source_id_to_path)) {
    throw unknownFormat({
      why: "this build-info file names the sources only",
      remedy: `run \`${FORGE_BUILD}\` and read it again`,
    });
  }
  throw unknownFormat({ why: "the file has none of the properties that identify a known format" });
}

/** Compiler version and the libraries that the compiler linked, from a contract's metadata, if it can be read. */
export function readMetadata(
  metadata: string | undefined,
): z.infer<ReturnType<typeof compilerMetadata>> | undefined {
  if (metadata === undefined) return undefined;
  try {
    return compilerMetadata().parse(JSON.parse(metadata));
  } catch {
    return undefined; // metadata can be switched off or cut down: nothing depends on it
  }
}

function readSolcOutput(
  output: z.infer<ReturnType<typeof solcOutput>>,
  origin: Pick<CompiledContract, "compiler" | "sources"> = {},
): ContractFile {
  const errors = output.errors?.filter(({ severity }) => severity === "error").length ?? 0;
  if (errors > 0) {
    throw new SealpatchError("code/compilation-failed", `the compiler reported ${errors} errors`, {
      details: { errors },
      remedy: "make the contracts compile, then read the output again",
    });
  }
  const asts = Object.values(output.sources).flatMap(({ ast }) => (ast === undefined ? [] : [ast]));
  return {
    contracts: Object.entries(output.contracts).flatMap(([sourceName, byName]) =>
      Object.entries(byName).map(([contractName, contract]) => ({
        contractName,
        sourceName,
        read: () => {
          const { evm, ...rest } = check(solcContract(), contract, `compiler output of ${contractName}`);
          return { contractName, sourceName, asts, ...origin, ...evm, ...rest };
        },
      })),
    ),
  };
}

/** Sources that the input names by a URL have no text in it. */
function textsOf(sources: Readonly<Record<string, { content?: string | undefined }>> = {}) {
  return Object.fromEntries(
    Object.entries(sources).flatMap(([path, { content }]) =>
      content === undefined ? [] : [[path, content]],
    ),
  );
}

function readHardhatArtifact(json: unknown): ContractFile {
  const artifact = check(hardhatArtifact(), json, "Hardhat artifact");
  const { contractName, sourceName } = artifact;
  const read = () => ({
    contractName,
    sourceName,
    abi: artifact.abi,
    bytecode: { object: artifact.bytecode, linkReferences: artifact.linkReferences },
    deployedBytecode: {
      object: artifact.deployedBytecode,
      linkReferences: artifact.deployedLinkReferences,
      immutableReferences: artifact.immutableReferences,
    },
    asts: [],
  });
  return { contracts: [{ contractName, sourceName, read }] };
}

function readFoundryArtifact(json: unknown): ContractFile {
  const { ast, ...artifact } = check(foundryArtifact(), json, "Foundry artifact");
  const metadata = artifact.rawMetadata ?? JSON.stringify(artifact.metadata);
  const [target] = Object.entries(readMetadata(metadata)?.settings.compilationTarget ?? {});
  if (target === undefined) {
    throw new SealpatchError("code/invalid-artifact", "the Foundry artifact does not name its contract", {
      why: "the name stands in the compiler's metadata, which this artifact lacks",
      remedy: "build with metadata, or read the file in `out/build-info`",
    });
  }
  const [sourceName, contractName] = target;
  const read = () => ({
    contractName,
    sourceName,
    ...artifact,
    metadata,
    asts: ast === undefined ? [] : [ast],
  });
  return { contracts: [{ contractName, sourceName, read }] };
}

function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value, { error: inOwnWords });
  if (result.success) return result.data;
  const problem = result.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".") || "(root)"}: ${message}`)
    .join("; ");
  throw new SealpatchError("code/invalid-artifact", `this ${what} is not as expected`, {
    details: { problem },
    why: problem,
    remedy: "compile again with abi, evm.bytecode and evm.deployedBytecode among the selected outputs",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The error for a file that is none of those that are read; `format` where it is known what else it is. */
export function unknownFormat({
  format,
  why,
  remedy = "give a Foundry artifact (out/X.sol/X.json), a Hardhat artifact, a build-info file, or solc's standard-JSON output",
}: Partial<OtherFormat> & Pick<OtherFormat, "why">): SealpatchError {
  return new SealpatchError("code/unknown-artifact-format", "not a compiler artifact that can be read", {
    details: { format: format ?? null },
    why,
    remedy,
  });
}
