import { describe, expect, it } from "vitest";
import type { PageCheck, PageStatement } from "../../src/portal/model.js";
import type { ChosenFile, ShownPage } from "../../src/portal/page/shown.js";
import { moment } from "../../src/portal/page/times.js";
import {
  type Element_,
  h,
  link,
  type Shown,
  sentencesOf,
  textOf,
  value,
} from "../../src/portal/page/tree.js";
import { pageView } from "../../src/portal/page/view.js";
import { ACTIONS, CHAIN, check, DATA, executed, NOW, page, state, statement } from "./sample-page.js";

const shownOf = (change: Partial<ShownPage> = {}): Element_ => h("div", {}, pageView(page(change), ACTIONS));
const names = (shown: Shown) => sentencesOf(shown).map(({ name }) => name);
const of = (one: PageStatement, lane = {}) => shownOf({ state: state([one], lane) });

/** All elements of a tree. */
function elements(shown: Shown): Element_[] {
  return shown.kind === "element" ? [shown, ...shown.children.flatMap(elements)] : [];
}

const spoken = { guardian: `0x${"66".repeat(20)}`, reason: "bad\u202egniht<script>" };
const due = BigInt(NOW);

describe("each state has its sentence", () => {
  const cases: readonly (readonly [string, PageStatement, string])[] = [
    ["before the window", statement(), "scheduled"],
    ["within the window", statement({ eta: due - 1n }), "windowOpen"],
    [
      "after the window, before it is read again",
      statement({ eta: due - 9n, windowEnd: due - 1n }),
      "windowPast",
    ],
    ["vetoed", statement({ state: "vetoed", veto: spoken }), "vetoed"],
    ["expired", statement({ state: "expired" }), "expired"],
    [
      "superseded",
      statement({ state: "superseded" }, { turns: [{ name: "PolicySet", at: due }] }),
      "superseded",
    ],
    ["executed", executed({}), "executed"],
    ["waived", executed({ deadline: null }), "executedNotDue"],
    ["overdue", executed({ isOverdue: true, deadline: due - 5n }), "overdue"],
    ["disclosed", executed({}, "https://example.org/d.json"), "disclosed"],
    ["in the way: the lane", statement({ blockedBy: "halted" }), "blockedLane"],
    ["in the way: the group", statement({ blockedBy: "group-incomplete" }), "blockedGroup"],
    ["in the way for good: the group", statement({ blockedBy: "group-ended" }), "endedGroup"],
  ];
  it.each(cases)("%s", (_, one, sentence) => {
    const found = names(of(one));
    expect(found).toContain(sentence);
    const others = cases
      .map(([, , other]) => other)
      .filter((other) => !["blockedLane", "blockedGroup", "endedGroup"].includes(other));
    const shown = others.filter((other) => found.includes(other));
    expect(shown).toHaveLength(1);
  });

  it.each([
    ["StatementExecuted", "timelineExecutedOther"],
    ["PolicySet", "timelinePolicySet"],
    ["PolicyRemoved", "timelinePolicyRemoved"],
    ["BaselineSet", "timelineBaselineSet"],
    ["VerifierSet", "timelineVerifierSet"],
  ] as const)("superseded, by what: %s", (name, sentence) => {
    const halted = { name: "LaneHalted", at: due - 9n, guardian: spoken.guardian } as const;
    const shown = of(statement({ state: "superseded" }, { turns: [halted, { name, at: due }] }));
    // Above, and in the timeline.
    expect(names(shown).filter((one) => one === sentence)).toHaveLength(2);
    expect(names(shown).filter((one) => one === "timelineHalted")).toHaveLength(1);
  });

  it("a timeline has what others did, in the order of time", () => {
    const turns = [
      { name: "LaneHalted", at: due - 1800n, guardian: spoken.guardian },
      { name: "LaneResumed", at: due - 900n },
      { name: "UpgradeObserved", at: due - 600n },
      { name: "FreezeCleared", at: due + 100n },
    ] as const;
    const { report, ...change } = executed({ deadline: null });
    const timeline = elements(of(statement(report, { ...change, turns }))).find(
      ({ attributes }) => attributes.id === "timeline",
    )!;
    expect(names(timeline)).toEqual([
      ...["timelineHeading", "timelineScheduled", "timelineHalted", "timelineResumed", "timelineUpgraded"],
      ...["timelineExecuted", "timelineWaived", "timelineEarliest", "timelineEnd"],
    ]);
    expect(textOf(timeline)).toContain(`Every lane halted, by ${spoken.guardian}`);
  });

  it("a lane names each patch that is not disclosed, what is due first before the others", () => {
    const later = executed({ deadline: due + 7200n });
    const past = executed({ deadline: due - 60n, isOverdue: true });
    const rest = [executed({ deadline: null }), executed({}, "ipfs://x"), statement()];
    const lane = elements(shownOf({ state: state([later, ...rest, past]) })).find(
      ({ attributes }) => attributes.id === "lane",
    )!;
    const told = names(lane).filter((name) => /^lane(Pending|Past)$/.test(name));
    expect(told).toEqual(["lanePast", "lanePending"]);
    expect(textOf(lane)).toContain(`Patch 3 of Vault was executed at ${moment(due - 60n)} and is not`);
    expect(textOf(lane)).toContain(`That is due by ${moment(due + 7200n)}, in 2 hours;`);
  });

  it.each([
    ["open", "laneOpen"],
    ["halted", "laneHalted"],
    ["frozen", "laneFrozen"],
    ["no-policy", "laneNoPolicy"],
    ["no-baseline", "laneNoBaseline"],
    ["baseline-stale", "laneStale"],
    ["baseline-code-changed", "laneCodeChanged"],
  ] as const)("of the lane: %s", (status, sentence) => {
    const [proxy] = state([]).lane.proxies;
    expect(names(of(statement(), { proxies: [{ ...proxy, status }] }))).toContain(sentence);
  });

  it("a lane is said to be open where its proxy was seen to run the registered code, and silence is no yes", () => {
    const open = state([statement()]);
    const lane = (checks: readonly PageCheck[]) =>
      names(shownOf({ state: { ...open, checks } })).filter((name) => name.startsWith("laneOpen"));
    expect(lane(open.checks)).toEqual(["laneOpen"]);
    expect(lane([])).toEqual(["laneOpenOther"]);
    const { proxy } = open.lane.proxies[0]!;
    for (const outcome of ["fails", "not checked"] as const)
      expect(lane([check("baseline", { outcome, values: { proxy } })])).toEqual(["laneOpenOther"]);
    expect(lane([check("baseline", { values: { proxy: spoken.guardian } })])).toEqual(["laneOpenOther"]);
  });

  it("a statement says where its proxy runs other code, unless that closes the lane anyway", () => {
    const checks = [check("baseline", { outcome: "fails" })];
    expect(names(of(statement()))).not.toContain("otherCode");
    expect(names(of(statement({}, { checks })))).toContain("otherCode");
    expect(names(of(statement({ blockedBy: "baseline-stale" }, { checks })))).not.toContain("otherCode");
    expect(names(of(statement({ state: "expired" }, { checks })))).not.toContain("otherCode");
  });
});

