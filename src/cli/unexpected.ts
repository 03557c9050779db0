import { env } from "node:process";
import { SealpatchError } from "../errors.js";

/** With this variable set, an error that was not foreseen says where in the code it arose. */
const DEBUG = "SEALPATCH_DEBUG";
/** Places that are shown, at most. */
const MAX_PLACES = 12;

/**
 * The error for what nobody foresaw. Nothing of what was thrown is repeated but its kind and where it arose: its text is a library's, and
 * may hold what the library was given.
 * @param command that was running; its arguments are nobody's business.
 */
export function unexpected(error: unknown, command: string): SealpatchError {
  const kind = nameIn((error as Error | undefined)?.name, /^[A-Z][A-Za-z]{1,40}$/);
  const cause = nameIn((error as NodeJS.ErrnoException | undefined)?.code, /^[A-Z][A-Z0-9_]{1,40}$/);
  const known = [kind, cause].filter((name) => name !== null).join(" ");
  const places = env[DEBUG] ? placesOf(error) : [];
  return new SealpatchError(
    "cli/unexpected",
    `\`sealpatch${command === "" ? "" : ` ${command}`}\` stopped at an error that was not foreseen`,
    {
      details: { command, kind, cause, ...(places.length > 0 ? { places: places.join(" ") } : {}) },
      why: [`cli/unexpected${known === "" ? "" : ` (${known})`}`, ...places].join("\n"),
      remedy:
        "report it as SECURITY.md of this package says, with this code, the command and the version, and without secrets; " +
        `${DEBUG}=1 adds where in the code it arose`,
    },
  );
}

/** A name that is one: whoever throws may put anything there. */
function nameIn(text: unknown, form: RegExp): string | null {
  return typeof text === "string" && form.test(text) ? text : null;
}

/** Files and lines of a stack, from the newest call on; neither the text above them nor the names of functions. */
function placesOf(error: unknown): string[] {
  const { stack, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof stack !== "string" || typeof message !== "string") return [];
  // A text may look like a stack: what stands below it counts, and nothing where it is not the text that was thrown.
  const calls = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : "";
  return [...calls.matchAll(PLACE)].slice(0, MAX_PLACES).map(([, place]) => place!);
}

/** A line of a stack: the file from the package or Node on, its line and its column. */
const PLACE = /^ +at .*?(?:\/(?:dist|node_modules)\/|\/(?=src\/)|(?=node:))([\w@./:+-]+:\d+:\d+)\)?$/gm;
