import { keccak256, type Provider, type Signer, Transaction, toQuantity } from "ethers";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { asked, assertChain, newestBlock, nodeChainId } from "./node.js";
import { HAS_IT_ALREADY, type Outlet } from "./outlet.js";
import { RelayEndpoint } from "./relay-endpoint.js";

/** How a relay takes a transaction: `eth_sendRawTransaction`, `eth_sendPrivateTransaction` or `eth_sendBundle`. */
export const RELAY_KINDS = ["plain", "private", "bundle"] as const;
export type RelayKind = (typeof RELAY_KINDS)[number];

/** A relay, and how it is spoken to. */
export interface RelayOptions {
  /** https; http for hosts of this machine alone. */
  readonly url: string;
  /** `plain`: eth_sendRawTransaction at that endpoint. `private`: eth_sendPrivateTransaction. `bundle`: eth_sendBundle. */
  readonly kind: RelayKind;
  /** Blocks from the newest one that it is offered for, 1 to 100; 25 by default, and at Flashbots' relay at most. Not of `plain`. */
  readonly blocks?: number;
  /** Signs each request's body (header X-Flashbots-Signature), where the relay asks for that. */
  readonly signer?: Signer;
  /** The own node: it says which block is the newest, and which chain is meant. The transaction is not shown to it. */
  readonly provider: Provider;
}

/** As long as Flashbots' relay keeps a private transaction. */
const BLOCKS = 25;
/** A bundle is a request for each block. */
export const MOST_BLOCKS = 100;
/** Hosts of this machine, as `URL` writes them. */
const LOCAL_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const hash = lazily(() =>
  zod
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/)
    .toLowerCase(),
);
const bundle = lazily(() => zod.object({ bundleHash: hash() }));

/** What is wrong with the URL of a relay, in words; undefined where nothing is. */
export function relayUrlFault(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "https:") return undefined;
  if (parsed?.protocol !== "http:") return "it is no URL of https";
  return LOCAL_HOST.test(parsed.hostname) ? undefined : "http shows the transaction to everybody on the way";
}

/**
 * A private relay, or a sequencer's own endpoint, as an outlet. It alone is shown the transaction; what it says is believed of nothing:
 * whether the transaction is mined, the own node says.
 *
 * - `plain` asks it what the transaction takes, and hands it in as to any node.
 * - `private` offers it until a last block, and asks for what shares least with searchers: the hash alone.
 * - `bundle` offers it for each block by itself, and only as one that does not revert.
 *
 * Forms: Flashbots' documentation of `eth_sendPrivateTransaction`, `eth_sendBundle` and "Authentication".
 * @returns an outlet whose calls throw SealpatchError `chain/other-chain` where the relay serves another chain than the own node (a
 *   `plain` endpoint has to say which), `chain/relay-lies` where its answer is about another transaction, `chain/unreachable` where
 *   it has no answer that can be used, and as `asked` does.
 * @throws SealpatchError `chain/malformed-relay`.
 * @example
 * ```ts
 * const outlet = relayTo({ url: "https://relay.example", kind: "private", signer: executor, provider });
 * const relay = sendWith(executor, { outlet, gasLimit: 9_000_000n });
 * await timelock.as(executor).execute(proven, { relay });
 * ```
 */
export function relayTo({ url, kind, blocks = BLOCKS, signer, provider }: RelayOptions): Outlet {
  const fault = relayUrlFault(url);
  if (fault !== undefined) throw malformed("URL", fault, "give the https URL of a relay");
  if (!RELAY_KINDS.includes(kind)) throw malformed("kind", "there is no such", RELAY_KINDS.join(", "));
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MOST_BLOCKS)
    throw malformed("number of blocks", "it is out of range", `give 1 to ${MOST_BLOCKS}`);
  const relay = new RelayEndpoint(new URL(url), signer);
  let isSame = false;
  const assertServes = async (): Promise<void> => {
    if (!isSame) await assertSameChain(relay, kind, provider);
    isSame = true;
  };
  return {
    host: relay.host,
    async estimateGas(request) {
      await assertServes();
      const trial = asked("trying the transaction at the relay", () => relay.estimateGas(request));
      return trial.catch((error: SealpatchError) => {
        throw isNotOffered(error, kind) ? withoutGas(error, relay) : error;
      });
    },
    async submit(raw) {
      await assertServes();
      if (kind === "plain") return void (await handIn(relay, "eth_sendRawTransaction", [raw], raw));
      const { number: newest } = await newestBlock(provider);
      const last = newest + blocks;
      if (kind === "private") {
        const preferences = { privacy: { hints: ["hash"] } };
        const offer = { tx: raw, maxBlockNumber: toQuantity(last), preferences };
        await handIn(relay, "eth_sendPrivateTransaction", [offer], raw);
      } else {
        const targets = Array.from({ length: blocks }, (_, ahead) => newest + 1 + ahead);
        await anyOf(targets.map((block) => handInBundle(relay, raw, block)));
      }
      return last;
    },
  };
}

