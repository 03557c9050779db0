import { createRequire } from "node:module";
import type { SealpatchError } from "./errors.js";

const require = createRequire(import.meta.url);

/** Where a text stops being TOML: line and column, both from 1. */
export interface TomlFault {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads TOML 1.0; its library is loaded with the first text.
 * @param refuse makes the error for a text that is none. The library's own words quote the text.
 */
export function parseToml(
  text: string,
  refuse: (fault: TomlFault) => SealpatchError,
): Record<string, unknown> {
  const { parse, TomlError } = require("smol-toml") as typeof import("smol-toml");
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw refuse({ line: error.line, column: error.column });
  }
}
