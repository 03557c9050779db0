import type * as z from "zod";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";

/** Syntax tree nodes that say what a type is made of, as solc's AST output gives them. */

const typeDescriptions = lazily(() => zod.object({ typeString: zod.string() }));

export const enumDefinition = lazily(() =>
  zod.object({
    nodeType: zod.literal("EnumDefinition"),
    canonicalName: zod.string(),
    members: zod.array(zod.object({ name: zod.string() })),
  }),
);

export const valueTypeDefinition = lazily(() =>
  zod.object({
    nodeType: zod.literal("UserDefinedValueTypeDefinition"),
    canonicalName: zod.string().optional(),
    name: zod.string(),
    underlyingType: zod.object({ typeDescriptions: typeDescriptions() }),
  }),
);

/** The nodes that name a type; `typeString` is the type's name as solc prints it in a storage layout. */
export type TypeName =
  | { nodeType: "ElementaryTypeName"; typeDescriptions: { typeString: string } }
  | { nodeType: "FunctionTypeName"; typeDescriptions: { typeString: string }; visibility: string }
  | {
      nodeType: "UserDefinedTypeName";
      typeDescriptions: { typeString: string };
      referencedDeclaration: number;
    }
  | { nodeType: "Mapping"; typeDescriptions: { typeString: string }; keyType: TypeName; valueType: TypeName }
  | { nodeType: "ArrayTypeName"; typeDescriptions: { typeString: string }; baseType: TypeName };

const typeName: () => z.ZodType<TypeName> = lazily(() =>
  zod.lazy(() =>
    zod.discriminatedUnion("nodeType", [
      zod.object({ nodeType: zod.literal("ElementaryTypeName"), typeDescriptions: typeDescriptions() }),
      zod.object({
        nodeType: zod.literal("FunctionTypeName"),
        typeDescriptions: typeDescriptions(),
        visibility: zod.string(),
      }),
      zod.object({
        nodeType: zod.literal("UserDefinedTypeName"),
        typeDescriptions: typeDescriptions(),
        referencedDeclaration: zod.int(),
      }),
      zod.object({
        nodeType: zod.literal("Mapping"),
        typeDescriptions: typeDescriptions(),
        keyType: typeName(),
        valueType: typeName(),
      }),
      zod.object({
        nodeType: zod.literal("ArrayTypeName"),
        typeDescriptions: typeDescriptions(),
        baseType: typeName(),
      }),
    ]),
  ),
);

/** NatSpec text of a declaration: a node of its own since solc 0.6, a string before; empty where there is none. */
export const documentationText = lazily(() =>
  zod
    .union([zod.string(), zod.object({ text: zod.string() })])
    .nullish()
    .transform((documentation) =>
      typeof documentation === "object" && documentation !== null
        ? documentation.text
        : (documentation ?? ""),
    ),
);

export const structDefinition = lazily(() =>
  zod.object({
    nodeType: zod.literal("StructDefinition"),
    id: zod.int(),
    name: zod.string(),
    canonicalName: zod.string(),
    members: zod.array(zod.object({ id: zod.int(), name: zod.string(), typeName: typeName() })),
    documentation: documentationText(),
  }),
);
export type StructDefinition = z.infer<ReturnType<typeof structDefinition>>;

/** Any declaration that a type can name. */
export const typeDefinition = lazily(() =>
  zod.discriminatedUnion("nodeType", [
    enumDefinition(),
    valueTypeDefinition(),
    structDefinition(),
    zod.object({ nodeType: zod.literal("ContractDefinition") }),
  ]),
);
