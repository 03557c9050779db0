import { setTimeout } from "node:timers/promises";
import { AbiCoder, hexlify, type JsonRpcProvider, type TransactionReceipt, toQuantity } from "ethers";
import { contractArtifact } from "../chain/index.js";
import { type CompiledContracts, initCodeOf } from "../solc/index.js";
import type { CodeUnderTest, Hex } from "../vectors/index.js";
import {
  type CaseContext,
  type CorpusCase,
  type ExploitTransaction,
  type Variant,
  variantOf,
} from "./case.js";
import { hold, StepFailed } from "./steps.js";

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
  throw new StepFailed(`transaction ${hash} was not mined`);
}

/** Creates a contract and says where it is. */
async function create(provider: JsonRpcProvider, from: Hex, initCode: Hex): Promise<Hex> {
  const { status, contractAddress } = await send(provider, { from, to: null, data: initCode });
  hold(status === 1 && contractAddress !== null, "a contract of the case was not created");
  return contractAddress.toLowerCase() as Hex;
}

/** Deploys code without constructor arguments and says where it is and what it is. */
export async function deployImplementation(
  provider: JsonRpcProvider,
  from: Hex,
  compilation: CompiledContracts,
  contract: string,
): Promise<CodeUnderTest> {
  const address = await create(provider, from, initCodeOf(compilation, contract));
  return { address, code: Buffer.from((await provider.getCode(address)).slice(2), "hex") };
}

/** Who plays which part, where it is not one of the node's accounts. */
export interface Casting {
  /** The account that may upgrade the proxy: the owner of a transparent proxy's admin, or the part of the case that may. */
  readonly proxyOwner?: Hex;
}

/**
 * Puts an implementation of a case behind a real proxy, with everything around it, on a node with open accounts.
 * @throws SealpatchError `corpus/no-variant`, `proof/not-built`: the proxies come from the build.
 */
export async function deploySubject<Actor extends string>(
  provider: JsonRpcProvider,
  corpusCase: CorpusCase<Actor>,
  variant: Variant,
  implementation: Hex,
  { proxyOwner }: Casting = {},
): Promise<CaseContext<Actor>> {
  const { upgrader, initializer } = variantOf(corpusCase, variant);
  const accounts: string[] = await provider.send("eth_accounts", []);
  const actors = Object.fromEntries(
    corpusCase.actors.map((actor, index) => [
      actor,
      (actor === upgrader && proxyOwner !== undefined ? proxyOwner : accounts[index]!).toLowerCase(),
    ]),
  ) as Record<Actor, Hex>;
  const deployer = actors[corpusCase.actors[0]!];

  const { exploit } = await corpusCase.compile();
  const surroundings: Record<string, Hex> = {};
  for (const [name, initCode] of Object.entries(corpusCase.surroundings?.(actors, exploit) ?? {}))
    surroundings[name] = await create(provider, deployer, initCode);

  const initialization = initializer(actors, surroundings);
  const [proxy, types, values] =
    variant === "transparent"
      ? [
          "TransparentUpgradeableProxy",
          ["address", "address", "bytes"],
          [implementation, proxyOwner ?? deployer, initialization],
        ]
      : ["ERC1967Proxy", ["address", "bytes"], [implementation, initialization]];
  const { creationCode } = await contractArtifact(proxy as string);
  const parameters = AbiCoder.defaultAbiCoder().encode(types as string[], values as unknown[]);
  const subject = await create(provider, deployer, `${hexlify(creationCode)}${parameters.slice(2)}` as Hex);
  const { funds } = corpusCase;
  if (funds > 0n) await send(provider, { from: deployer, to: subject, data: "0x", value: funds });

  const nonces = {} as Record<Actor, number>;
  for (const actor of corpusCase.actors) nonces[actor] = await provider.getTransactionCount(actors[actor]);
  const { chainId } = await provider.getNetwork();
  const block = await provider.getBlock("latest");
  const timestamp = BigInt(block!.timestamp);
  return { variant, chainId, subject, surroundings, actors, nonces, timestamp, exploit };
}

/** A case behind a real proxy. */
export interface DeployedCase<Actor extends string> {
  readonly context: CaseContext<Actor>;
  /** The vulnerable implementation, to which the proxy points. */
  readonly current: CodeUnderTest;
  /** The fixed implementation, deployed beside it. */
  readonly patch: CodeUnderTest;
}

/** Deploys a case's vulnerable code behind a proxy, and the fixed code beside it. */
export async function deployCase<Actor extends string>(
  provider: JsonRpcProvider,
  corpusCase: CorpusCase<Actor>,
  variant: Variant,
  casting: Casting = {},
): Promise<DeployedCase<Actor>> {
  const { contract } = variantOf(corpusCase, variant);
  const { vulnerable, fixed } = await corpusCase.compile();
  const [deployer] = (await provider.send("eth_accounts", [])) as [Hex];
  const current = await deployImplementation(provider, deployer, vulnerable, contract);
  const patch = await deployImplementation(provider, deployer, fixed, contract);
  return {
    context: await deploySubject(provider, corpusCase, variant, current.address, casting),
    current,
    patch,
  };
}
