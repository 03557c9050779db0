import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { layoutFromFile, layoutToFile } from "../layout/index.js";
import { lazily } from "../lazily.js";
import { SOLC_VERSION, standardInputSchema } from "../solc/index.js";
import { zod } from "../zod.js";
import { address, fieldElement, hexBytes, malformed, vectorSet, word } from "./fields.js";

const layout = lazily(() =>
  zod.codec(zod.unknown(), zod.custom<ReturnType<typeof layoutFromFile>>(), {
    decode: (json) => layoutFromFile(json),
    encode: (value) => layoutToFile(value),
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
    /** CREATE2 salt, public once the patch is executed; not the salt of the commitment. */
    deploySalt: word(),
    /** Calldata of the migration call; empty where there is none. */
    migration: hexBytes(),
    /** `msg.sender` of the migration call. */
    migrationCaller: address(),
    /** Layout of the implementation that is live now. */
    oldLayout: layout(),
    incidents: vectorSet(),
    /** Salt of the commitment, secret until disclosure. */
    salt: fieldElement(),
  }),
);

/**
 * A patch that is to be sealed, or was. Secret until disclosure. `newBundle` and `parseBundle` make them, and bring
 * addresses into their checksummed form.
 */
export type PatchBundle = z.output<ReturnType<typeof bundleSchema>>;

/** Reads a bundle's JSON. @throws SealpatchError `patch/malformed-bundle`, `patch/other-compiler`. */
export function parseBundle(json: unknown): PatchBundle {
  const result = bundleSchema().safeDecode(json as z.input<ReturnType<typeof bundleSchema>>);
  if (!result.success) throw malformed("patch/malformed-bundle", "patch bundle", result.error);
  const { version } = result.data.compiler;
  if (version !== SOLC_VERSION) {
    throw new SealpatchError("patch/other-compiler", `the patch was compiled with solc ${version}`, {
      details: { wanted: version, installed: SOLC_VERSION },
      why: "another compiler release makes other bytecode than the commitment opens to",
      remedy: `install solc@${version} from npm`,
    });
  }
  return result.data;
}

/**
 * The JSON form of a bundle: contains every secret of the patch.
 * @throws SealpatchError `patch/malformed-bundle`.
 */
export function bundleToJson(bundle: PatchBundle): z.input<ReturnType<typeof bundleSchema>> {
  const result = bundleSchema().safeEncode(bundle);
  if (!result.success) throw malformed("patch/malformed-bundle", "patch bundle", result.error);
  return result.data;
}
