import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SealpatchError } from "../errors.js";
import { parseToml } from "../toml.js";
import { refusalOf } from "../whole-file.js";
import { inOwnWords } from "../zod.js";
import { type Configuration, configurationSchema } from "./configuration.js";
import { readDeployments, withDeployments } from "./deployments.js";
import { assertConsistent, faultOf } from "./faults.js";

/** Name of the configuration's file. */
export const CONFIGURATION_FILE = "sealpatch.toml";
/** Largest configuration that is read, in bytes. */
const MAX_BYTES = 2 ** 20;

/** A configuration with the file that it stands in. */
export interface Project {
  readonly configuration: Configuration;
  readonly file: string;
  /** What paths of the configuration are relative to. */
  readonly folder: string;
}

/**
 * Reads a configuration, with what the record of deployments knows of its chains. Nothing of it is run: it is data, also in somebody
 * else's repository.
 * @throws SealpatchError `config/unreadable`, and as `parseConfiguration`, `readDeployments` and `withDeployments`.
 * @example
 * ```ts
 * const project = await readProject("sealpatch.toml");
 * console.log(Object.keys(project.configuration.proxies));
 * ```
 */
export async function readProject(file: string): Promise<Project> {
  let why = `it has more than ${MAX_BYTES} bytes`;
  try {
    if ((await stat(file)).size <= MAX_BYTES) {
      const configuration = parseConfiguration(await readFile(file, "utf8"));
      const folder = dirname(resolve(file));
      const deployments = await readDeployments(folder, configuration.project.deployments);
      return { configuration: withDeployments(configuration, deployments), file, folder };
    }
  } catch (error) {
    if (error instanceof SealpatchError) throw error;
    why = refusalOf(error);
  }
  throw new SealpatchError("config/unreadable", `the configuration ${file} cannot be read`, {
    details: { file },
    why,
    remedy: "check the path, and whether you may read the file",
  });
}

/**
 * Reads the text of a configuration.
 * @throws SealpatchError `config/not-toml`, `config/unknown-key`, `config/missing-key`, `config/invalid-value`,
 *   `config/contradiction` where two values do not go together.
 */
export function parseConfiguration(text: string): Configuration {
  const toml = parseToml(
    text,
    ({ line, column }) =>
      new SealpatchError("config/not-toml", `the configuration is not TOML in line ${line}`, {
        details: { line, column },
        why: `from column ${column} on it cannot be read`,
        remedy: "correct the line: texts stand between quotes, and each key once",
      }),
  );
  const result = configurationSchema().safeParse(toml, { error: inOwnWords });
  if (!result.success) throw faultOf(configurationSchema(), toml, result.error.issues);
  assertConsistent(result.data);
  return result.data;
}
