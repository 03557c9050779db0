import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import { nearestName } from "../nearest-name.js";
import { zod } from "../zod.js";
import type { Configuration } from "./configuration.js";
import { laneOf } from "./lookup.js";

type Path = readonly PropertyKey[];

/**
 * The error for what a schema refuses: a key that is unknown before all else, for where one is misspelt another is missing.
 * @param toml what the text says.
 */
export function faultOf(
  schema: z.ZodType,
  toml: unknown,
  issues: readonly z.core.$ZodIssue[],
): SealpatchError {
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown !== undefined)
    return unknownKey(unknown.keys[0]!, unknown.path, keysOf(at(schema, unknown.path)));
  const { path, message } = issues[0]!;
  const key = placeOf(path);
  if (valueAt(toml, path) === undefined) {
    return new SealpatchError("config/missing-key", `the configuration lacks ${key}`, {
      details: { key },
      why: "nothing is assumed where a decision of yours is needed",
      remedy: `add ${key}`,
    });
  }
  return new SealpatchError(
    "config/invalid-value",
    `the configuration has another value than it can at ${key}`,
    {
      details: { key },
      why: message,
      remedy: `correct ${key}`,
    },
  );
}

function unknownKey(key: string, path: Path, known: readonly string[]): SealpatchError {
  const nearest = nearestName(key, known);
  const written = quoted(key.slice(0, 40));
  const place = path.length === 0 ? "" : ` in ${placeOf(path)}`;
  return new SealpatchError(
    "config/unknown-key",
    `the configuration has a key ${written}${place}, which is none`,
    {
      details: { key: key.slice(0, 40), place: placeOf(path), nearest: nearest ?? null },
      why: "a key that nobody reads is a decision that nobody follows",
      remedy:
        nearest === undefined
          ? `the keys there are: ${known.join(", ")}`
          : `write ${nearest}, if that is meant`,
    },
  );
}

/** A place as the file writes it: `proxies.vault.checks[0].data`. */
function placeOf(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step).slice(0, 40)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** The schema of what stands at a place. */
function at(schema: z.core.$ZodType, [step, ...rest]: Path): z.core.$ZodType | undefined {
  if (schema instanceof zod.ZodOptional || schema instanceof zod.ZodDefault)
    return at(schema.def.innerType, step === undefined ? [] : [step, ...rest]);
  if (step === undefined) return schema;
  const inner =
    schema instanceof zod.ZodObject
      ? (schema.shape as Record<PropertyKey, z.core.$ZodType>)[step]
      : schema instanceof zod.ZodRecord
        ? schema.valueType
        : schema instanceof zod.ZodArray
          ? schema.element
          : undefined;
  return inner && at(inner, rest);
}

function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
  return schema instanceof zod.ZodObject ? Object.keys(schema.shape) : [];
}

/**
 * Checks what no part of a configuration shows by itself.
 * @throws SealpatchError `config/contradiction`.
 */
export function assertConsistent(configuration: Configuration): void {
  const { chains, policy, proxies, timelock } = configuration;
  if (policy.threshold > policy.auditors.length) {
    throw contradiction("policy.threshold", "it asks for more auditors than there are");
  }
  const window = timelock.delay[1] + timelock.grace[0];
  if (timelock.max_validity < window) {
    throw contradiction(
      "timelock.max_validity",
      `a patch with the longest delay could not be executed: that and the shortest grace take ${window} s`,
    );
  }
  const seen = new Map<string, string>();
  for (const [name, proxy] of Object.entries(proxies)) {
    const place = `proxies.${name}`;
    if (!Object.hasOwn(chains, proxy.chain)) {
      const nearest = nearestName(proxy.chain, Object.keys(chains));
      throw contradiction(
        `${place}.chain`,
        `there is no chain ${proxy.chain}${nearest ? `, only ${nearest}` : ""}`,
      );
    }
    for (const used of [`${proxy.address} on ${proxy.chain}`, `the policy file ${proxy.policy}`]) {
      const other = seen.get(used);
      if (other !== undefined) throw contradiction(place, `${other} has ${used} already`);
      seen.set(used, place);
    }
    for (const [term, seconds] of Object.entries(laneOf(configuration, name))) {
      const [least, most] = timelock[term as keyof Configuration["lane"]];
      if (seconds >= least && seconds <= most) continue;
      throw contradiction(
        `${place}, its ${term}`,
        `${seconds} s are not within timelock.${term}, ${least} to ${most} s`,
      );
    }
  }
}

function contradiction(key: string, why: string): SealpatchError {
  return new SealpatchError("config/contradiction", `the configuration contradicts itself at ${key}`, {
    details: { key },
    why,
    remedy: "change one of the two",
  });
}