describe("what is said of a proof", () => {
  const lead = (...outcomes: readonly (readonly [string, "holds" | "fails" | "not checked"])[]) =>
    names(of(statement({}, { checks: outcomes.map(([id, outcome]) => check(id, { outcome })) }))).filter(
      (name) => /^words(Proven|Claimed|False)$/.test(name),
    );

  it("is proven only where proof and signals hold, and silence is no yes", () => {
    expect(lead(["proof", "holds"], ["signals", "holds"])).toEqual(["wordsProven"]);
    expect(lead(["proof", "holds"])).toEqual(["wordsClaimed"]);
    expect(lead()).toEqual(["wordsClaimed"]);
    expect(lead(["proof", "not checked"], ["signals", "holds"])).toEqual(["wordsClaimed"]);
    expect(lead(["proof", "holds"], ["signals", "fails"])).toEqual(["wordsFalse"]);
    expect(lead(["proof", "fails"], ["signals", "holds"])).toEqual(["wordsFalse"]);
  });

  it("has the numbers of the statement, and beside it what it does not say", () => {
    const text = textOf(of(statement()));
    expect(text).toContain("At least 2 registered auditors signed");
    expect(text).toContain("passes but at most 1,");
    for (const limit of DATA.limits) expect(text).toContain(limit);
  });

  it("names auditors and vectors only where the roots of the lists are those of the statement", () => {
    const policies = [
      {
        ...{ proxies: [{ chain: "local", proxy: CHAIN.proxies.Vault! }], threshold: 2, maxWaivers: 1 },
        auditors: [{ label: "an auditor", publicKey: ["1", "2"] as const }],
        vectors: [{ label: "a vector", leaf: "3" }],
      },
    ];
    const other = shownOf({ data: { ...DATA, policies } });
    expect(names(other)).toContain("policyOther");
    expect(textOf(other)).not.toContain("an auditor");
    expect(names(other)).not.toContain("wordsResultsOf");
  });

  it("a key that proves nothing is a banner", () => {
    const banner = (keyClass: "development" | "test" | "production") =>
      names(shownOf({ data: { ...DATA, key: { ...DATA.key, keyClass } } })).filter((name) =>
        /Key$|Worthless$/.test(name),
      );
    expect(banner("development")).toEqual(["developmentKey", "wordsWorthless"]);
    expect(banner("test")).toEqual(["testKey", "wordsWorthless"]);
    expect(banner("production")).toEqual([]);
  });

  it("a check has its mark, values and command, and whose word it is", () => {
    const line = elements(of(statement())).find(({ attributes }) => attributes["data-check"] === "signals")!;
    expect(names(line)).toEqual(["outcomeHolds", "checkSignals", "basisNodes", "howTo"]);
    expect(textOf(line)).toContain("sealpatch verify signals");
    expect(line.attributes).toMatchObject({ "data-outcome": "holds", "data-basis": "nodes" });
  });
});

