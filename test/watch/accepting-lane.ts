import {
  Contract,
  hexlify,
  JsonRpcProvider,
  type JsonRpcSigner,
  randomBytes,
  toQuantity,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import {
  contractArtifact,
  deployContract,
  type SlowPathCall,
  TimelockClient,
} from "../../src/chain/index.js";
import { linkArtifact } from "../../src/code/index.js";
import { type Anvil, startAnvil } from "../../src/drill/anvil.js";
import { onSnapshot } from "../chain/snapshot.js";

const DAY = 86_400;
export const DELAY = 4 * 3600;
export const GRACE = 2 * DAY;
export const DISCLOSURE = 7 * DAY;
const SLOW_DELAY = 5;

/**
 * A contract in the place of PatchVerifier that takes every proof: it answers 1, and a question of the length of `commitmentOf` with the
 * salt of the opening, which so opens the commitment that it equals.
 */
const ACCEPTING_VERIFIER = "0x6019600a5f3960195ff33660a414600f5760015f5260205ff35b6084355f5260205ff3";
/** A contract that takes every call: in the place of a UUPS proxy, whose slot the timelock cannot read. */
const WILLING_PROXY = "0x6001600a5f3960015ff300";
/** Code that an execution may install. */
const CODE = "0x6002600a5f3960025ff3005f";

const PAIR = [0, 0];
const ANY_PROOF = { a: PAIR, b: [PAIR, PAIR], c: PAIR };

/** What a statement is scheduled with. */
export interface Scheduling {
  readonly commitment: bigint;
  readonly proxy: string;
  readonly group?: string;
  /** Seconds that it is valid from the newest block on; ten days unless given. */
  readonly validFor?: number;
}

/** A real timelock on a chain of its own, whose verifier takes every proof: lanes in any state, without the time that proofs take. */
export interface AcceptingLane {
  readonly anvil: Anvil;
  readonly provider: JsonRpcProvider;
  readonly timelock: TimelockClient;
  readonly council: JsonRpcSigner;
  readonly executor: JsonRpcSigner;
  readonly guardian: JsonRpcSigner;
  readonly governance: JsonRpcSigner;
  /** In which the timelock was deployed. */
  readonly block: number;
  /** Makes a proxy, without policy. */
  proxy(): Promise<string>;
  /** Makes a proxy whose lane is open. */
  openProxy(): Promise<string>;
  call(name: string, ...values: readonly unknown[]): SlowPathCall;
  /** Governs by the slow path, its delay included. */
  govern(...calls: readonly SlowPathCall[]): Promise<void>;
  policyCall(proxy: string): SlowPathCall;
  baselineCall(proxy: string): Promise<SlowPathCall>;
  newVerifier(): Promise<string>;
  schedule(scheduling: Scheduling): Promise<void>;
  /** Schedules many, a hundred in a block. */
  scheduleMany(commitments: readonly bigint[], proxy: string): Promise<void>;
  execute(...commitments: readonly bigint[]): Promise<void>;
  disclose(commitment: bigint, uri?: string): Promise<void>;
  veto(commitment: bigint, reason?: string): Promise<void>;
  halt(reason?: string): Promise<void>;
  later(seconds: number): Promise<void>;
  mine(blocks?: number): Promise<void>;
  onSnapshot<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function acceptingLane(): Promise<AcceptingLane> {
  const anvil = await startAnvil();
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 10 });
  const [governance, executor, council, guardian] = (await Promise.all(
    [0, 1, 2, 3].map((place) => provider.getSigner(place)),
  )) as [JsonRpcSigner, JsonRpcSigner, JsonRpcSigner, JsonRpcSigner];
  const created = async (data: string) => {
    const sent = await governance.sendTransaction({ data });
    return (await sent.wait())!.contractAddress!;
  };
  const newVerifier = () => created(ACCEPTING_VERIFIER);
  const code = await created(CODE);
  const libraries: Record<string, string> = {};
  for (const name of ["Policies", "DisclosureMerger"]) {
    const library = await deployContract(governance, { artifact: await contractArtifact(name) });
    libraries[name] = await library.getAddress();
  }
  const roles = {
    proposers: [governance.address],
    executors: [executor.address],
    council: [council.address],
    guardians: [guardian.address],
    admin: ZeroAddress,
  };
  const bounds = {
    ...{ minDelay: 3600, maxDelay: DAY, minGrace: 3600, maxGrace: 14 * DAY },
    ...{ minDisclosureDeadline: 3600, maxDisclosureDeadline: 30 * DAY, maxValidity: 365 * DAY },
  };
  const artifact = linkArtifact(await contractArtifact("FastTrackTimelock"), libraries);
  const deployed = await deployContract(governance, {
    artifact,
    constructorArguments: [SLOW_DELAY, roles, await newVerifier(), bounds],
  });
  const block = await provider.getBlockNumber();
  const address = await deployed.getAddress();
  const timelock = await TimelockClient.at(address, governance);
  const contract = new Contract(address, timelock.interface);
  const sent = async (signer: JsonRpcSigner, name: string, ...values: readonly unknown[]) => {
    const transaction = await contract.getFunction(name).populateTransaction(...values);
    await (await signer.sendTransaction({ ...transaction, gasLimit: 5_000_000 })).wait();
  };
  const later = async (seconds: number) => {
    await provider.send("evm_increaseTime", [seconds]);
    await provider.send("evm_mine", []);
  };
  const call = (name: string, ...values: readonly unknown[]): SlowPathCall => ({
    target: address,
    data: timelock.interface.encodeFunctionData(name, values),
  });
  const policyCall = (proxy: string) =>
    call("setPolicy", proxy, {
      ...{ kind: 0, admin: ZeroAddress, disclosureDeadline: DISCLOSURE, threshold: 1, maxWaivers: 0 },
      ...{ delay: DELAY, grace: GRACE, auditorRoot: 1n, vectorRoot: 2n, checks: [] },
    });
  const baselineCall = async (proxy: string) => call("setBaseline", proxy, await created(CODE), 3n, 4n);
  const govern = async (...calls: readonly SlowPathCall[]) => {
    const operation = { calls, salt: hexlify(randomBytes(32)) };
    await timelock.scheduleSlowPath(operation, BigInt(SLOW_DELAY));
    await later(SLOW_DELAY);
    await timelock.as(executor).executeSlowPath(operation);
  };
  const proxy = () => created(WILLING_PROXY);
  const request = ({ commitment, proxy, group = ZeroHash, validFor = 10 * DAY }: Scheduling, now: bigint) => [
    { commitment, proxy, validUntil: now + BigInt(validFor), group },
    [],
    ANY_PROOF,
  ];
  const execution = (commitment: bigint) => [
    commitment,
    { implementation: code, initCode: "0x", deploySalt: ZeroHash },
    { layoutRoot: 5n, codeDigest: 6n, migrationGas: 0n, migration: "0x" },
    ANY_PROOF,
  ];
  return {
    ...{ anvil, provider, timelock, council, executor, guardian, governance, block, proxy, call, govern },
    ...{ policyCall, baselineCall, newVerifier, later },
    openProxy: async () => {
      const made = await proxy();
      await govern(policyCall(made), await baselineCall(made));
      return made;
    },
    schedule: async (scheduling) => sent(council, "schedule", ...request(scheduling, await timelock.now())),
    scheduleMany: async (commitments, proxy) => {
      await provider.send("evm_setAutomine", [false]);
      const now = await timelock.now();
      let nonce = await provider.getTransactionCount(council.address);
      for (let from = 0; from < commitments.length; from += 100) {
        const some = commitments.slice(from, from + 100);
        const first = nonce;
        await Promise.all(
          some.map(async (commitment, index) => {
            const values = request({ commitment, proxy }, now);
            const { data } = await contract.getFunction("schedule").populateTransaction(...values);
            const gas = toQuantity(290_000);
            const sent = { from: council.address, to: address, data, gas, nonce: toQuantity(first + index) };
            await provider.send("eth_sendTransaction", [sent]);
          }),
        );
        nonce += some.length;
        await provider.send("evm_mine", []);
      }
      await provider.send("evm_setAutomine", [true]);
    },
    execute: async (...commitments) => {
      const executions = commitments.map(execution);
      if (executions.length === 1) return sent(executor, EXECUTE, ...executions[0]!);
      const columns = [0, 1, 2, 3].map((column) => executions.map((values) => values[column]));
      return sent(executor, EXECUTE_BATCH, ...columns);
    },
    disclose: (commitment, uri = "https://example.org/disclosure.json") => {
      const opening = { codeDigest: 1n, layoutRoot: 2n, incidentRoot: 3n, callDigest: 4n, salt: commitment };
      return sent(council, "disclose", commitment, opening, ZeroHash, uri);
    },
    veto: (commitment, reason = "a test") => sent(guardian, "veto", commitment, reason),
    halt: (reason = "a test") => sent(guardian, "halt", reason),
    mine: async (blocks = 1) => void (await provider.send("anvil_mine", [toQuantity(blocks)])),
    onSnapshot: (work) => onSnapshot(provider, work),
    stop: async () => {
      provider.destroy();
      await anvil.stop();
    },
  };
}

const PROOF = "(uint256[2],uint256[2][2],uint256[2])";
const PARTS = ["uint256", "(address,bytes,bytes32)", "(uint256,uint256,uint64,bytes)", PROOF] as const;
const EXECUTE = `execute(${PARTS})`;
const EXECUTE_BATCH = `executeBatch(${PARTS.map((type) => `${type}[]`)})`;
