import { Contract, type ContractRunner, hexlify, Interface, type Provider, type Signer } from "ethers";
import type { Manifest } from "../manifest.js";
import type { PatchOpening, Target } from "../patch/index.js";
import type { SolidityProof } from "../proof/prover/index.js";
import { contractArtifact, TIMELOCK_LIBRARIES } from "./artifacts.js";
import { explainChainError } from "./errors.js";
import { type Mined, type SendTransaction, sendWith } from "./send.js";
import { assertProxySlots } from "./slots.js";
import {
  type CodeSource,
  type Execution,
  type ExecutionOpening,
  LANE_STATUS,
  type LanePolicy,
  type LaneStatus,
  PROXY_KINDS,
  type SlowPathCall,
  STATEMENT_STATES,
  type StatementState,
} from "./types.js";

const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
const ZERO_WORD = `0x${"00".repeat(32)}`;

/** A FastTrackTimelock on a chain, read and written with typed values and typed errors. */
export class TimelockClient {
  readonly address: string;
  readonly interface: Interface;
  private readonly contract: Contract;

  private constructor(
    address: string,
    abi: Interface,
    runner: ContractRunner,
    private readonly sender?: SendTransaction,
  ) {
    this.address = address;
    this.interface = abi;
    this.contract = new Contract(address, abi, runner);
  }

  /** @param runner a provider to read, a signer to write as well. */
  static async at(address: string, runner: ContractRunner, manifest?: Manifest): Promise<TimelockClient> {
    const { abi } = await contractArtifact("FastTrackTimelock", manifest);
    // The errors of what it calls pass through the timelock.
    const called = await Promise.all(
      ["PatchVerifier", ...TIMELOCK_LIBRARIES].map((name) => contractArtifact(name, manifest)),
    );
    const errors = called.flatMap((artifact) => artifact.abi.filter(({ type }) => type === "error"));
    return new TimelockClient(address, new Interface([...abi, ...errors]), runner);
  }

  /** The same timelock for another account. */
  as(runner: ContractRunner): TimelockClient {
    return new TimelockClient(this.address, this.interface, runner);
  }

  /** The same timelock, written to in another way, for example by a Safe (`sendThroughSafe`). */
  through(sender: SendTransaction): TimelockClient {
    return new TimelockClient(this.address, this.interface, this.contract.runner!, sender);
  }

  /**
   * The target that a statement for `proxy` has at present, read from the chain.
   * @throws SealpatchError `chain/other-implementation`, `chain/other-admin` where the proxy's own slots disagree with what
   *   governance registered: an upgrade through the timelock might then change nothing.
   */
  async target(proxy: string, validUntil: bigint): Promise<Target> {
    const [baseline, policy, nonce] = await this.read("baseline", () =>
      Promise.all([
        this.contract.getFunction("baselineOf")(proxy),
        this.contract.getFunction("policyOf")(proxy),
        this.contract.getFunction("nonceOf")(proxy),
      ]),
    );
    const kind = PROXY_KINDS[Number(policy.kind)]!;
    await assertProxySlots(this.provider, { proxy, kind, admin: policy.admin, ...baseline.toObject() });
    const { chainId } = await this.provider.getNetwork();
    return { chainId, timelock: this.address, proxy, codehash: baseline.codehash, nonce, validUntil };
  }

  /** Address and layout root of what `proxy` runs, as governance registered it. */
  async baseline(proxy: string): Promise<{ implementation: string; codehash: string; layoutRoot: bigint }> {
    return this.read("baseline", () => this.contract.getFunction("baselineOf")(proxy));
  }

  /** Who calls a migration of `proxy`: the ProxyAdmin of its policy, else this timelock. */
  async migrationCaller(proxy: string): Promise<string> {
    const { admin } = await this.read("policy", () => this.contract.getFunction("policyOf")(proxy));
    return admin === ZERO_ADDRESS ? this.address : admin;
  }

  async state(id: string): Promise<StatementState> {
    return STATEMENT_STATES[Number(await this.read("state", () => this.contract.getFunction("state")(id)))]!;
  }

  /** Times of a statement, seconds since the epoch; `deadline` ends its present state. */
  async statement(id: string): Promise<{ eta: bigint; deadline: bigint; commitment: bigint }> {
    const { eta, deadline, commitment } = await this.read("statement", () =>
      this.contract.getFunction("statementOf")(id),
    );
    return { eta, deadline, commitment };
  }

  async laneStatus(proxy: string): Promise<LaneStatus> {
    const { reason } = await this.read("lane", () => this.contract.getFunction("laneStatus")(proxy));
    return LANE_STATUS[Number(reason)]!;
  }

