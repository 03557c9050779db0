import type { PageCheck, PageState, PageStatement, PortalChain, PortalData } from "../../src/portal/model.js";
import type { Actions, ShownPage } from "../../src/portal/page/shown.js";
import type { StatementReport } from "../../src/watch/index.js";

// A page with one statement, by hand: what the view makes of it is looked at, not how it was read.

export const NOW = 1_800_000_000;
const HOUR = 3600n;
const at = BigInt(NOW);
const account = (byte: string) => `0x${byte.repeat(20)}`;
const word = (byte: string) => `0x${byte.repeat(32)}`;

export const CHAIN: PortalChain = {
  name: "local",
  chainId: "31337",
  timelock: account("11"),
  fromBlock: 7,
  nodes: ["http://127.0.0.1:8545/", "https://node.example.org/"],
  proxies: { Vault: account("22") },
};

export const DATA: PortalData = {
  schema: "sealpatch.portal/1",
  release: "0.1.0",
  protocol: "Vault",
  chains: [CHAIN],
  key: {
    setupHash: word("01"),
    keyClass: "production",
    attest: {} as PortalData["key"]["attest"],
    codehashes: {},
  },
  policies: [],
  limits: ["It does not show that the patch has no new bug."],
};

export const check = (id: string, change: Partial<PageCheck> = {}): PageCheck => ({
  ...{ id, outcome: "holds", basis: "nodes", values: { value: "1" }, command: `sealpatch verify ${id}` },
  ...change,
});

const CHECKS = [check("proof", { basis: "here" }), check("signals"), check("baseline")];

export function statement(
  report: Partial<StatementReport> = {},
  change: Partial<Omit<PageStatement, "report">> = {},
): PageStatement {
  return {
    report: {
      ...{ commitment: 5n, id: word("aa"), proxy: account("22"), state: "scheduled" },
      ...{ eta: at + HOUR, windowEnd: at + 25n * HOUR, deadline: at + 25n * HOUR },
      ...{ group: null, isOverdue: false, blockedBy: null, veto: null, next: [] },
      ...report,
    },
    facts: {
      ...{ id: word("aa"), proxy: account("22"), leaf: word("0b"), nonce: 3n, validUntil: at + 48n * HOUR },
      ...{ group: word("00"), eta: at + HOUR, deadline: at + 25n * HOUR, block: 9, transaction: word("0c") },
      signals: {
        ...{ commitment: 5n, auditorRoot: 1n, threshold: 2n, vectorRoot: 2n, maxWaivers: 1n },
        ...{ layoutRoot: 3n, targetsRoot: 4n },
      } as unknown as PageStatement["facts"]["signals"],
      ground: {
        policy: {} as PageStatement["facts"]["ground"]["policy"],
        ...{ kind: "uups", admin: account("00") },
        replaced: { implementation: account("33"), codehash: word("0d") },
      },
      ...{ proofs: [], executed: undefined },
    },
    steps: {
      scheduled: { transaction: word("0c"), block: 9, at: at - HOUR, sender: account("44"), gasUsed: 1n },
      disclosed: [],
    },
    turns: [],
    checks: CHECKS,
    ...change,
  };
}

/** A statement that was executed, and disclosed where a place is given. */
export function executed(report: Partial<StatementReport>, uri?: string): PageStatement {
  const { facts, steps } = statement();
  const step = { transaction: word("0e"), block: 12, at: at - 60n, sender: account("45"), gasUsed: 1n };
  return statement(
    { state: uri === undefined ? "executed" : "disclosed", deadline: at + 10n * HOUR, ...report },
    {
      facts: { ...facts, executed: { block: 12, codehash: word("0f") } },
      steps: {
        ...steps,
        executed: step,
        disclosed: uri === undefined ? [] : [{ ...step, bundleHash: word("ee"), uri }],
      },
    },
  );
}

export function state(
  statements: readonly PageStatement[],
  lane: Partial<PageState["lane"]> = {},
): PageState {
  return {
    ...{ chain: CHAIN, nodes: ["127.0.0.1:8545"], readAt: NOW, statements },
    checks: [check("verifier"), check("baseline", { values: { proxy: account("22") } })],
    lane: {
      ...{ chainId: 31337n, timelock: account("11"), verifier: account("55"), setupHash: word("01") },
      block: { number: 20, hash: word("10"), timestamp: at },
      ...{ halt: null, nextDisclosure: null },
      proxies: [{ proxy: account("22"), status: "open", implementation: account("33"), nonce: 4n, next: [] }],
      statements: statements.map(({ report }) => report),
      roles: { proposer: [], executor: [], council: [], guardian: [account("66")] },
      ...lane,
    },
  };
}

export function page(change: Partial<ShownPage> = {}): ShownPage {
  return {
    ...{ data: DATA, chain: CHAIN, nodes: CHAIN.nodes.slice(0, 1), theme: "auto", problem: undefined },
    ...{ state: state([statement()]), wanted: "", now: NOW, file: undefined, copied: undefined },
    ...change,
  };
}

export const ACTIONS: Actions = {
  read: () => {},
  chooseTheme: () => {},
  chooseNode: () => {},
  chooseFile: () => {},
  copy: () => {},
  vetoData: () => "0xfeed",
};
