import { type Artifact, metadataOffset, OPCODES, runnableInstructions } from "../code/index.js";
import { type LayoutComparison, unconfirmedNamespaces } from "../layout/index.js";
import { BUGS_KNOWN_TO, isBeyondKnownBugs, type StorageBug, storageBugs } from "../solc/index.js";
import type { CodeUnderTest } from "../vectors/index.js";
import type { PatchBundle } from "./bundle.js";

const WATCHED = {
  delegatecall: {
    opcode: OPCODES.DELEGATECALL,
    effect:
      "runs other code on the proxy's storage, which no vector and no layout covers unless it is called there",
  },
  callcode: {
    opcode: OPCODES.CALLCODE,
    effect: "runs other code on the proxy's storage; no compiler has made it since 0.5.0",
  },
  selfdestruct: {
    opcode: OPCODES.SELFDESTRUCT,
    effect: "sends everything away, and deletes an account that was made in the same transaction (EIP-6780)",
  },
} as const;

/** Opcodes of a patch that reach beyond its own code. */
export interface OpcodeWarning {
  readonly code: keyof typeof WATCHED;
  /**
   * Deployed code, constructor, or metadata behind the deployed code: there, the bytes are meant as data, and code that
   * jumped to them would run them.
   */
  readonly where: "code" | "constructor" | "metadata";
  /** Byte offsets, in the deployed code or in the creation code. */
  readonly offsets: readonly number[];
  /** With `delegatecall`: what the code is linked with and calls in this way, `contracts/Lib.sol:Lib at 0x...`. */
  readonly libraries: readonly string[];
  readonly message: string;
}

/** A bug of the compiler that may be in what it made of the sources. */
export interface CompilerBugWarning {
  readonly code: "compiler-bug";
  readonly bug: StorageBug;
  readonly message: string;
}

/** A compiler that is later than the list of its bugs. */
export interface UnknownCompilerWarning {
  readonly code: "compiler-beyond-known-bugs";
  readonly message: string;
}

/** A namespace of which no constant in the code tells the slot: that it lies where its annotation says, nobody has checked. */
export interface NamespaceWarning {
  readonly code: "namespace-unconfirmed";
  readonly message: string;
}

/** What auditors and council should look at with their own eyes. It refuses nothing. */
export type PatchWarning = OpcodeWarning | CompilerBugWarning | UnknownCompilerWarning | NamespaceWarning;

/** What warnings are found in. */
export interface WarnedPatch {
  readonly bundle: Pick<PatchBundle, "compiler">;
  /** Linked. */
  readonly artifact: Artifact;
  readonly code: Pick<CodeUnderTest, "code">;
  readonly layouts: Pick<LayoutComparison, "old" | "new">;
}

/**
 * DELEGATECALL, CALLCODE and SELFDESTRUCT in the deployed code and in the constructor, the known storage bugs of the
 * compiler with these settings, and namespaces whose place the code does not tell.
 */
export function patchWarnings({ bundle, artifact, code, layouts }: WarnedPatch): PatchWarning[] {
  const libraries = artifact.linkReferences.map(({ library, address }) => `${library} at ${address}`);
  const places = [...placesOfCode(code.code), ...placesOfConstructor(artifact.template)];
  return [
    ...(["code", "metadata", "constructor"] as const).flatMap((where) =>
      opcodeWarnings(
        where,
        places.filter((place) => place.where === where),
        libraries,
      ),
    ),
    ...compilerWarnings(bundle.compiler),
    ...unconfirmedNamespaces(layouts).map(({ message, remedy }) => ({
      code: "namespace-unconfirmed" as const,
      message: `${message}; ${remedy}`,
    })),
  ];
}

interface Place {
  readonly where: OpcodeWarning["where"];
  readonly offset: number;
  readonly opcode: number;
}

function placesOfCode(code: Uint8Array): Place[] {
  const metadata = metadataOffset(code);
  return [...runnableInstructions(code)].map((instruction) => ({
    ...instruction,
    where: instruction.offset < metadata ? "code" : "metadata",
  }));
}

/** The runtime code stands inside the creation code, with room for what the constructor fills in. */
function placesOfConstructor({ creation, runtime }: Artifact["template"]): Place[] {
  const start = Buffer.from(creation).indexOf(runtime);
  const inRuntime = (offset: number) => start !== -1 && start <= offset && offset < start + runtime.length;
  return [...runnableInstructions(creation)]
    .filter(({ offset }) => !inRuntime(offset))
    .map((instruction) => ({ ...instruction, where: "constructor" }));
}

function opcodeWarnings(
  where: OpcodeWarning["where"],
  places: readonly Place[],
  linked: readonly string[],
): OpcodeWarning[] {
  return (Object.keys(WATCHED) as OpcodeWarning["code"][]).flatMap((code) => {
    const { opcode, effect } = WATCHED[code];
    const offsets = places.filter((place) => place.opcode === opcode).map(({ offset }) => offset);
    if (offsets.length === 0) return [];
    const libraries = code === "delegatecall" && where !== "metadata" ? linked : [];
    const calls = libraries.length === 0 ? "" : `; linked with ${libraries.join(", ")}, called in this way`;
    const message = `${code.toUpperCase()} in the ${where}, ${offsets.length} times: it ${effect}${calls}`;
    return [{ code, where, offsets, libraries, message }];
  });
}

function compilerWarnings({ version, input }: PatchBundle["compiler"]): PatchWarning[] {
  const bugs = storageBugs(version, input).map((bug) => ({
    code: "compiler-bug" as const,
    bug,
    message: `solc ${version.split("+")[0]!}, ${bug.name}: ${bug.summary}`,
  }));
  if (!isBeyondKnownBugs(version)) return bugs;
  const message = `solc ${version} is later than the known bugs, which end with ${BUGS_KNOWN_TO}`;
  return [...bugs, { code: "compiler-beyond-known-bugs", message }];
}
