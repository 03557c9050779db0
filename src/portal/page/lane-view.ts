import type { LaneStatus } from "../../chain/index.js";
import type { PageCheck, PageState } from "../model.js";
import { checkList } from "./check-view.js";
import { chainTime, patchName, proxyName } from "./shown.js";
import { type SentenceName, say } from "./text.js";
import { duration, moment } from "./times.js";
import { code, type Element_, h, type Shown, value } from "./tree.js";

const STATUS: Readonly<Record<Exclude<LaneStatus, "open">, SentenceName>> = {
  halted: "laneHalted",
  frozen: "laneFrozen",
  "no-policy": "laneNoPolicy",
  "no-baseline": "laneNoBaseline",
  "baseline-stale": "laneStale",
  "baseline-code-changed": "laneCodeChanged",
};

/** Per proxy open or closed, and why; addresses; checks of the verifier. */
export function laneView(state: PageState, now: number): Element_ {
  const { lane, chain, nodes, checks } = state;
  const lines = lane.proxies.map(({ proxy, status }) =>
    h("li", { "data-lane": status }, [
      say(status === "open" ? openSentence(checks, proxy) : STATUS[status], {
        proxy: proxyName(chain, proxy),
      }),
      value(" "),
      code(proxy),
    ]),
  );
  const row = (label: SentenceName, shown: Shown) => [h("dt", {}, [say(label)]), h("dd", {}, [shown])];
  return h("section", { id: "lane", "aria-labelledby": "lane-heading" }, [
    h("h2", { id: "lane-heading" }, [say("laneHeading")]),
    lines.length === 0 ? h("p", {}, [say("noProxies")]) : h("ul", {}, lines),
    ...(lane.halt === null
      ? []
      : [
          h("p", {}, [say("haltedBy", { guardian: lane.halt.guardian })]),
          h("pre", {}, [value(lane.halt.reason)]),
        ]),
    ...dueOf(state, chainTime(state, now)),
    h("dl", {}, [
      ...row("chainLabel", code(lane.chainId)),
      ...row("timelockLabel", code(lane.timelock)),
      ...row("verifierLabel", code(lane.verifier)),
    ]),
    checkList(checks, nodes),
  ]);
}

/** What the timelock takes for open is said to be where the proxy was seen to run the registered code. */
function openSentence(checks: readonly PageCheck[], proxy: string): SentenceName {
  const seen = checks.find(({ id, values }) => id === "baseline" && values.proxy === proxy);
  return seen?.outcome === "holds" ? "laneOpen" : "laneOpenOther";
}

/** Executed patches of which a disclosure is due, the next one first. */
function dueOf({ statements, chain }: PageState, time: bigint): Shown[] {
  return statements
    .flatMap(({ report: { state, deadline, proxy }, facts, steps: { executed } }) =>
      state !== "executed" || deadline === null || executed === undefined
        ? []
        : [{ due: deadline, executed, patch: patchName(chain, proxy, facts.nonce) }],
    )
    .toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
    .map(({ due, executed, patch }) => {
      const of = { patch: patch.text, executed: moment(executed.at), due: moment(due) };
      return h("p", {}, [
        due >= time
          ? say("lanePending", { ...of, left: duration(due - time) })
          : say("lanePast", { ...of, ago: duration(time - due) }),
      ]);
    });
}
