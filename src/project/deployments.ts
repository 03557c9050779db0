import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { address, decimalBelow, word } from "../schemas.js";
import { codeOf, refusalOf, writeWhole } from "../whole-file.js";
import { zod } from "../zod.js";
import type { Configuration } from "./configuration.js";
import { name } from "./values.js";

/** Name of the file, beside the configuration, unless that names another. */
const DEPLOYMENTS_FILE = "deployments.json";

const contract = lazily(() =>
  zod.strictObject({
    address: address(),
    transaction: word(),
    block: zod.int().min(0),
    /** keccak256 of the code that is there. */
    codehash: word(),
    /** keccak256 of the data of its transaction: creation code, libraries and constructor arguments. */
    creationHash: word(),
  }),
);

const deployment = lazily(() =>
  zod.strictObject({
    chainId: decimalBelow(2n ** 256n),
    timelock: address(),
    /** In which the timelock was deployed: its logs begin there. */
    block: zod.int().min(0),
    /** Of the keys that the verifiers were made of, and what was proven of them then. */
    setupHash: word(),
    keyClass: zod.enum(["development", "test", "production"]),
    /** By name, the timelock among them. */
    contracts: zod.record(zod.string().regex(/^[A-Za-z_$][\w$]*$/), contract()),
  }),
);

const schema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.deployments/1"),
    /** By the name that the configuration gives to the chain. */
    chains: zod.record(name(), deployment()),
  }),
);

/** A timelock with its proof system, as it was deployed. */
export type Deployment = z.output<ReturnType<typeof deployment>>;
/** A contract of it. */
export type DeployedContract = z.output<ReturnType<typeof contract>>;
/** What was deployed, by the names of chains. */
export type Deployments = Readonly<Record<string, Deployment>>;

const FORM: FormName = { code: "config/malformed-deployments", what: "a record of deployments" };

/**
 * Reads a record of deployments (`sealpatch.deployments/1`).
 * @param file its JSON, or its text.
 * @throws SealpatchError `config/malformed-deployments`.
 */
export function parseDeployments(file: unknown): Deployments {
  return parseForm(schema(), file, FORM).chains;
}

/** The JSON form of a record of deployments. */
export function deploymentsToJson(chains: Deployments): z.input<ReturnType<typeof schema>> {
  return formToJson(schema(), { schema: "sealpatch.deployments/1", chains }, FORM);
}

/**
 * The record of a project; empty where it has none yet.
 * @param folder the project's.
 * @throws SealpatchError `config/malformed-deployments`, `config/unreadable`.
 */
export async function readDeployments(folder: string, file = DEPLOYMENTS_FILE): Promise<Deployments> {
  const path = resolve(folder, file);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new SealpatchError("config/unreadable", `the record of deployments ${file} cannot be read`, {
      details: { file: path },
      why: refusalOf(error),
      remedy: "check the path, and whether you may read the file",
    });
  });
  return text === undefined ? {} : parseDeployments(text);
}

/**
 * Writes the record of a project, whole or not at all.
 * @throws SealpatchError `config/unwritable-deployments`.
 */
export async function writeDeployments(
  folder: string,
  chains: Deployments,
  file = DEPLOYMENTS_FILE,
): Promise<void> {
  const path = resolve(folder, file);
  const text = `${JSON.stringify(deploymentsToJson(chains), null, 2)}\n`;
  await writeWhole(path, text, { mode: 0o644, replace: true }).catch((error: unknown) => {
    throw new SealpatchError("config/unwritable-deployments", `${file} cannot be written`, {
      details: { file: path },
      why: refusalOf(error),
      remedy: "make the folder writable, and run the same command again: nothing is deployed twice",
    });
  });
}

/**
 * The configuration with timelock and block of each chain filled in from the record, where it leaves them empty.
 * @throws SealpatchError `config/contradiction` where it has others.
 */
export function withDeployments(configuration: Configuration, deployments: Deployments): Configuration {
  const chains = Object.fromEntries(
    Object.entries(configuration.chains).map(([name, chain]) => {
      const deployed = Object.hasOwn(deployments, name) ? deployments[name] : undefined;
      if (deployed === undefined) return [name, chain];
      const recorded = { id: Number(deployed.chainId), timelock: deployed.timelock, block: deployed.block };
      for (const key of ["id", "timelock", "block"] as const)
        if (chain[key] !== undefined && chain[key] !== recorded[key])
          throw contradiction(name, key, `${chain[key]}`, `${recorded[key]}`);
      return [name, { ...chain, ...recorded }];
    }),
  );
  return { ...configuration, chains };
}

function contradiction(chain: string, key: string, configured: string, recorded: string): SealpatchError {
  const place = `chains.${chain}.${key}`;
  return new SealpatchError(
    "config/contradiction",
    `configuration and record of deployments differ at ${place}`,
    {
      details: { key: place, configured, recorded },
      why: `the configuration says ${configured}, and what was deployed from it is recorded with ${recorded}`,
      remedy: `take ${place} out of the configuration, or the chain out of the record of deployments`,
    },
  );
}