  /** Schedules a sealed patch (COUNCIL_ROLE). @param path Merkle path of this chain's target; empty with one target. */
  async schedule(
    commitment: bigint,
    target: Pick<Target, "proxy" | "validUntil">,
    path: readonly string[],
    proof: SolidityProof,
  ): Promise<Mined> {
    const statement = { commitment, proxy: target.proxy, validUntil: target.validUntil };
    return this.send("schedule", [statement, path, proof]);
  }

  /** Executes a scheduled statement. @param send how; see `executionSender`. */
  async execute(
    id: string,
    code: CodeSource,
    opening: ExecutionOpening,
    proof: SolidityProof,
    send?: SendTransaction,
  ): Promise<Mined> {
    return this.send(
      this.fastTrackOverload("execute"),
      [id, codeSource(code), executionOpening(opening), proof],
      send,
    );
  }

  /**
   * Executes several scheduled statements in one transaction, all or nothing: for a fix that spans proxies.
   * @param send how; see `executionSender`.
   */
  async executeBatch(items: readonly Execution[], send?: SendTransaction): Promise<Mined> {
    return this.send(
      this.fastTrackOverload("executeBatch"),
      [
        items.map(({ id }) => id),
        items.map(({ code }) => codeSource(code)),
        items.map(({ opening }) => executionOpening(opening)),
        items.map(({ proof }) => proof),
      ],
      send,
    );
  }

  async veto(id: string, reason: string): Promise<Mined> {
    return this.send("veto", [id, reason]);
  }

  async halt(reason: string): Promise<Mined> {
    return this.send("halt", [reason]);
  }

  async disclose(id: string, opening: PatchOpening, bundleHash: string, uri: string): Promise<Mined> {
    return this.send("disclose", [id, opening, bundleHash, uri]);
  }

  /** Calldata for the timelock to set a policy on itself by its slow path. */
  setPolicyCall(proxy: string, policy: LanePolicy): SlowPathCall {
    const kind = PROXY_KINDS.indexOf(policy.kind);
    return this.selfCall("setPolicy", [proxy, { ...policy, kind }]);
  }

  setBaselineCall(proxy: string, implementation: string, layoutRoot: bigint): SlowPathCall {
    return this.selfCall("setBaseline", [proxy, implementation, layoutRoot]);
  }

  resumeCall(): SlowPathCall {
    return this.selfCall("resume", []);
  }

  clearFreezeCall(id: string): SlowPathCall {
    return this.selfCall("clearFreeze", [id]);
  }

  /** Schedules calls on the slow path (PROPOSER_ROLE). @param delay seconds, at least the timelock's. */
  async scheduleSlowPath(calls: readonly SlowPathCall[], salt: string, delay: bigint): Promise<Mined> {
    return this.send("scheduleBatch", [...slowPath(calls, salt), delay]);
  }

  /** Executes calls on the slow path once their delay has passed (EXECUTOR_ROLE). */
  async executeSlowPath(calls: readonly SlowPathCall[], salt: string): Promise<Mined> {
    return this.send("executeBatch(address[],uint256[],bytes[],bytes32,bytes32)", slowPath(calls, salt));
  }

  get provider(): Provider {
    return this.contract.runner!.provider!;
  }

  /** TimelockController has functions of the same names: those of the fast lane take ids first. */
  private fastTrackOverload(name: "execute" | "executeBatch"): string {
    const overload = this.interface.fragments.find(
      (fragment) => fragment.type === "function" && fragment.format().startsWith(`${name}(bytes32`),
    );
    return overload!.format();
  }

  private selfCall(name: string, values: readonly unknown[]): SlowPathCall {
    return { target: this.address, data: this.interface.encodeFunctionData(name, values) };
  }

  private async send(name: string, values: readonly unknown[], send?: SendTransaction): Promise<Mined> {
    try {
      const transaction = await this.contract.getFunction(name).populateTransaction(...values);
      return await (send ?? this.sender ?? sendWith(this.contract.runner as Signer))(transaction);
    } catch (error) {
      throw explainChainError(error, this.interface, name.split("(")[0]!);
    }
  }

  private async read<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainChainError(error, this.interface, `reading the ${what}`);
    }
  }
}

function codeSource(code: CodeSource) {
  return "implementation" in code
    ? { implementation: code.implementation, initCode: "0x", deploySalt: ZERO_WORD }
    : { implementation: ZERO_ADDRESS, initCode: hexlify(code.initCode), deploySalt: code.deploySalt };
}

function executionOpening({ layoutRoot, migration }: ExecutionOpening) {
  return { layoutRoot, migration: hexlify(migration) };
}

function slowPath(calls: readonly SlowPathCall[], salt: string): unknown[] {
  return [
    calls.map(({ target }) => target),
    calls.map(() => 0n),
    calls.map(({ data }) => data),
    ZERO_WORD,
    salt,
  ];
}
