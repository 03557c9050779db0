import type { PageProblem } from "../model.js";
import { laneView } from "./lane-view.js";
import {
  type Actions,
  chainTime,
  chosenStatement,
  patchName,
  type ShownPage,
  THEMES,
  type Theme,
} from "./shown.js";
import { stateWord } from "./state-view.js";
import { statementView } from "./statement-view.js";
import { type SentenceName, say } from "./text.js";
import { count, duration, moment } from "./times.js";
import { type Attributes, code, type Element_, h, type Shown, value } from "./tree.js";

/** From which difference on both clocks are told, in seconds. */
const APART = 60;

/** The whole page. */
export function pageView(page: ShownPage, actions: Actions): Shown[] {
  const { data, state } = page;
  return [
    h("div", {}, [skipLink(page)]),
    h("header", {}, [
      h("h1", {}, [say("title", { protocol: data.protocol })]),
      h("p", {}, [say("what")]),
      keyBanner(data.key.keyClass),
      controls(page, actions),
    ]),
    h("main", readiness(page), [
      h("div", { role: "alert", "data-problem": page.problem?.code }, problemView(page)),
      ...(state === undefined
        ? [h("p", { role: "status" }, [say(page.problem === undefined ? "reading" : "nothingRead")])]
        : [...readingView(page), laneView(state, page.now), ...statementsView(page, actions)]),
    ]),
    h("footer", {}, [
      h("p", { class: "soft" }, [say("footer")]),
      h("p", { class: "soft" }, [say("pageCheckLead")]),
      h("pre", {}, [h("code", {}, [say("commandPage", { release: data.release })])]),
    ]),
  ];
}

/** Past lane and lists, where there is a statement to go to. */
function skipLink({ state, wanted }: ShownPage): Element_ | undefined {
  if (state === undefined || chosenStatement(state, wanted) === undefined) return undefined;
  return h("a", { class: "skip", href: "#statements" }, [say("skip")], {
    // The fragment of the address names chain and statement, and stays.
    click: (event) => {
      event.preventDefault();
      document.getElementById("statement-heading")?.focus();
    },
  });
}

/** For programs that look at the page. */
function readiness({ state, problem, chain }: ShownPage): Attributes {
  const ready = state !== undefined || problem !== undefined || chain === undefined;
  return { "data-ready": ready ? "yes" : "no", "data-block": state?.lane.block.number.toString() };
}

function keyBanner(keyClass: ShownPage["data"]["key"]["keyClass"]): Element_ | undefined {
  if (keyClass === "production") return undefined;
  return h("p", { class: "alarm", "data-key-class": keyClass }, [
    say(keyClass === "development" ? "developmentKey" : "testKey"),
  ]);
}

const THEME_WORDS: Readonly<Record<Theme, SentenceName>> = {
  auto: "themeAuto",
  light: "themeLight",
  dark: "themeDark",
};

function controls({ chain, data, nodes, theme }: ShownPage, actions: Actions): Element_ {
  const links = data.chains.map(({ name, chainId }) =>
    h("li", {}, [
      h("a", { href: `#${chainId}/`, ...(chainId === chain?.chainId ? { "aria-current": "page" } : {}) }, [
        say("chainHeading", { name, chainId }),
      ]),
    ]),
  );
  const boxes = (chain?.nodes ?? []).map((url) =>
    h("label", {}, [
      h("input", { type: "checkbox", checked: nodes.includes(url) }, [], {
        change: (event) => actions.chooseNode(url, (event.target as HTMLInputElement).checked),
      }),
      value(` ${new URL(url).host} `),
    ]),
  );
  return h("div", {}, [
    data.chains.length < 2
      ? undefined
      : h("nav", { "aria-label": say("chainLabel").text }, [h("ul", {}, links)]),
    h("div", { class: "controls" }, [
      h("fieldset", {}, [h("legend", {}, [say("nodesLabel")]), ...boxes]),
      h("label", {}, [
        say("themeLabel"),
        value(" "),
        h(
          "select",
          { id: "theme" },
          THEMES.map((each) =>
            h("option", { value: each, selected: each === theme }, [say(THEME_WORDS[each])]),
          ),
          { change: (event) => actions.chooseTheme((event.target as HTMLSelectElement).value as Theme) },
        ),
      ]),
      h("button", { type: "button" }, [say("readAgain")], { click: () => actions.read() }),
    ]),
  ]);
}

const PROBLEMS: Readonly<Record<PageProblem["code"], SentenceName>> = {
  unreachable: "problemUnreachable",
  "malformed-answer": "problemMalformed",
  "other-chain": "problemOtherChain",
  "no-timelock": "problemNoTimelock",
  "nodes-disagree": "problemDisagree",
  "missing-logs": "problemLogs",
  "moving-head": "problemMoving",
  refused: "problemRefused",
};

function problemView({ problem, state, chain }: ShownPage): Shown[] {
  if (chain === undefined) return [h("p", { class: "alarm" }, [say("unknownChain")])];
  if (problem === undefined) return [];
  const pairs = Object.entries(problem.values).flatMap(([name, text]) => [
    h("dt", {}, [value(name)]),
    h("dd", {}, [code(text)]),
  ]);
  return [
    h("section", { class: "problem" }, [
      h("h2", {}, [say("problemHeading")]),
      h("p", { class: "alarm" }, [say(PROBLEMS[problem.code], { node: problem.node })]),
      pairs.length === 0 ? undefined : h("dl", {}, pairs),
      state === undefined ? undefined : h("p", {}, [say("stale", { time: moment(state.readAt) })]),
    ]),
  ];
}

/** Where all of it comes from, and whose clock counts. */
function readingView({ state }: ShownPage): Shown[] {
  const { nodes, lane, readAt } = state!;
  const apart = Math.abs(readAt - Number(lane.block.timestamp));
  const names = nodes.join(", ");
  return [
    h("p", {}, [
      say("readFrom", { nodes: names, block: count(lane.block.number), time: moment(lane.block.timestamp) }),
    ]),
    h("p", {}, [nodes.length > 1 ? say("twoNodes", { nodes: names }) : say("oneNode", { node: names })]),
    ...(apart > APART
      ? [h("p", { class: "bad" }, [say("clockApart", { difference: duration(apart) })])]
      : []),
  ];
}

function statementsView(page: ShownPage, actions: Actions): Shown[] {
  const state = page.state!;
  const { chain, statements } = state;
  const chosen = chosenStatement(state, page.wanted);
  const time = chainTime(state, page.now);
  const lines = statements.map((statement) => {
    const { report, facts } = statement;
    const current = statement === chosen ? { "aria-current": "true" } : {};
    return h("li", {}, [
      h("a", { href: `#${chain.chainId}/${report.id}`, ...current }, [
        patchName(chain, report.proxy, facts.nonce),
      ]),
      value(": "),
      stateWord(statement, time),
    ]);
  });
  return [
    h("section", { id: "statements", "aria-labelledby": "statements-heading" }, [
      h("h2", { id: "statements-heading" }, [say("statementsHeading")]),
      lines.length === 0 ? h("p", {}, [say("noStatements")]) : h("ol", { class: "statements" }, lines),
      chosen === undefined && page.wanted !== ""
        ? h("p", { class: "bad" }, [say("unknownStatement")])
        : undefined,
      chosen === undefined ? undefined : statementView(chosen, state, page, actions),
    ]),
  ];
}
