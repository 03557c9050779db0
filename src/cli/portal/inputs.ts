import { type BuiltPortal, buildPortal } from "../../portal/build.js";
import { type ConfigurationOptions, projectOf } from "../configuration.js";
import { readInputText } from "../input-file.js";
import { type KeyOptions, openChosenKeys } from "../keys/chosen.js";
import { refusesKeys } from "../keys/refused.js";

/** What both commands take. */
export interface PortalOptions extends ConfigurationOptions, KeyOptions {
  readonly policy?: readonly string[];
  readonly chain?: readonly string[];
  readonly node?: readonly string[];
  readonly name?: string;
}

/**
 * The page that the options name; undefined where their keys are refused.
 * @throws SealpatchError as `projectOf`, `openChosenKeys`, `readInputText` and `buildPortal`.
 */
export async function builtPortal(options: PortalOptions): Promise<BuiltPortal | undefined> {
  const project = await projectOf(options);
  const policies = await Promise.all(
    (options.policy ?? []).map(async (file) => ({ file, text: await readInputText(file) })),
  );
  const { name, chain: chains, node: nodes } = options;
  const keys = await openChosenKeys(options);
  if (refusesKeys(keys, options)) return undefined;
  return buildPortal(project, keys.manifest, { name, chains, nodes, policies });
}
