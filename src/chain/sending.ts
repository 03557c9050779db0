import { getAddress, type Signer, type TransactionReceipt, type TransactionRequest } from "ethers";
import { SealpatchError } from "../errors.js";
import { LOCAL_CHAIN_IDS } from "../networks.js";
import { MAX_FEE } from "./fees.js";
import { asked, assertChain, newestBlock, nodeChainId } from "./node.js";
import { Offers, type Place } from "./offers.js";
import type { SendOptions } from "./send-options.js";
import { isKeptByNode } from "./signing.js";
import { notIncluded, notMined, replaced } from "./unsent.js";
import { lookAt, type NonceState, wantedBy } from "./wait.js";

/** Fifteen minutes: a bundle that no block took in 75 slots is not going to be taken. */
const MINED_WITHIN = 900;
/** Five blocks: then the fees are looked at again. */
const REPLACE_AFTER = 60;
/** Looks in a row that the node may leave unanswered. */
const UNANSWERED = 3;
/** Milliseconds between two looks where the provider does not say. */
const POLLING = 4000;
/** Blocks that nodes behind one address may be apart. */
const APART = 8;
/** Milliseconds between two looks at a chain of this machine at most: its blocks come at once. */
const LOCAL_POLLING = 100;

/**
 * Sends a request, and waits until something is confirmed at its nonce.
 * @param request with its gas.
 * @throws SealpatchError `chain/replaced`, `chain/not-included`, `chain/not-mined`, `chain/fee-above-cap`, and as `asked`.
 */
export async function sendAndWait(
  signer: Signer,
  request: TransactionRequest,
  options: SendOptions,
): Promise<TransactionReceipt> {
  const provider = signer.provider!;
  const { minedWithin = MINED_WITHIN, replaceAfter = REPLACE_AFTER, outlet } = options;
  const chainId = await signedFor(signer);
  const isLocal = LOCAL_CHAIN_IDS.has(chainId);
  const cap = options.maxFee ?? (isLocal ? undefined : MAX_FEE);
  const confirmations = options.confirmations ?? (isLocal ? 1 : 2);
  const fromBlock = Math.max(0, (await newestBlock(provider)).number - APART);
  const place = await placeOf(signer, request, options);
  const offers = new Offers(signer, { ...request, chainId, nonce: place.nonce }, { place, cap, options });
  const { attempts } = offers;
  const told = () => ({ hash: attempts.at(-1)?.hash ?? null, nonce: place.nonce });
  const value = BigInt(request.value ?? 0);
  const look = () => lookAt(provider, { ...place, value, attempts, confirmations, fromBlock });

  const deadline = Date.now() + minedWithin * 1000;
  // What is mined of an earlier run is not sent again.
  if (attempts.length === 0 || !(await look()).isTaken) await offers.begin();
  let raisesAt = Date.now() + replaceAfter * 1000;
  let unanswered = 0;
  for (;;) {
    const state: NonceState | undefined = await look().catch((error: unknown) => {
      unanswered += 1;
      if (unanswered >= UNANSWERED) throw error;
      return undefined;
    });
    if (state !== undefined) unanswered = 0;
    if (state?.outcome?.receipt !== undefined) return state.outcome.receipt;
    if (state?.outcome !== undefined) throw replaced({ ...told(), ...state.outcome });
    if (state?.isTaken === false) {
      const { lastBlock } = offers;
      if (lastBlock !== undefined && state.head > lastBlock)
        throw notIncluded({ ...told(), lastBlock, host: outlet?.host ?? null });
      if (offers.isDoubtful) await offers.remind();
      if (Date.now() >= raisesAt) {
        await offers
          .raise()
          .then(() => offers.remind())
          .catch(unlessOfChain);
        raisesAt = Date.now() + replaceAfter * 1000;
      }
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      const held = offers.isHeldBack ? (cap ?? null) : null;
      throw notMined({ ...told(), seconds: minedWithin, isTaken: state?.isTaken ?? false, cap: held });
    }
    const { pollingInterval = POLLING } = provider as { pollingInterval?: number };
    const pause = isLocal ? Math.min(pollingInterval, LOCAL_POLLING) : pollingInterval;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}

/**
 * The chain that a transaction is signed for: the one that the node serves. A signer that believes another one would sign what is of no use
 * here, and of use there.
 * @throws SealpatchError `chain/other-chain`, `chain/unknown-chain`.
 */
async function signedFor(signer: Signer): Promise<bigint> {
  const provider = signer.provider!;
  const served = await nodeChainId(provider);
  // A node that keeps the key signs for its own chain.
  if (isKeptByNode(signer)) return served;
  const { chainId } = await asked("reading the network", () => provider.getNetwork());
  assertChain(served, chainId);
  return served;
}

/** The account's nonce for a request: of what is out already, of the request, or the chain's next one. */
async function placeOf(
  signer: Signer,
  request: TransactionRequest,
  { earlier = [] }: SendOptions,
): Promise<Place> {
  const from = getAddress(await signer.getAddress());
  const nonce =
    earlier[0]?.nonce ??
    request.nonce ??
    (await asked("reading the account's nonce", () => signer.provider!.getTransactionCount(from, "pending")));
  return { from, nonce, wanted: await wantedBy(signer, request) };
}

/** What a node or relay did not take of a replacement ends nothing: what it was to replace is out. */
function unlessOfChain(error: unknown): void {
  if (!(error instanceof SealpatchError) || !error.code.startsWith("chain/")) throw error;
}
