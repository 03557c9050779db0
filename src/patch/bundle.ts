import { getAddress, getBytes, hexlify, isAddress } from "ethers";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { FIELD_ORDER } from "../field/index.js";
import { layoutToJson, parseLayout } from "../layout/index.js";
import { lazily } from "../lazily.js";
import { SOLC_VERSION, standardInputSchema } from "../solc/index.js";
import { parseVectorSet, vectorSetToJson } from "../vectors/index.js";
import { zod } from "../zod.js";

const hexBytes = lazily(() =>
  zod.codec(
    zod.string().regex(/^0x([0-9a-fA-F]{2})*$/),
    zod.custom<Uint8Array>((value) => value instanceof Uint8Array),
    {
      decode: (text) => getBytes(text),
      encode: (bytes) => hexlify(bytes),
    },
  ),
);
const address = lazily(() =>
  zod
    .string()
    .refine((text) => isAddress(text), { message: "expected an address", abort: true })
    .overwrite((text) => getAddress(text)),
);
const word = lazily(() => zod.string().regex(/^0x[0-9a-f]{64}$/, "expected 32 bytes as hex"));
const fieldElement = lazily(() =>
  zod.codec(zod.string().regex(/^(0|[1-9][0-9]{0,77})$/), zod.bigint(), {
    decode: (text) => BigInt(text),
    encode: (value) => value.toString(),
  }),
);
const layout = lazily(() =>
  zod.codec(zod.unknown(), zod.custom<ReturnType<typeof parseLayout>>(), {
    decode: (json) => parseLayout(json),
    encode: (value) => layoutToJson(value),
  }),
);
const vectorSet = lazily(() =>
  zod.codec(zod.unknown(), zod.custom<ReturnType<typeof parseVectorSet>>(), {
    decode: (json) => parseVectorSet(json),
    encode: (value) => vectorSetToJson(value),
  }),
);

/**
 * Everything that the commitment C hides, in the form from which anybody can rebuild it: sources and compiler settings
 * rather than bytecode.
 */
export const bundleSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.patch/1"),
    /** Fully qualified, `contracts/Vault.sol:Vault`. */
    contract: zod.string().regex(/^.+:[A-Za-z_$][\w$]*$/, "expected source:contract"),
    compiler: zod.strictObject({ version: zod.string(), input: standardInputSchema() }),
    /** Addresses of linked libraries, by fully qualified name. */
    libraries: zod.record(zod.string(), address()),
    /** ABI-encoded constructor arguments. */
    constructorArguments: hexBytes(),
    /** CREATE2 deployer: the timelock. */
    deployer: address(),
    deploySalt: word(),
    /** Calldata of the migration call; empty where there is none. */
    migration: hexBytes(),
    /** `msg.sender` of the migration call. */
    migrationCaller: address(),
    /** Layout of the implementation that is live now. */
    oldLayout: layout(),
    incidents: vectorSet(),
    /** Secret until disclosure. */
    salt: fieldElement().refine((salt) => salt < FIELD_ORDER, "expected a field element"),
  }),
);

/** A patch that is to be sealed, or was. Secret until disclosure. */
export type PatchBundle = z.output<ReturnType<typeof bundleSchema>>;

/** Reads a bundle's JSON. @throws SealpatchError `patch/malformed-bundle`, `patch/other-compiler`. */
export function parseBundle(json: unknown): PatchBundle {
  const result = bundleSchema().safeDecode(json as z.input<ReturnType<typeof bundleSchema>>);
  if (!result.success) throw malformed("patch/malformed-bundle", "patch bundle", result.error);
  const { version } = result.data.compiler;
  if (version !== SOLC_VERSION) {
    throw new SealpatchError("patch/other-compiler", `the patch was compiled with solc ${version}`, {
      details: { wanted: version, installed: SOLC_VERSION },
      why: "another compiler makes other bytes, and the commitment is to these",
      remedy: `install solc@${version} from npm`,
    });
  }
  return result.data;
}

/** The JSON form of a bundle: contains every secret of the patch. */
export function bundleToJson(bundle: PatchBundle): z.input<ReturnType<typeof bundleSchema>> {
  return zod.encode(bundleSchema(), bundle);
}

/** Names where the JSON is wrong, never what stands there: it may be secret. */
export function malformed(code: `patch/${string}`, what: string, error: z.core.$ZodError): SealpatchError {
  const [issue] = error.issues;
  return new SealpatchError(code, `this is no ${what}`, {
    why: `${issue?.path.join(".") || "the file"}: ${issue?.code ?? "invalid"}`,
    remedy: "give the file as it was made; do not edit it",
  });
}
