import { readFileSync } from "node:fs";
import { AbiCoder, getBytes, Interface, keccak256 } from "ethers";
import { type CompiledContracts, contractOf } from "../../src/solc/index.js";
import {
  type CodeUnderTest,
  canonicalVectorSet,
  DEFAULT_STEP_LIMIT,
  type Environment,
  type Expectation,
  type Hex,
  IMPLEMENTATION_SLOT,
  runVector,
  type Vector,
  type VectorCall,
  type VectorSet,
} from "../../src/vectors/index.js";
import { compileSolidity } from "../../tools/solc.js";

let compiled: CompiledContracts | undefined;

/** contracts/Probe.sol. */
export function probes(): CompiledContracts {
  const source = readFileSync(new URL("./contracts/Probe.sol", import.meta.url), "utf8");
  const settings = { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } };
  compiled ??= compileSolidity({ sources: { "Probe.sol": source }, settings });
  return compiled;
}

/** Interface of the probe. */
export function probeInterface(): Interface {
  return new Interface(contractOf(probes(), "Probe").abi as never[]);
}

export const ALICE: Hex = `0x${"a1".repeat(20)}`;
export const BOB: Hex = `0x${"b0".repeat(20)}`;
export const PROXY: Hex = `0x${"99".repeat(20)}`;
export const PROBE: Hex = `0x${"77".repeat(20)}`;
export const ETHER = 10n ** 18n;

/** The probe as code under test, its immutable filled in with its address. */
export function probeCode(address: Hex = PROBE): CodeUnderTest {
  const { object, immutableReferences } = contractOf(probes(), "Probe").evm.deployedBytecode;
  const code = getBytes(`0x${object}`);
  for (const places of Object.values(immutableReferences as Record<string, { start: number }[]>)) {
    for (const { start } of places) code.set(getBytes(address), start + 12);
  }
  return { code, address };
}

export const ENVIRONMENT: Environment = {
  timestamp: 1_700_000_000n,
  number: 18_000_000n,
  chainId: 1n,
  coinbase: `0x${"c0".repeat(20)}`,
  prevRandao: 2n ** 255n + 5n,
  baseFee: 7n,
  blobBaseFee: 3n,
  gasLimit: 30_000_000n,
  gasPrice: 9n,
  origin: ALICE,
  blockHashes: [],
};

/** A call of the probe through its proxy. */
export function probeCall(
  name: string,
  values: readonly unknown[] = [],
  more: { from?: Hex; to?: Hex | null; value?: bigint; data?: Hex; environment?: Partial<Environment> } = {},
): VectorCall {
  const { from = ALICE, to = PROXY, value = 0n, environment = {} } = more;
  return {
    from,
    to,
    data: more.data ?? (probeInterface().encodeFunctionData(name, values) as Hex),
    value,
    environment: { ...ENVIRONMENT, origin: from, ...environment },
  };
}

const EMPTY: Expectation = { calls: [], accounts: [], slots: [] };

/** A set of one vector over the proxy with 10 ETH and Alice with 100; by default its expectation fits nothing. */
export function probeSet(
  calls: readonly VectorCall[],
  overrides: Partial<Vector> & {
    proxyStorage?: Vector["accounts"][number]["storage"];
    codes?: VectorSet["codes"];
  } = {},
): VectorSet {
  const code = `0x${contractOf(probes(), "Proxy").evm.deployedBytecode.object}` as Hex;
  const codeHash = keccak256(code) as Hex;
  const { proxyStorage = [], codes = {}, ...vector } = overrides;
  return canonicalVectorSet({
    schema: "sealpatch.vectors/1",
    codes: { [codeHash]: code, ...codes },
    vectors: [
      {
        name: "probe",
        kind: "regression",
        hardfork: "cancun",
        stepLimit: DEFAULT_STEP_LIMIT,
        subject: PROXY,
        pointer: { account: PROXY, slot: IMPLEMENTATION_SLOT },
        accounts: [
          { address: ALICE, balance: 100n * ETHER, nonce: 5n, codeHash: null, storage: [] },
          { address: PROXY, balance: 10n * ETHER, nonce: 1n, codeHash, storage: proxyStorage },
        ],
        calls: [...calls],
        expectation: { ...EMPTY, calls: calls.map(() => ({ success: true, returnData: "0x", logs: [] })) },
        ...vector,
      },
    ],
  });
}

/** Runs a set's only vector; the outcome must not be the step limit. */
export async function runProbe(set: VectorSet, code: CodeUnderTest = probeCode()): Promise<Expectation> {
  const { outcome } = await runVector(set.vectors[0]!, set.codes, code, 0);
  if (outcome === "step-limit") throw new Error("the probe hit the step limit");
  return outcome;
}

/** The set with its vector's expectation replaced by what the probe really does. */
export async function expectingItself(set: VectorSet, code: CodeUnderTest = probeCode()): Promise<VectorSet> {
  return { ...set, vectors: [{ ...set.vectors[0]!, expectation: await runProbe(set, code) }] };
}

/** ABI-encoded return values. */
export function abi(types: readonly string[], values: readonly unknown[]): Hex {
  return AbiCoder.defaultAbiCoder().encode(types, values) as Hex;
}
