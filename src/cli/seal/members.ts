import { usageError } from "../options.js";

/** Options of `seal`, as commander gives them. */
export interface SealCommandOptions {
  readonly json?: boolean;
  readonly out: string;
  readonly proxy?: readonly string[];
  readonly contract?: string;
  readonly incidents?: readonly string[];
  readonly current?: readonly string[];
  readonly migration?: readonly string[];
  readonly migrationGas?: readonly string[];
  readonly constructorArgs?: readonly string[];
  readonly library?: readonly string[];
  readonly to?: readonly string[];
  readonly validFor?: string;
  readonly group?: boolean;
  readonly again?: string;
  readonly keystore?: string;
  readonly passphraseFile?: string;
  readonly solc?: readonly string[];
  readonly config?: string;
}

/** What the command line says of one patch. */
export interface MemberOptions {
  /** Name of the proxy in the configuration. */
  readonly proxy: string;
  readonly contract: string;
  readonly incidents: string;
  readonly current?: string;
  readonly migration?: string;
  readonly migrationGas?: string;
  readonly constructorArgs?: string;
  /** `src/Lib.sol:Lib=0x..` */
  readonly libraries: readonly string[];
}

const ONCE = ["incidents", "current", "migration", "migrationGas", "constructorArgs"] as const;

/**
 * The patches of a command line: one, or with `--group` several, whose options name the proxy that they are for.
 * @throws SealpatchError `cli/usage`.
 */
export function membersOf(options: SealCommandOptions): MemberOptions[] {
  const { group, proxy = [], contract } = options;
  if (!group) {
    if (proxy.length !== 1)
      throw usageError("one patch is for one proxy", "name it with --proxy, or add --group");
    if (contract === undefined)
      throw usageError("the patch is not named", "name its contract with --contract");
    return [memberOf(proxy[0]!, contract, options, (values) => values)];
  }
  if (contract !== undefined)
    throw usageError("with --group no --contract is taken", "give --proxy NAME=CONTRACT for each");
  const named = proxy.map((text) => splitName("--proxy", text));
  const names = named.map(([name]) => name);
  if (names.length < 2)
    throw usageError("a group has at least two patches", "give --proxy NAME=CONTRACT for each");
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw usageError(`two patches of the group are for ${repeated}`, "put both fixes into one patch");
  for (const option of [...ONCE, "library"] as const) {
    const stranger = (options[option] ?? []).find(
      (text) => !names.includes(splitName(dashed(option), text)[0]),
    );
    if (stranger !== undefined)
      throw usageError(`${dashed(option)} is for no proxy of the group`, `choose of: ${names.join(", ")}`);
  }
  return named.map(([name, source]) =>
    memberOf(name, source, options, (values, option) =>
      values.map((text) => splitName(option, text)).flatMap(([of, value]) => (of === name ? [value] : [])),
    ),
  );
}

function memberOf(
  proxy: string,
  contract: string,
  options: SealCommandOptions,
  own: (values: readonly string[], option: string) => readonly string[],
): MemberOptions {
  const once = ONCE.flatMap((option) => {
    const [value, second] = own(options[option] ?? [], dashed(option));
    if (second !== undefined) throw usageError(`${dashed(option)} stands twice for ${proxy}`, "give it once");
    return value === undefined ? [] : [[option, value] as const];
  });
  const given: Partial<Record<(typeof ONCE)[number], string>> = Object.fromEntries(once);
  const { incidents, migration, migrationGas } = given;
  if (incidents === undefined)
    throw usageError(`there are no incident vectors for ${proxy}`, "name their file with --incidents");
  if ((migration === undefined) !== (migrationGas === undefined))
    throw usageError(
      "a migration call needs its gas",
      "give both or none of --migration and --migration-gas",
    );
  return { proxy, contract, ...given, incidents, libraries: own(options.library ?? [], "--library") };
}

function splitName(option: string, text: string): [name: string, value: string] {
  const split = text.indexOf("=");
  if (split > 0 && split < text.length - 1) return [text.slice(0, split), text.slice(split + 1)];
  throw usageError(`${option} does not say for which proxy it is`, `with --group give ${option} NAME=VALUE`);
}

function dashed(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
