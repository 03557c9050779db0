import { JsonRpcProvider } from "ethers";
import { TimelockClient } from "../../src/chain/index.js";
import { type Answerer, type OddNode, startOddNode } from "./odd-node.js";
import { type ReplayedIncident, replayIncident } from "./replayed-incident.js";

/** The replayed incident, and a node in front of its chain. */
export interface IncidentBehindNode {
  readonly incident: ReplayedIncident;
  readonly node: OddNode;
  readonly behind: JsonRpcProvider;
  /** The timelock as that node shows it. */
  readonly viaNode: TimelockClient;
  /** What the node answers by itself. */
  answer: Answerer;
  stop(): Promise<void>;
}

/** Brings the incident to a chain. The node in front of it passes everything on until a test says otherwise. */
export async function incidentBehindNode(): Promise<IncidentBehindNode> {
  const incident = await replayIncident();
  const node = await startOddNode((question, pass) => made.answer(question, pass), {
    behind: incident.anvil.url,
  });
  const behind = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  const made: IncidentBehindNode = {
    ...{ incident, node, behind },
    viaNode: await TimelockClient.at(incident.timelock.address, behind),
    answer: () => undefined,
    stop: async () => {
      behind.destroy();
      await node.stop();
      await incident.stop();
    },
  };
  return made;
}
