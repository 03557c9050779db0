import { cwd } from "node:process";
import { CONFIGURATION_FILE, type Project, readProject } from "../project/index.js";
import { findUpwards } from "../solc/index.js";

/** What every command with a configuration takes. */
export interface ConfigurationOptions {
  readonly json?: boolean;
  readonly config?: string;
}

/**
 * The project whose configuration a command line names, else the nearest one.
 * @throws SealpatchError as `readProject`.
 */
export function projectOf({ config }: ConfigurationOptions): Promise<Project> {
  return readProject(config ?? findUpwards(cwd(), CONFIGURATION_FILE) ?? CONFIGURATION_FILE);
}

/** Whether there is a configuration, or one is named. */
export function hasConfiguration({ config }: ConfigurationOptions): boolean {
  return config !== undefined || findUpwards(cwd(), CONFIGURATION_FILE) !== undefined;
}

/** Names of the proxies that a command is for: those given, else all of the configuration. */
export function chosenProxies({ configuration }: Project, names: readonly string[]): readonly string[] {
  return names.length > 0 ? [...new Set(names)] : Object.keys(configuration.proxies);
}
