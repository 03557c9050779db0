import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { fieldElement } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow, hexBytes, word } from "../schemas.js";
import { standardInputSchema } from "../solc/index.js";
import { zod } from "../zod.js";
import { assertMigrationGas } from "./migration-gas.js";
import { layout, vectorSet } from "./parts.js";

/** One contract in the form from which anybody can compile it: sources and compiler settings rather than bytecode. */
const contractSource = lazily(() =>
  zod.strictObject({
    /** Fully qualified, `contracts/Vault.sol:Vault`. */
    contract: zod.string().regex(/^.+:[A-Za-z_$][\w$]*$/, "expected source:contract"),
    compiler: zod.strictObject({
      /** Release of solc, in a sealed bundle with its commit: `0.8.30+commit.73712a01`. */
      version: zod.string().regex(/^\d+\.\d+\.\d+(\+commit\.[0-9a-f]{8})?$/, "expected a release of solc"),
      input: standardInputSchema(),
    }),
  }),
);

/** A contract's name, and what a compiler makes it from. */
export type ContractSource = z.output<ReturnType<typeof contractSource>>;

/** The patch and the code that it replaces. The commitment C hides all of it save `current`, which the live code vouches for. */
const bundleSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.patch/3"),
    ...contractSource().shape,
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
    /**
     * Gas of the timelock's own call that upgrades with the migration; what arrives at the migration is less
     * (`arrivingGas`). 0 where there is no migration: then nothing limits that call.
     */
    migrationGas: decimalBelow(2n ** 64n),
    /** `msg.sender` of the migration call. */
    migrationCaller: address(),
    /** Source of the implementation that is live now: whoever rebuilds the patch compiles it, and holds it against the live code. */
    current: zod.strictObject({
      ...contractSource().shape,
      /**
       * Its layout as the patch that installed it has it (`layouts.new`); needed where that patch used the gap of a struct to its
       * end, which the source alone does not tell. The registered root shows whether it is the right one.
       */
      previous: layout().optional(),
    }),
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

const FORM: FormName = { code: "patch/malformed-bundle", what: "a patch bundle" };

/**
 * Reads a bundle.
 * @param file its JSON, or its text.
 * @throws SealpatchError `patch/malformed-bundle`, `patch/migration-gas`, and those of its layout and vectors. Whether its
 *   compiler is installed shows when it is rebuilt.
 */
export function parseBundle(file: unknown): PatchBundle {
  const bundle = parseDraft(file);
  const versions = [bundle, bundle.current].map(({ compiler }) => compiler.version);
  const bare = versions.find((version) => !version.includes("+"));
  if (bare === undefined) return bundle;
  throw new SealpatchError("patch/malformed-bundle", "the bundle names a compiler without the commit", {
    details: { compiler: bare },
    why: "a release alone does not say which build of solc makes the bytecode",
    remedy: "seal the patch again: sealing asks the compiler",
  });
}

/** The same of a bundle that may name its compiler by the release alone. */
export function parseDraft(file: unknown): PatchBundle {
  const bundle = parseForm(bundleSchema(), file, FORM);
  assertMigrationGas(bundle);
  return bundle;
}

/**
 * The JSON form of a bundle: contains every secret of the patch.
 * @throws SealpatchError `patch/malformed-bundle`.
 */
export function bundleToJson(bundle: PatchBundle): z.input<ReturnType<typeof bundleSchema>> {
  return formToJson(bundleSchema(), bundle, FORM);
}
