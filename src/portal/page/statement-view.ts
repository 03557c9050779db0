import { keysOption } from "../commands.js";
import type { PageState, PageStatement, PortalData } from "../model.js";
import { checkList } from "./check-view.js";
import {
  type Actions,
  type ChosenFile,
  chainTime,
  LARGEST_FILE,
  patchName,
  type ShownPage,
} from "./shown.js";
import { stateView, stateWord, turnSentence } from "./state-view.js";
import { type SentenceName, say } from "./text.js";
import { count, moment } from "./times.js";
import { code, type Element_, h, link, type Sentence, type Shown, value } from "./tree.js";
import { wordsView } from "./words-view.js";

/** Everything about one statement. */
export function statementView(
  statement: PageStatement,
  state: PageState,
  page: Pick<ShownPage, "now" | "file" | "copied"> & { readonly data: PortalData },
  actions: Actions,
): Element_ {
  const { report, checks, facts } = statement;
  const { timelock, fromBlock } = state.chain;
  const all = say("commandStatement", {
    ...{ release: page.data.release, id: report.id, timelock, fromBlock: String(fromBlock) },
    keys: keysOption(page.data.key),
  });
  return h(
    "article",
    {
      id: `statement-${report.id}`,
      "aria-labelledby": "statement-heading",
      "data-statement": report.id,
      "data-state": report.state,
    },
    [
      h("h3", { id: "statement-heading", tabindex: "-1" }, [
        patchName(state.chain, report.proxy, facts.nonce),
        value(": "),
        stateWord(statement, chainTime(state, page.now)),
      ]),
      ...stateView(statement, state, page.now),
      wordsView(statement, state, page.data),
      part("checks", "checksHeading", [
        checkList(checks, state.nodes),
        h("p", {}, [say("allAtOnce")]),
        h("pre", {}, [h("code", {}, [all])]),
      ]),
      afterView(statement, state, page, actions),
      stopView(statement, state, page, actions),
      timelineView(statement),
      linkView(statement, state, page, actions),
    ],
  );
}

function part(id: string, heading: SentenceName, children: readonly (Shown | undefined)[]): Element_ {
  return h("section", { id, "aria-labelledby": `${id}-heading` }, [
    h("h4", { id: `${id}-heading` }, [say(heading)]),
    ...children,
  ]);
}

function afterView(
  { report, facts, steps }: PageStatement,
  { chain }: PageState,
  { file, data }: Pick<ShownPage, "file"> & { readonly data: PortalData },
  { chooseFile }: Actions,
): Element_ | undefined {
  if (steps.executed === undefined || facts.executed === undefined) return undefined;
  const publications = steps.disclosed.flatMap(({ at, bundleHash, uri }) => [
    h("p", {}, [say("afterPublished", { time: moment(at) })]),
    h("p", {}, [say("afterHash", { hash: bundleHash })]),
    h("p", {}, [say("afterPlace"), value(" "), link(uri)]),
  ]);
  const chosen = file?.statement === report.id ? file : undefined;
  const published = steps.disclosed.map(({ bundleHash }) => bundleHash.toLowerCase());
  const choose = (list: FileList | null | undefined) => {
    const picked = list?.[0];
    if (picked !== undefined) chooseFile(report.id, picked);
  };
  const onDrop = {
    dragover: (event: Event) => event.preventDefault(),
    drop: (event: Event) => {
      event.preventDefault();
      choose((event as DragEvent).dataTransfer?.files);
    },
  };
  return part("after", "afterHeading", [
    h("p", {}, [say("afterExecuted", { time: moment(steps.executed.at) })]),
    h("p", {}, [say("afterCode", { codehash: facts.executed.codehash })]),
    ...publications,
    ...(publications.length === 0
      ? []
      : [
          h("p", {}, [say("afterCommand")]),
          h("pre", {}, [
            h("code", {}, [say("commandFile", { release: data.release, timelock: chain.timelock })]),
          ]),
          h(
            "div",
            { class: "drop" },
            [
              h("label", { for: "file" }, [say("fileLabel")]),
              h("input", { type: "file", id: "file" }, [], {
                change: (event) => choose((event.target as HTMLInputElement).files),
              }),
              h("p", { role: "status" }, [
                chosen === undefined ? undefined : fileSentence(chosen, published),
              ]),
            ],
            onDrop,
          ),
        ]),
  ]);
}

/** Whether a file that a reader chose is one of those that were published. */
function fileSentence({ found }: ChosenFile, published: readonly string[]): Sentence {
  if (found === "unreadable") return say("fileUnreadable");
  if (found === "too-large") return say("fileTooLarge", { most: count(LARGEST_FILE) });
  return say(published.includes(found.hash) ? "fileSame" : "fileOther", { hash: found.hash });
}

function stopView(
  { report }: PageStatement,
  { lane, chain }: PageState,
  { copied }: Pick<ShownPage, "copied">,
  actions: Actions,
): Element_ {
  if (report.state !== "scheduled") return part("stop", "stopHeading", [h("p", {}, [say("stopEnded")])]);
  const { guardian } = lane.roles;
  const data = actions.vetoData(report.commitment);
  return part("stop", "stopHeading", [
    h("p", {}, [say("stopWhat")]),
    h("p", {}, [say(guardian.length === 0 ? "stopNobody" : "stopWho")]),
    h(
      "ul",
      {},
      guardian.map((account) => h("li", {}, [code(account)])),
    ),
    h("p", {}, [say("stopSend", { timelock: chain.timelock })]),
    h("pre", { id: "veto-data" }, [code(data)]),
    copyButton(data, "veto", copied, actions),
  ]);
}

function timelineView({ report, steps, vetoed, turns }: PageStatement): Element_ {
  const line = (at: bigint, sentence: Shown): [bigint, Shown] => [at, sentence];
  const lines = [
    line(steps.scheduled.at, say("timelineScheduled", { sender: steps.scheduled.sender })),
    line(report.eta, say("timelineEarliest")),
    line(report.windowEnd, say("timelineEnd")),
    ...(steps.executed === undefined
      ? []
      : [line(steps.executed.at, say("timelineExecuted", { sender: steps.executed.sender }))]),
    ...(vetoed === undefined ? [] : [line(vetoed.at, say("timelineVetoed", { sender: vetoed.sender }))]),
    ...(report.state === "executed" && report.deadline !== null
      ? [line(report.deadline, say("timelineDue"))]
      : []),
    ...steps.disclosed.map(({ at, sender }) => line(at, say("timelineDisclosed", { sender }))),
    ...turns.map((turn) => line(turn.at, turnSentence(turn))),
  ].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return part("timeline", "timelineHeading", [
    h(
      "ol",
      {},
      lines.map(([at, sentence]) => h("li", {}, [value(`${moment(at)}: `), sentence])),
    ),
  ]);
}

function linkView(
  { report }: PageStatement,
  { chain }: PageState,
  { copied }: Pick<ShownPage, "copied">,
  actions: Actions,
): Element_ {
  const hash = `#${chain.chainId}/${report.id}`;
  return part("link", "linkHeading", [
    h("p", {}, [h("a", { href: hash }, [code(hash)])]),
    copyButton(hash, "link", copied, actions),
  ]);
}

function copyButton(text: string, key: string, copied: string | undefined, { copy }: Actions): Element_ {
  return h("p", { role: "status" }, [
    h("button", { type: "button", "aria-describedby": `${key}-copied` }, [say("copy")], {
      click: () => copy(text, key),
    }),
    h("span", { id: `${key}-copied` }, copied === key ? [value(" "), say("copied")] : []),
  ]);
}
