import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { env } from "node:process";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { parseToml } from "../toml.js";
import { zod } from "../zod.js";

/** What a prefix of imports stands for, in the sources whose path begins with the context. */
export interface Remapping {
  /** Absolute; the empty one is that of every source. */
  readonly context: string;
  readonly prefix: string;
  /** Path, or name of a package. */
  readonly target: string;
}

/**
 * Remappings by what stands before their `=`: `prefix` or `context:prefix`, as solc writes them.
 * @param root folder that contexts are relative to.
 */
export function remappingsOf(entries: Readonly<Record<string, string>>, root: string): Remapping[] {
  return Object.entries(entries).map(([key, target]) => {
    const colon = key.indexOf(":");
    const context = colon <= 0 ? "" : key.slice(0, colon);
    return {
      context: context === "" || isAbsolute(context) ? context : join(resolve(root), context),
      prefix: key.slice(colon + 1),
      target,
    };
  });
}

/**
 * The remappings of the nearest folder with a `foundry.toml` or a `remappings.txt`: those of the first come before those of the
 * second where both name one prefix.
 * @throws SealpatchError `code/unreadable-remappings`.
 */
export function nearestRemappings(directory: string): Remapping[] {
  const [toml, txt] = [join(directory, "foundry.toml"), join(directory, "remappings.txt")];
  if (!existsSync(toml) && !existsSync(txt)) {
    const parent = dirname(directory);
    return parent === directory ? [] : nearestRemappings(parent);
  }
  const lines = existsSync(txt) ? readFileSync(txt, "utf8").split("\n") : [];
  const written = [...lines.map((line) => line.trim()), ...foundryRemappings(toml)];
  const entries = written.flatMap((line) => {
    const equals = line.indexOf("=");
    return equals <= 0 ? [] : [[line.slice(0, equals), resolve(directory, line.slice(equals + 1))] as const];
  });
  return remappingsOf(Object.fromEntries(entries), directory);
}

const foundryToml = lazily(() =>
  zod.object({
    profile: zod
      .record(zod.string(), zod.object({ remappings: zod.array(zod.string()).optional() }))
      .optional(),
  }),
);

/** `remappings` of the profile that Foundry would take: `FOUNDRY_PROFILE`, else `default`, from which the others inherit. */
function foundryRemappings(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const { profile = {} } = parseFoundryToml(file);
  const named = env.FOUNDRY_PROFILE ? profile[env.FOUNDRY_PROFILE] : undefined;
  return named?.remappings ?? profile.default?.remappings ?? [];
}

function parseFoundryToml(file: string) {
  const unreadable = () =>
    new SealpatchError("code/unreadable-remappings", `the remappings of ${file} cannot be read`, {
      details: { file },
      why: "the file is no TOML, or they are no list of texts",
      remedy: "write them as Foundry's documentation does, or run `forge remappings > remappings.txt`",
    });
  const form = foundryToml().safeParse(parseToml(readFileSync(file, "utf8"), unreadable));
  if (!form.success) throw unreadable();
  return form.data;
}

/**
 * The remapping that solc would take for an import: of those whose context and prefix fit, the one with the longest context,
 * then the longest prefix, then the last.
 * @param importer absolute path of the source that imports.
 */
export function remappingFor(
  name: string,
  importer: string,
  remappings: readonly Remapping[],
): Remapping | undefined {
  const fitting = remappings.filter(
    ({ context, prefix }) => importer.startsWith(context) && name.startsWith(prefix),
  );
  return fitting.reduce<Remapping | undefined>((best, one) => {
    if (best === undefined || one.context.length !== best.context.length)
      return best === undefined || one.context.length > best.context.length ? one : best;
    return one.prefix.length >= best.prefix.length ? one : best;
  }, undefined);
}
