import type { z } from "zod";
import type { ErrorCode } from "./error-codes/index.js";
import { SealpatchError } from "./errors.js";
import { zod } from "./zod.js";

/** How an error names a file form that is not one: its code, and what it should have been. */
export interface FormName {
  readonly code: ErrorCode;
  /** With its article: `a target`. */
  readonly what: string;
}

/**
 * What a file says: the JSON that was parsed of it, or parsed here where its text is given. No file form is a bare
 * string, so a string is always a text.
 * @throws SealpatchError with the form's code, also where a text has one key twice. It never quotes the text, which may
 *   be secret.
 */
export function jsonOf(file: unknown, form: FormName): unknown {
  if (typeof file !== "string") return file;
  let json: unknown;
  try {
    json = JSON.parse(file);
  } catch {
    throw malformed(form, "the text is not JSON");
  }
  if (repeatsKey(file)) throw malformed(form, "a key stands twice in it");
  return json;
}

/** Whether an object of a JSON text has a key twice: `JSON.parse` takes the last one, other readers the first. */
function repeatsKey(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(token.slice(0, -colon.length));
      const keys = open.at(-1)!;
      if (keys.has(key)) return true;
      keys.add(key);
    }
  }
  return false;
}

/**
 * Reads a file by its schema.
 * @param file parsed JSON, or the file's text.
 * @throws SealpatchError with the form's code. It names the place of the first fault, never what stands there.
 */
export function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  file: unknown,
  form: FormName,
): z.output<Schema> {
  const result = zod.safeDecode(schema, jsonOf(file, form) as z.input<Schema>);
  if (result.success) return result.data;
  throw malformed(form, faultOf(result.error));
}

/**
 * The JSON form of a value: the inverse of `parseForm`.
 * @throws SealpatchError with the form's code where the value breaks the bounds of the form.
 */
export function formToJson<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  form: FormName,
): z.input<Schema> {
  const result = zod.safeEncode(schema, value);
  if (result.success) return result.data;
  throw malformed(form, faultOf(result.error));
}

function faultOf({ issues: [issue] }: z.core.$ZodError): string {
  return `${issue?.path.join(".") || "the file"}: ${issue?.code ?? "invalid"}`;
}

function malformed({ code, what }: FormName, why: string): SealpatchError {
  return new SealpatchError(code, `this is not ${what}`, {
    why,
    remedy: "give the file as it was made; do not edit it",
  });
}