describe("what others wrote", () => {
  it("is text: what turns it around stands there by its number", () => {
    const text = textOf(of(statement({ state: "vetoed", veto: spoken })));
    expect(text).toContain("bad\\u{202e}gniht<script>");
    expect(text).not.toContain("\u202e");
  });

  it("is cut where it is long", () => {
    expect(value("x".repeat(100_000)).text.length).toBeLessThan(700);
  });

  it.each([
    ["https://example.org/a.json", true],
    ["ipfs://bafy/a.json", true],
    ["http://example.org/", false],
    ["javascript:alert(1)", false],
    ["data:text/html,x", false],
    ["https://exa\u202emple.org/", false],
    [" https://example.org/", false],
    [`https://example.org/${"x".repeat(700)}`, false],
  ])("%s is a link: %s", (uri, isLink) => {
    expect(elements(link(uri)).some(({ tag }) => tag === "a")).toBe(isLink);
  });

  it("no attribute runs anything", () => {
    const all = elements(of(executed({}, "javascript:alert(1)")));
    const attributes = all.flatMap((element) => Object.entries(element.attributes));
    expect(attributes.filter(([name]) => /^on|style|srcdoc|^src$/.test(name))).toEqual([]);
    const places = attributes.filter(([name]) => name === "href").map(([, href]) => String(href));
    expect(places.filter((href) => !/^(#|https:|ipfs:)/.test(href))).toEqual([]);
  });
});

describe("problems and choices", () => {
  it("a problem stands there in red with both answers, beside the state that was read before", () => {
    const problem = {
      code: "nodes-disagree",
      node: "a, b",
      values: { a: "0x1", b: "0x2" },
    } as const;
    const shown = shownOf({ problem });
    expect(names(shown)).toEqual(expect.arrayContaining(["problemDisagree", "stale"]));
    expect(textOf(shown)).toContain("0x1");
    expect(names(shownOf({ problem, state: undefined }))).toContain("nothingRead");
  });

  it("the way to the statement stands there where there is one", () => {
    expect(names(shownOf())).toContain("skip");
    for (const change of [{ state: undefined }, { state: state([]) }, { wanted: "6" }])
      expect(names(shownOf(change))).not.toContain("skip");
  });

  it("one node is said to be one", () => {
    expect(names(shownOf())).toContain("oneNode");
    const both = { ...state([statement()]), nodes: ["a", "b"] };
    expect(names(shownOf({ state: both }))).toContain("twoNodes");
  });

  it("clocks that differ by more than a minute are told", () => {
    expect(names(shownOf())).not.toContain("clockApart");
    expect(names(shownOf({ state: { ...state([statement()]), readAt: NOW + 600 } }))).toContain("clockApart");
  });

  it("the link names a statement by id or commitment, and what is not there is told", () => {
    for (const wanted of ["5", "0x5", statement().report.id])
      expect(names(shownOf({ wanted }))).toContain("scheduled");
    expect(names(shownOf({ wanted: "6" }))).toContain("unknownStatement");
    expect(names(shownOf({ wanted: "6" }))).not.toContain("scheduled");
    expect(names(shownOf({ chain: undefined, state: undefined }))).toContain("unknownChain");
  });

  it("a file is compared by hash", () => {
    const one = executed({}, "ipfs://x");
    const chosen = (found: ChosenFile["found"]) =>
      names(shownOf({ state: state([one]), file: { statement: one.report.id, found } })).filter((name) =>
        /^file(Same|Other|Too|Un)/.test(name),
      );
    expect(chosen({ hash: `0x${"ee".repeat(32)}` })).toEqual(["fileSame"]);
    expect(chosen({ hash: `0x${"ef".repeat(32)}` })).toEqual(["fileOther"]);
    expect(chosen("too-large")).toEqual(["fileTooLarge"]);
    expect(chosen("unreadable")).toEqual(["fileUnreadable"]);
  });

  it("guardians and calldata stand there while there is something to stop", () => {
    expect(textOf(of(statement()))).toContain("0xfeed");
    expect(names(of(statement({ state: "expired" })))).toContain("stopEnded");
    const nobody = { roles: { ...state([]).lane.roles, guardian: [] } };
    expect(names(of(statement(), nobody))).toContain("stopNobody");
  });
});
