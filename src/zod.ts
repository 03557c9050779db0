import { createRequire } from "node:module";
import type { z } from "zod";
import { lazily } from "./lazily.js";

const load = lazily(() => (createRequire(import.meta.url)("zod") as { z: typeof z }).z);

/**
 * zod, loaded when the first schema is built: it takes as long as half of everything else together. Schemas are made by
 * `lazily`, so that this is when the first file or answer is read.
 */
export const zod: typeof z = new Proxy({} as typeof z, { get: (_, name) => Reflect.get(load(), name) });

/** What zod expects, as people call it. */
const EXPECTED: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a table",
  record: "a table",
  string: "a text",
};

/** Says what is wrong with a value where its schema does not, in place of zod's own text. Nothing of the value is repeated. */
export function inOwnWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "it is missing"
        : `it is not ${EXPECTED[issue.expected] ?? "what is expected"}`;
    case "invalid_value":
      return `it is none of: ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `it has to be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `it has to be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_format":
      return "it has another form";
    case "unrecognized_keys":
      return "it has a key that nobody reads";
    default:
      return "it is not as it has to be";
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}
