import { setTimeout } from "node:timers/promises";
import {
  AbiCoder,
  getCreateAddress,
  type JsonRpcProvider,
  type TransactionReceipt,
  toQuantity,
} from "ethers";
import {
  type Compilation,
  compileSolidity,
  contractOf,
  packageSource,
} from "../../scripts/corpus/compile.js";
import type { CodeUnderTest, Hex } from "../../src/vectors/index.js";
import type { CaseContext, CorpusCase, ExploitTransaction, Variant } from "./case.js";

const PROXIES = {
  transparent: "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol",
  uups: "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
} as const;

let proxies: Compilation | undefined;

/** OpenZeppelin's proxies, from the release that the project depends on. */
export function compileProxies(): Compilation {
  proxies ??= compileSolidity({
    sources: Object.fromEntries(Object.values(PROXIES).map((name) => [name, packageSource(name)!])),
  });
  return proxies;
}

/** Sends a transaction from one of the node's own accounts and waits for it. */
export async function send(
  provider: JsonRpcProvider,
  transaction: ExploitTransaction,
): Promise<TransactionReceipt> {
  const { from, to, data, value = 0n } = transaction;
  const hash: string = await provider.send("eth_sendTransaction", [
    {
      from,
      ...(to === null ? {} : { to }),
      data,
      value: toQuantity(value),
      // Without a gas limit the node would try the call first, and refuse one that reverts. It is less than half a
      // block, so that no transaction, however wasteful, raises the base fee of 0.
      gas: toQuantity(10_000_000),
      gasPrice: "0x0",
    },
  ]);
  // Not waitForTransaction: it waits for the block after the one that it sees first, which may hold the transaction.
  for (let attempt = 0; attempt < 3000; attempt++) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
    await setTimeout(10);
  }
  throw new Error(`transaction ${hash} was not mined`);
}

/** Deploys code without constructor arguments and says where it is and what it is. */
export async function deployImplementation(
  provider: JsonRpcProvider,
  from: Hex,
  compilation: Compilation,
  contract: string,
): Promise<CodeUnderTest> {
  const initCode = contractOf(compilation, contract).evm.bytecode.object;
  const receipt = await send(provider, { from, to: null, data: `0x${initCode}` });
  const address = receipt.contractAddress?.toLowerCase() as Hex;
  return { address, code: Buffer.from((await provider.getCode(address)).slice(2), "hex") };
}

/** A case behind a real proxy. */
export interface DeployedCase<Actor extends string> {
  readonly context: CaseContext<Actor>;
  /** The vulnerable implementation, to which the proxy points. */
  readonly current: CodeUnderTest;
  /** The fixed implementation, deployed beside it. */
  readonly patch: CodeUnderTest;
}

/**
 * Deploys a case's vulnerable code behind a proxy, and the fixed code beside it, on a node with open accounts.
 * @param parts accounts, contracts among them, that play a part in place of one of the node's accounts.
 * @param proxyOwner who owns a transparent proxy's admin; the deployer by default.
 */
export async function deployCase<Actor extends string>(
  provider: JsonRpcProvider,
  corpusCase: CorpusCase<Actor>,
  variant: Variant,
  { parts = {}, proxyOwner }: { parts?: Partial<Record<Actor, Hex>>; proxyOwner?: Hex } = {},
): Promise<DeployedCase<Actor>> {
  const accounts = await provider.send("eth_accounts", []);
  const actors = Object.fromEntries(
    corpusCase.actors.map((actor, index) => [actor, (parts[actor] ?? accounts[index]).toLowerCase()]),
  ) as Record<Actor, Hex>;
  const deployer = actors[corpusCase.actors[0]!];
  const { contract, initializer } = corpusCase.variants[variant];
  const { vulnerable, fixed } = corpusCase.compile();
  const current = await deployImplementation(provider, deployer, vulnerable, contract);
  const patch = await deployImplementation(provider, deployer, fixed, contract);

  const subject = getCreateAddress({
    from: deployer,
    nonce: await provider.getTransactionCount(deployer),
  }).toLowerCase() as Hex;
  const initialization = initializer(actors);
  const [proxy, types, values] =
    variant === "transparent"
      ? [
          "TransparentUpgradeableProxy",
          ["address", "address", "bytes"],
          [current.address, proxyOwner ?? deployer, initialization],
        ]
      : ["ERC1967Proxy", ["address", "bytes"], [current.address, initialization]];
  const initCode = contractOf(compileProxies(), proxy as string).evm.bytecode.object;
  const parameters = AbiCoder.defaultAbiCoder().encode(types as string[], values as unknown[]);
  await send(provider, { from: deployer, to: null, data: `0x${initCode}${parameters.slice(2)}` });
  await send(provider, { from: deployer, to: subject, data: "0x", value: corpusCase.funds });

  const nonces = {} as Record<Actor, number>;
  for (const actor of corpusCase.actors) nonces[actor] = await provider.getTransactionCount(actors[actor]);
  const block = await provider.getBlock("latest");
  const context = { variant, subject, actors, nonces, timestamp: BigInt(block!.timestamp) };
  return { context, current, patch };
}
