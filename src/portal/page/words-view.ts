import type { PageState, PageStatement, PortalData, PortalPolicy } from "../model.js";
import { memberRoots } from "../openings.js";
import { say } from "./text.js";
import { count, moment } from "./times.js";
import { h, type Sentence, type Shown, value } from "./tree.js";

/**
 * What the proof of a statement says, with its numbers and no more, and beside it, equally large, what it does not say. How many auditors
 * there are and who they are, a policy tells whose roots are those of the statement.
 */
export function wordsView(
  statement: PageStatement,
  state: PageState,
  { policies, limits, key }: PortalData,
): Shown {
  const { facts, report } = statement;
  const { signals, ground } = facts;
  const policy = policies.find(({ proxies }) =>
    proxies.some(
      ({ chain, proxy }) => chain === state.chain.name && proxy.toLowerCase() === report.proxy.toLowerCase(),
    ),
  );
  const rootsHold = policy !== undefined && hasRoots(policy, signals);
  const [k, waived] = [count(BigInt(signals.threshold)), count(BigInt(signals.maxWaivers))];
  const results = rootsHold
    ? say("wordsResultsOf", { k, waived, n: count(policy.auditors.length) })
    : say("wordsResults", { k, waived });
  const { codehash } = ground.replaced;
  const lines = [
    results,
    ...(report.state === "disclosed" ? [] : [say("wordsHidden")]),
    say("wordsLayout"),
    say("wordsTarget", { chainId: state.chain.chainId, proxy: report.proxy, codehash }),
    say("wordsUntil", { until: moment(facts.validUntil) }),
  ];
  return h("div", { class: "equal" }, [
    h("section", { "aria-labelledby": "words-heading" }, [
      h("h4", { id: "words-heading" }, [say("wordsHeading")]),
      h("p", {}, [leadOf(statement)]),
      key.keyClass === "production" ? undefined : h("p", { class: "bad" }, [say("wordsWorthless")]),
      list(lines),
      ...(policy === undefined ? [] : membersOf(policy, rootsHold)),
    ]),
    h("section", { "aria-labelledby": "limits-heading" }, [
      h("h4", { id: "limits-heading" }, [say("limitsHeading")]),
      list(limits.map((limit) => ({ kind: "value", text: limit }))),
    ]),
  ]);
}

const ROOTS = new WeakMap<PortalPolicy, ReturnType<typeof memberRoots>>();

/** Whether the lists of a policy are those that a statement commits to: their roots are computed once. */
function hasRoots(
  policy: PortalPolicy,
  { auditorRoot, vectorRoot }: PageStatement["facts"]["signals"],
): boolean {
  if (!ROOTS.has(policy)) ROOTS.set(policy, memberRoots(policy));
  const roots = ROOTS.get(policy);
  return roots?.auditorRoot === auditorRoot && roots.vectorRoot === vectorRoot;
}

/** Whether the sentences are proven here, somebody's word, or false. */
function leadOf({ checks }: PageStatement): Sentence {
  const needed = ["proof", "signals"].map((id) => checks.find((check) => check.id === id)?.outcome);
  if (needed.includes("fails")) return say("wordsFalse");
  return needed.every((outcome) => outcome === "holds") ? say("wordsProven") : say("wordsClaimed");
}

function membersOf({ auditors, vectors }: PortalPolicy, rootsHold: boolean): Shown[] {
  if (!rootsHold) return [h("p", {}, [say("policyOther")])];
  const named = (members: readonly { readonly label: string }[]) =>
    list(members.map(({ label }) => value(label)));
  return [
    h("p", {}, [say("policyRoots")]),
    h("details", {}, [h("summary", {}, [say("policyAuditors")]), named(auditors)]),
    h("details", {}, [h("summary", {}, [say("policyVectors")]), named(vectors)]),
  ];
}

function list(items: readonly Shown[]): Shown {
  return h(
    "ul",
    {},
    items.map((item) => h("li", {}, [item])),
  );
}
