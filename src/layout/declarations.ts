import * as z from "zod";

/** Syntax tree nodes that say what a type is made of, as solc's AST output gives them. */

const typeDescriptions = z.object({ typeString: z.string() });

export const enumDefinition = z.object({
  nodeType: z.literal("EnumDefinition"),
  canonicalName: z.string(),
  members: z.array(z.object({ name: z.string() })),
});

export const valueTypeDefinition = z.object({
  nodeType: z.literal("UserDefinedValueTypeDefinition"),
  canonicalName: z.string().optional(),
  name: z.string(),
  underlyingType: z.object({ typeDescriptions }),
});

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

const typeName: z.ZodType<TypeName> = z.lazy(() =>
  z.discriminatedUnion("nodeType", [
    z.object({ nodeType: z.literal("ElementaryTypeName"), typeDescriptions }),
    z.object({ nodeType: z.literal("FunctionTypeName"), typeDescriptions, visibility: z.string() }),
    z.object({
      nodeType: z.literal("UserDefinedTypeName"),
      typeDescriptions,
      referencedDeclaration: z.int(),
    }),
    z.object({
      nodeType: z.literal("Mapping"),
      typeDescriptions,
      keyType: typeName,
      valueType: typeName,
    }),
    z.object({ nodeType: z.literal("ArrayTypeName"), typeDescriptions, baseType: typeName }),
  ]),
);

/** NatSpec text of a declaration: a node of its own since solc 0.6, a string before; empty where there is none. */
export const documentationText = z
  .union([z.string(), z.object({ text: z.string() })])
  .nullish()
  .transform((documentation) =>
    typeof documentation === "object" && documentation !== null ? documentation.text : (documentation ?? ""),
  );

export const structDefinition = z.object({
  nodeType: z.literal("StructDefinition"),
  id: z.int(),
  name: z.string(),
  canonicalName: z.string(),
  members: z.array(z.object({ name: z.string(), typeName })),
  documentation: documentationText,
});
export type StructDefinition = z.infer<typeof structDefinition>;

/** Any declaration that a type can name. */
export const typeDefinition = z.discriminatedUnion("nodeType", [
  enumDefinition,
  valueTypeDefinition,
  structDefinition,
  z.object({ nodeType: z.literal("ContractDefinition") }),
]);
