import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import {
  type BaseWallet,
  Contract,
  concat,
  getAddress,
  hashMessage,
  Interface,
  type InterfaceAbi,
  JsonRpcProvider,
  type JsonRpcSigner,
  toBeHex,
  Wallet,
  ZeroAddress,
} from "ethers";
import { startAnvil } from "../../src/drill/anvil.js";
import {
  plainCall,
  readSafe,
  SAFE,
  SAFE_VERSIONS,
  type SafeRequest,
  type SafeTransaction,
  type SafeVersion,
  safeHashes,
  safeRequest,
} from "../../src/safe/index.js";

// Safes as Safe publishes them, of each release, on one anvil.

const PACKAGES = {
  "1.3.0": { folder: "@gnosis.pm/safe-contracts-1.3.0", prefix: "Gnosis" },
  "1.4.1": { folder: "@safe-global/safe-contracts-1.4.1", prefix: "" },
  "1.5.0": { folder: "@safe-global/safe-smart-account", prefix: "" },
} as const satisfies Record<SafeVersion, object>;

interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** What Safe published of a contract. @param path below `contracts/`, without the name of a release. */
export function safeArtifact(version: SafeVersion, path: string): Artifact {
  const { folder, prefix } = PACKAGES[version];
  const [, directory, name] = /^(.*\/)?(\w+)$/.exec(path) as unknown as [string, string | undefined, string];
  const renamed = /^(Safe|SafeL2|SafeProxyFactory)$/.test(name) ? `${prefix}${name}` : name;
  const file = `node_modules/${folder}/build/artifacts/contracts/${directory ?? ""}${renamed}.sol/${renamed}.json`;
  return JSON.parse(readFileSync(file, "utf8")) as Artifact;
}

/** All functions of a Safe of a release. */
export const safeInterface = (version: SafeVersion): Interface =>
  new Interface(safeArtifact(version, "Safe").abi);

/** An owner whose key is known; the same number is the same key. */
export const key = (number: number): Wallet => new Wallet(toBeHex(BigInt(number) + 4096n, 32));

/** A Safe to be deployed. */
export interface NewSafe {
  readonly version: SafeVersion;
  readonly owners: readonly string[];
  readonly threshold: number;
  /** The variant that logs each transaction. */
  readonly isL2?: boolean;
  /** Release of its fallback handler; its own one if left out, none with `null`. */
  readonly handler?: SafeVersion | null;
}

