import { Interface, type Provider } from "ethers";
import { asked, type TimelockView } from "../chain/index.js";
import type { Outcome } from "../checks.js";
import { SealpatchError } from "../errors.js";
import type { LaneReport } from "../watch/index.js";
import { commandOf } from "./commands.js";
import { isCodeOf } from "./deployed-code.js";
import type { PageCheck, PortalChain, PortalData } from "./model.js";

/** What checks of a lane and of its statements are made of. */
export interface Reading {
  readonly chain: PortalChain;
  readonly data: PortalData;
  readonly timelock: TimelockView;
  readonly lane: LaneReport;
}

const PATCH_VERIFIER = new Interface([
  "function attestVerifier() view returns (address)",
  "function bindVerifier() view returns (address)",
  "function setupHash() view returns (bytes32)",
]);

/** Checks of the verifier that the timelock asks, of its key, and of who can stop a patch. @throws SealpatchError as `asked` does. */
export async function checkLane(reading: Reading): Promise<PageCheck[]> {
  const { chain, data, timelock, lane } = reading;
  const { key } = data;
  const { verifier } = lane;
  const ofVerifier = { basis: "nodes" as const, command: commandOf("doctor", reading) };
  const found = await verifierOf(timelock.provider, verifier, key);
  const setups = { page: key.setupHash, event: lane.setupHash, verifier: found.setupHash };
  const isSetup = [setups.event, setups.verifier].every((hash) => hash === key.setupHash.toLowerCase());
  const { guardian, council, executor, proposer } = lane.roles;
  return [
    { id: "verifier", outcome: found.outcome, values: { verifier, ...found.values }, ...ofVerifier },
    { id: "setup-hash", outcome: isSetup ? "holds" : "fails", values: setups, ...ofVerifier },
    {
      id: "key-class",
      // What a development or a test key proves, anybody can make up, or whoever made the key.
      outcome: key.keyClass === "production" ? "holds" : "fails",
      basis: "here",
      values: { keyClass: key.keyClass, chainId: chain.chainId },
      command: commandOf("doctor", reading),
    },
    {
      id: "roles",
      outcome: guardian.length > 0 ? "holds" : "fails",
      values: {
        guardian: guardian.join(", "),
        council: council.join(", "),
        executor: executor.join(", "),
        proposer: proposer.join(", "),
      },
      basis: "nodes",
      command: commandOf("status", reading),
    },
  ];
}

interface FoundVerifier {
  readonly outcome: Outcome;
  readonly setupHash: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The PatchVerifier and both Groth16 verifiers behind it, by their code. */
async function verifierOf(
  provider: Provider,
  address: string,
  key: PortalData["key"],
): Promise<FoundVerifier> {
  const codeAt = (account: string) => asked("reading the verifier's code", () => provider.getCode(account));
  const view = (name: string) => viewOf(provider, address, name);
  const [code, attest, bind, setupHash] = await Promise.all([
    codeAt(address),
    view("attestVerifier"),
    view("bindVerifier"),
    view("setupHash"),
  ]);
  const parts = { PatchVerifier: address, AttestVerifier: attest, BindVerifier: bind };
  const codes = await Promise.all([
    code,
    attest === "" ? "0x" : codeAt(attest),
    bind === "" ? "0x" : codeAt(bind),
  ]);
  const outcomes = Object.keys(parts).map((name, place) => [
    name,
    outcomeOf(isCodeOf(name, codes[place]!, key)),
  ]);
  const worst = (["fails", "not checked"] as const).find((one) => outcomes.some(([, each]) => each === one));
  return {
    outcome: worst ?? "holds",
    setupHash,
    values: { ...parts, ...Object.fromEntries(outcomes.map(([name, each]) => [`${name} code`, each])) },
  };
}

/** What a view of the verifier says; empty where it says nothing of the kind. @throws SealpatchError where the node does not answer. */
async function viewOf(provider: Provider, to: string, name: string): Promise<string> {
  const call = { to, data: PATCH_VERIFIER.encodeFunctionData(name) };
  try {
    const answer = await asked("asking the verifier", () => provider.call(call));
    return String(PATCH_VERIFIER.decodeFunctionResult(name, answer)[0]);
  } catch (error) {
    const isAnswer =
      !(error instanceof SealpatchError) || ["chain/reverted", "chain/rejected"].includes(error.code);
    if (isAnswer) return "";
    throw error;
  }
}

/** Of what is true, false, or not known. */
export function outcomeOf(is: boolean | undefined): Outcome {
  if (is === undefined) return "not checked";
  return is ? "holds" : "fails";
}
