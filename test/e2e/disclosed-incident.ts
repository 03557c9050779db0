import { CORPUS } from "../../corpus/index.js";
import * as council from "../../scripts/index.js";
import { reveal as revealing } from "../../scripts/index.js";
import { type Council, DrillChain, drill } from "../../src/drill/index.js";
import type { ProvenPatch, TimelockClient } from "../../src/index.js";

/** A whole incident on a chain that goes on, executed and disclosed. */
export interface DisclosedIncident {
  readonly chain: DrillChain;
  readonly timelock: TimelockClient;
  readonly proven: ProvenPatch;
  /** Of the disclosure file. */
  readonly text: string;
  stop(): Promise<void>;
}

/** Plays the drill's first case. It takes as long as the drill. */
export async function disclosedIncident(): Promise<DisclosedIncident> {
  const chain = await DrillChain.start();
  let revealed: Pick<DisclosedIncident, "timelock" | "proven" | "text"> | undefined;
  const reveal: Council["reveal"] = async (incident) => {
    const disclosed = await revealing(incident);
    revealed = { timelock: incident.timelock, proven: incident.proven, text: disclosed.text };
    return disclosed;
  };
  const report = await drill({
    chain,
    corpusCase: CORPUS[0]!,
    variant: "transparent",
    council: { ...council, reveal },
    keep: async () => [],
    listener: { begin: () => {}, end: () => {} },
  });
  if (!report.ok || revealed === undefined) {
    await chain.stop();
    throw new Error(`the drill ended early: ${JSON.stringify(report.steps.at(-1))}`);
  }
  return { chain, ...revealed, stop: () => chain.stop() };
}
