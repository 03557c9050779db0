import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type AuditorRegistration, parseAuditorRegistration } from "../audit/index.js";
import { SealpatchError } from "../errors.js";
import { type Layout, parseLayout } from "../layout/index.js";
import { refusalOf } from "../whole-file.js";
import { proxyNamed } from "./lookup.js";
import type { Project } from "./read.js";

/** The text of a file that the configuration names. @throws SealpatchError `config/unreadable-file`. */
export async function textOf({ folder }: Pick<Project, "folder">, file: string): Promise<string> {
  return readFile(resolve(folder, file), "utf8").catch((error: unknown) => {
    throw new SealpatchError(
      "config/unreadable-file",
      `${file}, which the configuration names, cannot be read`,
      {
        details: { file },
        why: refusalOf(error),
        remedy: "put it there, or correct its path",
      },
    );
  });
}

/**
 * The registrations of the auditors, in the order of the configuration.
 * @throws SealpatchError `config/unreadable-file`, and as `parseAuditorRegistration`.
 */
export async function readRegistrations(project: Project): Promise<AuditorRegistration[]> {
  const registrations: AuditorRegistration[] = [];
  for (const file of project.configuration.policy.auditors)
    registrations.push(parseAuditorRegistration(await textOf(project, file)));
  return registrations;
}

/**
 * The layout that the patch before left, where the source does not tell it (`current.previous` of a bundle); nothing where the configuration
 * names none.
 * @throws SealpatchError `config/unreadable-file`, and as `parseLayout`.
 */
export async function previousLayout(project: Project, name: string): Promise<{ previous?: Layout }> {
  const { previous_layout } = proxyNamed(project.configuration, name);
  return previous_layout === undefined
    ? {}
    : { previous: parseLayout(await textOf(project, previous_layout)) };
}