/** Hands a transaction in where the answer is its hash. */
async function handIn(relay: RelayEndpoint, method: string, params: unknown[], raw: string): Promise<void> {
  let answer: unknown;
  try {
    answer = await asked("handing the transaction to the relay", () => relay.send(method, params));
  } catch (error) {
    if (HAS_IT_ALREADY.test(String((error as SealpatchError).details.answer))) return;
    throw error;
  }
  const { data } = hash().safeParse(answer);
  if (data === undefined) throw relay.lost("OTHER_FORM");
  if (data !== Transaction.from(raw).hash) throw lies(relay);
}

/** Offers a bundle of one transaction, which must not revert, for one block. */
async function handInBundle(relay: RelayEndpoint, raw: string, block: number): Promise<void> {
  const offer = { txs: [raw], blockNumber: toQuantity(block) };
  const answer = await asked("handing the transaction to the relay", () =>
    relay.send("eth_sendBundle", [offer]),
  );
  // Of Flashbots' answer it is known what its hash is of: the hashes of the transactions. Builders that answer otherwise define none.
  const { data } = bundle().safeParse(answer);
  if (data !== undefined && data.bundleHash !== keccak256(Transaction.from(raw).hash!)) throw lies(relay);
}

/** One success is enough. Where there is none, an error that leaves open what the relay has taken goes before a refusal. */
async function anyOf(attempts: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(attempts);
  if (outcomes.some(({ status }) => status === "fulfilled")) return;
  const errors = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as SealpatchError);
  throw errors.find(({ code }) => code !== "chain/rejected") ?? errors[0]!;
}

/** A relay of another chain would be shown the transaction for nothing. Relays proper need not say which chain they serve. */
async function assertSameChain(relay: RelayEndpoint, kind: RelayKind, provider: Provider): Promise<void> {
  const chainId = await nodeChainId(provider);
  const served = await nodeChainId(relay).catch((error: SealpatchError) => {
    if (kind === "plain" || !isNotOffered(error, kind)) throw error;
    return chainId;
  });
  assertChain(served, chainId);
}

/** Whether it does not answer such a question, in whatever way it says so. Relays proper take transactions, and need answer nothing else. */
function isNotOffered({ code, details: { cause } }: SealpatchError, kind: RelayKind): boolean {
  if (code === "chain/unsupported-method") return true;
  if (kind === "plain") return false;
  return (code === "chain/rejected" && cause === "unknown") || /^HTTP_4/.test(String(cause));
}

function withoutGas({ details, why }: SealpatchError, { host }: RelayEndpoint): SealpatchError {
  return new SealpatchError("chain/unsupported-method", "the relay does not say what the transaction takes", {
    details: { ...details, host },
    ...(why === undefined ? {} : { why }),
    remedy: "give the gas that the transaction may take yourself, or take another relay",
  });
}

function lies({ host }: RelayEndpoint): SealpatchError {
  return new SealpatchError("chain/relay-lies", "the relay answers with the hash of another transaction", {
    details: { host },
    why: "what it says is not about what it was given, so it says nothing of whether it offers that to anybody",
    remedy:
      "take another relay, with the same nonce; this one has seen the transaction all the same, and it may still be mined",
  });
}

function malformed(what: string, why: string, remedy: string): SealpatchError {
  return new SealpatchError("chain/malformed-relay", `the ${what} of a relay is not one`, {
    details: { what },
    why,
    remedy,
  });
}
