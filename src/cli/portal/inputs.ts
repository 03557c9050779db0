import { type BuiltPortal, buildPortal } from "../../portal/build.js";
import { type ConfigurationOptions, projectOf } from "../configuration.js";
import { readInputText } from "../input-file.js";
import { chosenKeys } from "../keys/chosen.js";

/** What both commands take. */
export interface PortalOptions extends ConfigurationOptions {
  readonly policy?: readonly string[];
  readonly chain?: readonly string[];
  readonly node?: readonly string[];
  readonly name?: string;
  readonly keys?: string;
  readonly ptau?: string;
}

/** The page that the options name. @throws SealpatchError as `projectOf`, `chosenKeys`, `readInputText` and `buildPortal`. */
export async function builtPortal(options: PortalOptions): Promise<BuiltPortal> {
  const project = await projectOf(options);
  const policies = await Promise.all(
    (options.policy ?? []).map(async (file) => ({ file, text: await readInputText(file) })),
  );
  const { name, chain: chains, node: nodes } = options;
  return buildPortal(project, await chosenKeys(options), { name, chains, nodes, policies });
}