/** A chain with the contracts of every release. */
export interface RealSafes {
  readonly provider: JsonRpcProvider;
  readonly url: string;
  /** Pays, and owns no Safe. */
  readonly relay: JsonRpcSigner;
  /** Addresses of a release's contracts. */
  readonly contracts: Readonly<Record<SafeVersion, SafeContracts>>;
  deploy(safe: NewSafe): Promise<string>;
  /** Sends as any account, the relay if left out. @returns the receipt. @throws Error where it reverts. */
  send(transaction: {
    readonly from?: string;
    readonly to?: string;
    readonly data: string;
  }): Promise<SentReceipt>;
  /** What a request for a call of a Safe is made of, with its next nonce or another one. */
  request(safe: string, change?: Partial<SafeTransaction>): Promise<SafeRequest>;
  /** What the real Safe says of an execution with these signatures: its error, undefined where it takes them. */
  refusal(request: SafeRequest, signatures: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

interface SentReceipt {
  readonly status: string;
  readonly transactionHash: string;
  readonly contractAddress: string | null;
}

interface SafeContracts {
  readonly singleton: string;
  readonly l2: string;
  readonly factory: string;
  readonly handler: string;
  readonly multiSend: string;
}

const CREATE = new Interface(["function createProxyWithNonce(address, bytes, uint256) returns (address)"]);

/** Starts the chain. */
export async function startRealSafes(): Promise<RealSafes> {
  const anvil = await startAnvil();
  // Each question at once: nothing is gained by waiting for more of them.
  const provider = new JsonRpcProvider(anvil.url, 31_337, {
    ...{ staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1, batchStallTime: 0 },
    pollingInterval: 10,
  });
  const relay = await provider.getSigner(0);
  const send: RealSafes["send"] = async ({ from = relay.address, ...transaction }) => {
    await provider.send("anvil_impersonateAccount", [from]);
    const hash = await provider.send("eth_sendTransaction", [
      { from, gas: "0xe00000", gasPrice: "0x0", ...transaction },
    ]);
    const receipt = await receiptOf(provider, hash);
    if (receipt.status !== "0x1") throw new Error(`${hash} reverted`);
    return receipt;
  };
  const put = async (version: SafeVersion, path: string): Promise<string> => {
    const { contractAddress } = await send({ data: safeArtifact(version, path).bytecode });
    return getAddress(contractAddress!);
  };
  const contracts = {} as Record<SafeVersion, SafeContracts>;
  for (const version of SAFE_VERSIONS) {
    contracts[version] = {
      singleton: await put(version, "Safe"),
      l2: await put(version, "SafeL2"),
      factory: await put(version, "proxies/SafeProxyFactory"),
      handler: await put(version, "handler/CompatibilityFallbackHandler"),
      multiSend: await put(version, "libraries/MultiSendCallOnly"),
    };
  }
  let count = 0;
  return {
    provider,
    url: anvil.url,
    relay,
    contracts,
    send,
    deploy: async ({ version, owners, threshold, isL2 = false, handler = version }) => {
      const { factory, singleton, l2 } = contracts[version];
      const create = new Contract(factory, CREATE, relay).getFunction("createProxyWithNonce");
      const setup = safeInterface(version).encodeFunctionData("setup", [
        ...[owners, threshold, ZeroAddress, "0x"],
        handler === null ? ZeroAddress : contracts[handler].handler,
        ...[ZeroAddress, 0, ZeroAddress],
      ]);
      const values = [isL2 ? l2 : singleton, setup, count++];
      const address: string = await create.staticCall(...values);
      await send({ to: factory, data: CREATE.encodeFunctionData("createProxyWithNonce", values) });
      return address;
    },
    request: async (safe, change = {}) => {
      const account = await readSafe(provider, safe);
      const call = plainCall({ to: safe, data: "0x", nonce: account.nonce });
      return safeRequest(account, { ...call, ...change });
    },
    refusal: async (request, signatures) => {
      try {
        await provider.call({
          from: relay.address,
          to: request.safe,
          data: executionData(request, signatures),
        });
        return undefined;
      } catch (error) {
        const { reason } = error as { reason?: string | null };
        // Contracts that are owners may revert without a word; an answer of the node that is no revert is an error of the test.
        if ((error as { code?: string }).code !== "CALL_EXCEPTION") throw error;
        return reason ?? "reverted";
      }
    },
    stop: async () => {
      provider.destroy();
      await anvil.stop();
    },
  };
}

/** Calldata of `execTransaction`. */
export function executionData({ transaction }: Pick<SafeRequest, "transaction">, signatures: string): string {
  const { nonce: _, ...fields } = transaction;
  return SAFE.encodeFunctionData("execTransaction", [...Object.values(fields), signatures]);
}

/** The typed data of a request, signed (v 27 or 28). */
export const signTyped = (wallet: BaseWallet, request: SafeRequest): string =>
  wallet.signingKey.sign(safeHashes(request, request.transaction).safeTxHash).serialized;

/** The hash signed as a message, v raised as Safe wants it (31 or 32). */
export function signMessage(wallet: BaseWallet, hash: string): string {
  const { r, s, v } = wallet.signingKey.sign(hashMessage(Buffer.from(hash.slice(2), "hex")));
  return concat([r, s, toBeHex(v + 4)]);
}

/** Anvil mines at once, in most cases before it answers. */
async function receiptOf(provider: JsonRpcProvider, hash: string): Promise<SentReceipt> {
  for (;;) {
    const receipt: SentReceipt | null = await provider.send("eth_getTransactionReceipt", [hash]);
    if (receipt !== null) return receipt;
    await setTimeout(2);
  }
}
