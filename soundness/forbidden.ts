import { argumentsAt, bindParameters, evaluateConstant, splitAtCommas } from "./constants.js";
import { SoundnessError } from "./errors.js";
import type { CircuitSources, LocatedDefinition } from "./sources.js";
import type { Statement } from "./syntax.js";
import { normalized, type Token } from "./tokens.js";

/** A pattern that weakens a circuit although it compiles. */
export interface ForbiddenPattern {
  readonly rule: "wide-decomposition" | "assert-on-signal";
  readonly file: string;
  readonly line: number;
  readonly template: string;
  readonly text: string;
}

/** 2^254 > r: from 254 bits on, a field element has a second decomposition, that of itself plus r. */
const TOO_WIDE = 254n;
const DECOMPOSITIONS: ReadonlySet<string> = new Set(["Num2Bits", "Num2BitsNeg"]);
/** circomlib's own use: it checks the bits against r (AliasCheck). */
const STRICT_DECOMPOSITION = "Num2Bits_strict";

const ASSIGNMENT = /^(=|\+=|-=|\*=|\/=|\\=|%=|\*\*=|<<=|>>=|&=|\|=|\^=|\+\+|--)$/;
const STEP = /^(\+\+|--)$/;
/** Far beyond any circuit here: only a template that instantiates itself without end has so many. */
const MAX_INSTANCES = 10_000;

/**
 * Decompositions of 254 or more bits that are not the strict one, in the circuits whose main components stand in the
 * sources. Widths are evaluated from main's arguments down; one that cannot be evaluated counts as too wide.
 */
export function findWideDecompositions(sources: CircuitSources): ForbiddenPattern[] {
  const found = new Map<Token, ForbiddenPattern>();
  const visited = new Set<string>();

  const instantiate = (template: LocatedDefinition, values: readonly (bigint | undefined)[]) => {
    const instance = `${template.name}(${values.join()})`;
    if (visited.has(instance)) return;
    if (visited.add(instance).size > MAX_INSTANCES) throw tooManyInstances(template);
    const constants = bindParameters(template, values);
    for (const { name, value } of onceAssigned(template)) {
      const known = evaluateConstant(value, constants, sources.definitions);
      if (known !== undefined) constants.set(name, known);
    }
    for (const { token, definition, given } of instances(template.body, sources)) {
      const inner = given.map((argument) => evaluateConstant(argument, constants, sources.definitions));
      const isWide = DECOMPOSITIONS.has(definition.name) && (inner[0] ?? TOO_WIDE) >= TOO_WIDE;
      if (isWide && template.name !== STRICT_DECOMPOSITION) {
        const text = `${definition.name}(${given.map(normalized).join(", ")})`;
        found.set(token, place("wide-decomposition", template, token, text));
      }
      instantiate(definition, inner);
    }
  };

  for (const { main } of sources.files) {
    for (const { definition, given } of instances(main ?? [], sources)) {
      instantiate(
        definition,
        given.map((argument) => evaluateConstant(argument, new Map(), sources.definitions)),
      );
    }
  }
  return [...found.values()];
}

/**
 * Asserts that depend on signals: they stop an honest prover and bind no other. Asserts on parameters are checked by
 * the compiler and stay.
 */
export function findSignalAsserts(sources: CircuitSources): ForbiddenPattern[] {
  return sources.usedTemplates.flatMap((template) => {
    const onSignals = signalDependentNames(template);
    return template.statements
      .filter(({ tokens }) => tokens[0]!.text === "assert" && mentions(tokens, onSignals))
      .map(({ tokens }) => place("assert-on-signal", template, tokens[0]!, normalized(tokens)));
  });
}

interface Instance {
  readonly token: Token;
  readonly definition: LocatedDefinition;
  readonly given: readonly (readonly Token[])[];
}

/** Where templates are instantiated: `T(arguments)`. */
function instances(tokens: readonly Token[], { definitions }: CircuitSources): Instance[] {
  return tokens.flatMap((token, at) => {
    const definition = token.kind === "word" ? definitions.get(token.text) : undefined;
    if (definition?.kind !== "template" || tokens[at + 1]?.text !== "(") return [];
    return [{ token, definition, given: argumentsAt(tokens, at + 1) }];
  });
}

/** Variables whose declaration is their only assignment: `var n = 2 ** depth`. */
function onceAssigned({ statements, body }: LocatedDefinition): { name: string; value: readonly Token[] }[] {
  const assignments = new Map<string, number>();
  for (const [at, { kind, text }] of body.entries()) {
    if (kind !== "word") continue;
    const isAssigned = ASSIGNMENT.test(body[at + 1]?.text ?? "") || STEP.test(body[at - 1]?.text ?? "");
    if (isAssigned) assignments.set(text, (assignments.get(text) ?? 0) + 1);
  }
  return statements.flatMap(({ tokens }) => {
    const name = tokens[1]?.text ?? "";
    const isDeclaration = tokens[0]!.text === "var" && tokens[2]?.text === "=";
    return isDeclaration && assignments.get(name) === 1 ? [{ name, value: tokens.slice(3) }] : [];
  });
}

/** Signals, components, and the variables that are computed from them. */
function signalDependentNames({ statements }: LocatedDefinition): Set<string> {
  const names = new Set(
    statements.filter(({ tokens }) => /^(signal|component)$/.test(tokens[0]!.text)).flatMap(declaredNames),
  );
  for (let before = -1; before < names.size; ) {
    before = names.size;
    for (const { tokens } of statements) {
      const at = tokens.findIndex(({ text }) => ASSIGNMENT.test(text));
      if (at < 0 || !mentions(tokens.slice(at), names)) continue;
      names.add(tokens.find(({ kind, text }) => kind === "word" && text !== "var")!.text);
    }
  }
  return names;
}

/** The names that `signal input {tag} a, b[n]` or `component c = T()` declares. */
function declaredNames({ tokens }: Statement): string[] {
  return splitAtCommas(tokens.slice(1)).flatMap((part) => {
    const behindTags = part.slice(part.findIndex(({ text }) => text === "}") + 1);
    const isName = ({ kind, text }: Token) => kind === "word" && text !== "input" && text !== "output";
    return behindTags.find(isName)?.text ?? [];
  });
}

function mentions(tokens: readonly Token[], names: ReadonlySet<string>): boolean {
  return tokens.some(({ kind, text }) => kind === "word" && names.has(text));
}

function place(
  rule: ForbiddenPattern["rule"],
  template: LocatedDefinition,
  token: Token,
  text: string,
): ForbiddenPattern {
  return { rule, file: template.file.name, line: token.line, template: template.name, text };
}

function tooManyInstances(template: LocatedDefinition): SoundnessError {
  return new SoundnessError(
    "soundness/too-many-instances",
    `${template.name} has too many instances to visit`,
    {
      details: { template: template.name, file: template.file.name },
      why: "the template instantiates itself with ever new arguments",
      remedy: "write it as a loop",
    },
  );
}
