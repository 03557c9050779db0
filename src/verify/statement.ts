import {
  checkVerifierOnChain,
  nodeChainId,
  readScheduledFacts,
  type ScheduledFacts,
  type StatementState,
  type TimelockClient,
} from "../chain/index.js";
import { agrees, type Check, CheckList } from "../checks.js";
import { type Manifest, readManifest } from "../manifest.js";
import { statementId, targetLeaf } from "../patch/index.js";
import { comparePolicies } from "./policy.js";
import { checkProofs } from "./proof.js";

/** A scheduled statement, as it was looked at again. */
export interface VerifiedStatement {
  readonly facts: ScheduledFacts;
  /** At the newest block. */
  readonly state: StatementState;
  readonly checks: readonly Check[];
}

/**
 * Looks at a scheduled statement again, from the chain and the keys alone: its id and target, the proof in the transaction that scheduled
 * it, its signals against the policy as it was in that block, and the verifier that the timelock asks now, byte for byte.
 * @param statement.commitment C.
 * @param statement.fromBlock where the timelock was deployed; the first block unless given.
 * @param statement.manifest circuits and keys; those of the package unless given.
 * @throws SealpatchError as `readScheduledFacts` and `checkVerifierOnChain`.
 * @example
 * ```ts
 * const { state, checks } = await verifyStatement(timelock, { commitment });
 * console.log(state, checks.every(({ outcome }) => outcome === "holds"));
 * ```
 */
export async function verifyStatement(
  timelock: TimelockClient,
  statement: { readonly commitment: bigint; readonly fromBlock?: number; readonly manifest?: Manifest },
): Promise<VerifiedStatement> {
  const { commitment } = statement;
  const manifest = statement.manifest ?? (await readManifest());
  const facts = await readScheduledFacts(timelock, statement);
  const { signals, ground, proxy, nonce, validUntil, group, block } = facts;
  const { address, provider } = timelock;
  const chainId = await nodeChainId(provider);
  const lines = new CheckList();
  await lines.check("the statement is of this chain, timelock and proxy", () => {
    const { codehash } = ground.replaced;
    const leaf = targetLeaf({ chainId, timelock: address, proxy, codehash, nonce, validUntil, group });
    agrees("target", facts.leaf, leaf);
    agrees("commitment of the signals", signals.commitment, commitment);
    return agrees("id", facts.id, statementId(commitment, leaf));
  });
  const proven = facts.proofs.map((proof) => ({
    circuit: "attest" as const,
    proven: { statement: signals, proof },
  }));
  await checkProofs(lines, proven, manifest);
  await comparePolicies(lines, signals, ground.policy, {
    prefix: `policy in block ${block}: `,
    first: "the statement",
  });
  const verifier = await checkVerifierOnChain(provider, address, manifest);
  return {
    facts,
    state: await timelock.state(commitment),
    checks: [...lines.checks, ...verifier.map((line) => ({ ...line, name: `verifier now: ${line.name}` }))],
  };
}
