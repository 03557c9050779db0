import type { PageCheck } from "../model.js";
import type { SentenceName } from "./text.js";
import { say } from "./text.js";
import { code, type Element_, h, value } from "./tree.js";

/** The sentence that names a check. */
const LABELS: Readonly<Record<string, SentenceName>> = {
  proof: "checkProof",
  signals: "checkSignals",
  verifier: "checkVerifier",
  "setup-hash": "checkSetup",
  "key-class": "checkKeyClass",
  baseline: "checkBaseline",
  roles: "checkRoles",
  code: "checkCode",
  commitment: "checkCommitment",
  file: "checkFile",
};

const OUTCOMES = {
  holds: { mark: "✓", style: "good", sentence: "outcomeHolds" },
  fails: { mark: "✗", style: "bad", sentence: "outcomeFails" },
  "not checked": { mark: "?", style: "open", sentence: "outcomeUnknown" },
} as const;

/** Lines of checks, each with its mark, values and command. */
export function checkList(checks: readonly PageCheck[], nodes: readonly string[]): Element_ {
  return h(
    "ul",
    { class: "checks" },
    checks.map((check) => checkLine(check, nodes)),
  );
}

function checkLine({ id, outcome, basis, values, command }: PageCheck, nodes: readonly string[]): Element_ {
  const { mark, style, sentence } = OUTCOMES[outcome];
  const label = Object.hasOwn(LABELS, id) ? say(LABELS[id]!) : say("checkOther", { id });
  const from = basis === "here" ? say("basisHere") : say("basisNodes", { nodes: nodes.join(", ") });
  const pairs = Object.entries(values).flatMap(([name, text]) => [
    h("dt", {}, [value(name)]),
    h("dd", {}, [code(text)]),
  ]);
  return h("li", { class: "check", "data-check": id, "data-outcome": outcome, "data-basis": basis }, [
    h("span", { class: style }, [h("span", { "aria-hidden": "true" }, [value(`${mark} `)]), say(sentence)]),
    value(": "),
    label,
    value(" "),
    h("span", { class: "soft" }, [value("("), from, value(")")]),
    pairs.length === 0 ? undefined : h("dl", {}, pairs),
    command === ""
      ? undefined
      : h("details", {}, [h("summary", {}, [say("howTo")]), h("pre", {}, [code(command)])]),
  ]);
}
