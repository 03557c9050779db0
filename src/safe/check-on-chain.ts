import { newestBlock, nodeChainId, type TimelockClient, type TimelockRole } from "../chain/index.js";
import { agrees, type CheckList, fails, notChecked } from "../checks.js";
import type { SealpatchError } from "../errors.js";
import { hashBySafe, messageHashBySafe, readSafe, type SafeAccount } from "./account.js";
import type { SafeAction } from "./action.js";
import type { SafeFolder } from "./folder.js";
import { nestedHashes, ownerMessage, type SafeRequest } from "./form.js";
import { nonceUse } from "./nonce.js";

const ROLES: Partial<Record<SafeAction["name"], TimelockRole>> = {
  schedule: "COUNCIL",
  disclose: "COUNCIL",
  veto: "GUARDIAN",
  halt: "GUARDIAN",
};

/** The role by which a timelock takes a call; undefined of what is no call of a timelock. */
export const roleOf = (action: SafeAction | undefined): TimelockRole | undefined =>
  action && ROLES[action.name];

/** Work that is begun now and awaited later: until then its failure is nobody's. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** Questions that are with a node. */
export type ChainAnswers = ReturnType<typeof askChain>;

/** Asks a node all that `checkOnChain` compares, at once. */
export function askChain(client: TimelockClient, request: SafeRequest, action: SafeAction | undefined) {
  const { provider } = client;
  const role = roleOf(action);
  const messageHash = async (owner: string) => messageHashBySafe(provider, owner, ownerMessage(request));
  const messages = Object.keys(request.nested).map((owner) => [owner, begun(messageHash(owner))] as const);
  return {
    client,
    chainId: begun(nodeChainId(provider)),
    safe: begun(readSafe(provider, request.safe)),
    hash: begun(hashBySafe(provider, request.safe, request.transaction)),
    messages: new Map(messages),
    holdsRole: role && begun(client.holdsRole(role, request.safe)),
    block: action?.validUntil === undefined ? undefined : begun(newestBlock(provider)),
  };
}

/** Compares a folder with the Safe and the timelock on chain. @param answers undefined where there is no node. */
export async function checkOnChain(
  lines: CheckList,
  { request }: SafeFolder,
  action: SafeAction | undefined,
  answers: ChainAnswers | undefined,
): Promise<void> {
  const ask = (): ChainAnswers => {
    if (answers === undefined) throw notChecked("needs a node");
    return answers;
  };
  const SAFE_LINE = "the Safe is as the folder says";
  let nonce = 0n;
  await lines.check(SAFE_LINE, async () => {
    const asking = ask();
    const chainId = await asking.chainId;
    if (chainId !== request.chainId)
      throw fails(`it is for chain ${request.chainId}, the node is on ${chainId}`);
    const safe = await asking.safe;
    nonce = safe.nonce;
    const shown = ({ version, owners, threshold, nested }: Omit<SafeAccount, "nonce" | "chainId" | "safe">) =>
      JSON.stringify([version, [...owners].sort(), threshold, Object.entries(nested).sort()]);
    if (shown(safe) !== shown(request)) throw fails("release, owners or threshold are others now");
    return `${safe.version}, ${safe.threshold} of ${safe.owners.length}`;
  });
  await lines.check(
    "the Safe computes the same hash",
    async () => agrees("hash", await ask().hash, request.hashes.safeTxHash),
    [SAFE_LINE],
  );
  for (const owner of Object.keys(request.nested))
    await lines.check(
      `owner ${owner}, a Safe, computes the same hash of its message`,
      async () =>
        agrees("hash", await answered(ask().messages.get(owner)!), nestedHashes(request, owner).safeTxHash),
      [SAFE_LINE],
    );
  await lines.check("the nonce is not used", async () => {
    const { provider } = ask().client;
    const own = request.transaction.nonce;
    if (nonce <= own)
      return nonce === own ? "it is the next one" : `${own - nonce} transactions come before it`;
    const use = await nonceUse(provider, request);
    throw fails(
      use === undefined
        ? `the Safe is at ${nonce}`
        : `used by ${use.isOwn ? `this transaction${use.hasFailed ? ", whose call failed" : ""}` : `another one${use.action === undefined ? "" : ` (${use.action.title})`}`}, ${use.transaction}`,
    );
  }, [SAFE_LINE]);
  const role = roleOf(action);
  if (role !== undefined)
    await lines.check(`the Safe holds ${role}_ROLE`, async () => {
      const { client, holdsRole } = ask();
      if (!(await holdsRole!)) throw fails("it does not: the timelock would refuse");
      return `on ${client.address}`;
    }, [SAFE_LINE]);
  const deadline = action?.validUntil;
  if (deadline !== undefined)
    await lines.check("its deadline is ahead", async () => {
      const { timestamp } = await ask().block!;
      if (BigInt(timestamp) >= deadline) throw fails("it has passed");
      return `${deadline - BigInt(timestamp)} seconds by the chain`;
    }, [SAFE_LINE]);
}

/** What the handler of a Safe that is an owner answers: a Safe needs none, and then it signs no messages. */
function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: SealpatchError) => {
    if (error.code !== "chain/not-a-safe") throw error;
    throw notChecked("it has no handler that signs for it: it can approve on chain alone");
  });
}
