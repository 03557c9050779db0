import { SealpatchError } from "../errors.js";
import { nodeOf } from "./constants.js";
import type { ContractCode } from "./contract-code.js";
import { documentationText, type StructDefinition } from "./declarations.js";
import type { SyntaxNode } from "./syntax-tree.js";

const TAG = "@custom:storage-location";
/** The tag, and what is a slip of the pen for it. */
const LIKE_TAG = /@custom:storage[-_]?locations?(?![\w-])/gi;
/** A line that begins with the tag, and what the comment says until the next tag. */
const ANNOTATION = /^[ \t]*@custom:storage-location(?=\s|$)([^\n]*)((?:\n(?![ \t]*@)[^\n]*)*)/gm;
const FORMULA = "erc7201:";
const NAMESPACE_ID = /^[A-Za-z0-9_$](?:[\w$.:/+-]*[\w$])?$/;

/** The first solc that puts comments on structs into the syntax tree. */
const FIRST_TO_SHOW = [0, 8, 20] as const;

/** What tells whether annotations can be missing from syntax trees. */
export interface AnnotationSource {
  /** Version of solc, as it prints it. */
  readonly compiler?: string;
  /** Texts of the sources by the paths that the compiler was given. */
  readonly sources?: Readonly<Record<string, string>>;
}

/**
 * Reads the location of a struct from its comment: `@custom:storage-location erc7201:<id>` (ERC-7201).
 * @returns `erc7201:<id>`; undefined where the comment does not speak of one.
 * @throws SealpatchError `layout/malformed-annotation` where it is not exactly one annotation with one argument, on one
 * line; `layout/unknown-namespace-formula`.
 */
export function storageLocation({ documentation, canonicalName }: StructDefinition): string | undefined {
  const tags = documentation.match(LIKE_TAG) ?? [];
  if (tags.length === 0) return undefined;
  const refuse = (why: string) => malformed(`struct ${canonicalName}`, why);
  if (tags.length > 1) throw refuse("there is more than one annotation");
  const [found] = documentation.matchAll(ANNOTATION);
  if (found === undefined) throw refuse(`no line of it begins with ${TAG}`);
  const [sameLine, below] = [words(found[1]), words(found[2])];
  if (sameLine.length === 0) throw refuse("no argument stands behind it on its line");
  if (sameLine.length + below.length > 1) throw refuse("more than one argument stands behind it");
  const location = sameLine[0]!;
  if (!location.startsWith(FORMULA) || location === FORMULA) {
    throw new SealpatchError(
      "layout/unknown-namespace-formula",
      `the storage location ${location} of ${canonicalName} is not understood`,
      {
        details: { struct: canonicalName, location },
        why: "only the formula of ERC-7201 is known, so the place of this struct is unknown",
        remedy: `annotate the struct with \`${TAG} ${FORMULA}<id>\` if that is where it lies`,
      },
    );
  }
  if (!NAMESPACE_ID.test(namespaceId(location))) {
    throw refuse("the id of a namespace is made of letters, digits and . _ - : / $ +");
  }
  return location;
}

/** The `<id>` of `erc7201:<id>`. */
export function namespaceId(location: string): string {
  return location.slice(FORMULA.length);
}

/**
 * That every annotation is where it counts, and in the syntax trees. Only structs have a place of their own, and solc
 * below 0.8.20 leaves comments on structs out of its trees: then the texts of the sources tell whether there are any, and
 * without the texts, whether assembly sets the slot of a pointer to a struct.
 * @throws SealpatchError `layout/malformed-annotation`, `layout/annotation-not-shown`.
 */
export function assertAnnotationsShown(code: ContractCode, { compiler, sources }: AnnotationSource): void {
  for (const node of code.nodes()) {
    if (node.nodeType === "StructDefinition" || commentOf(node).match(LIKE_TAG) === null) continue;
    throw malformed(`${node.nodeType} ${node.name ?? ""}`.trim(), "only a struct has a storage location");
  }
  if (showsStructComments(compiler)) return;
  if (compiler === undefined && code.nodes().some(isOfLaterCompiler)) return;
  const files = new Set(code.nodes().flatMap(({ id }) => code.tree.fileOf(id) ?? []));
  const texts = [...files].map((file) => [file, sources?.[file]] as const);
  const [annotated] = texts.find(([, text]) => text?.match(LIKE_TAG)) ?? [];
  if (annotated !== undefined) throw notShown(`${annotated} holds an annotation`, compiler);
  if (texts.every(([, text]) => text !== undefined)) return;
  if (code.nodes().some(({ id }) => code.slotsOf(id).length > 0)) {
    throw notShown("assembly sets the slot of a struct, and the text of the source is not at hand", compiler);
  }
}

function showsStructComments(compiler: string | undefined): boolean {
  const version = /^v?(\d+)\.(\d+)\.(\d+)/
    .exec(compiler ?? "")
    ?.slice(1)
    .map(Number);
  if (version === undefined) return false;
  const differing = FIRST_TO_SHOW.findIndex((part, index) => part !== version[index]);
  return differing === -1 || version[differing]! > FIRST_TO_SHOW[differing]!;
}

/** A comment on a struct, whatever it says; in assembly the second kind of places, which solc writes since 0.8.21. */
function isOfLaterCompiler(node: SyntaxNode): boolean {
  if (node.nodeType === "StructDefinition") return commentOf(node) !== "";
  return node.nodeType === "InlineAssembly" && nodeOf(node.AST)?.nativeSrc !== undefined;
}

function commentOf(node: SyntaxNode): string {
  return documentationText().safeParse(node.documentation).data ?? "";
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function malformed(where: string, why: string): SealpatchError {
  return new SealpatchError(
    "layout/malformed-annotation",
    `the storage location of ${where} cannot be read`,
    {
      details: { where },
      why,
      remedy: `write it as one line of the comment on the struct: \`${TAG} ${FORMULA}<id>\``,
    },
  );
}

function notShown(why: string, compiler: string | undefined): SealpatchError {
  return new SealpatchError(
    "layout/annotation-not-shown",
    "the syntax trees do not show whether structs have storage locations of their own",
    {
      details: { compiler: compiler ?? null },
      why: `${why}; solc below ${FIRST_TO_SHOW.join(".")} leaves comments on structs out of its syntax trees`,
      remedy:
        `compile with solc ${FIRST_TO_SHOW.join(".")} or later, or give the build-info file of the compilation, which names the ` +
        "compiler and holds the sources",
    },
  );
}
