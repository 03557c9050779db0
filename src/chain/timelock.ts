import {
  AbiCoder,
  Contract,
  type ContractRunner,
  type Interface,
  keccak256,
  type Provider,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import { checkAddress } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { assertField } from "../field/index.js";
import type { Manifest } from "../manifest.js";
import { NO_GROUP, statementId, type Target, targetLeaf } from "../patch/index.js";
import type { ProvenPatch } from "../proof/index.js";
import type { CodeUnderTest, Hex } from "../vectors/index.js";
import { contractArtifact } from "./artifacts.js";
import { type Route, TimelockContract } from "./contract.js";
import { assertBuilt } from "./lane-policy.js";
import { asked, newestBlock, nodeChainId } from "./node.js";
import { LaneParts } from "./parts.js";
import { disclosureParts, executionParts, schedulingParts } from "./proven.js";
import { decodeSafetyChecks, encodeSafetyChecks } from "./safety-checks.js";
import type { Mined, SendTransaction } from "./send.js";
import { assertCurrentCode, assertProxySlots, codeAt } from "./slots.js";
import { enumName, LANE_STATUS, type LaneStatus, STATEMENT_STATES, type StatementState } from "./states.js";
import {
  type Baseline,
  type ContractCall,
  type Disclosed,
  type LanePolicy,
  type PolicyView,
  PROXY_KINDS,
  type Scheduled,
  type SlowPathCall,
  type SlowPathOperation,
  type SlowPathTransactions,
} from "./types.js";
import { assertVerifier } from "./verifier.js";

/** Types of an operation: targets, values, calldata, predecessor, salt. Its id is the hash of their encoding (OpenZeppelin's TimelockController). */
const OPERATION = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"];
/** The slow path's own; the fast lane has a function of that name, too. */
const EXECUTE_OPERATION = `executeBatch(${OPERATION})`;

/** Roles of a timelock, as its constants `NAME_ROLE` have them: OpenZeppelin's, and those of the fast lane. */
export const TIMELOCK_ROLES = [
  "DEFAULT_ADMIN",
  "PROPOSER",
  "CANCELLER",
  "EXECUTOR",
  "COUNCIL",
  "GUARDIAN",
] as const;
export type TimelockRole = (typeof TIMELOCK_ROLES)[number];

/** What reading the logs and views of a timelock takes. */
export type TimelockView = Pick<TimelockClient, "address" | "interface" | "provider">;

/** A FastTrackTimelock on a chain, read and written with typed values and typed errors. */
export class TimelockClient {
  readonly #contract: TimelockContract;
  /** The same functions over loose parts. */
  readonly parts: LaneParts;

  private constructor(contract: TimelockContract) {
    this.#contract = contract;
    this.parts = new LaneParts(contract);
  }

  /**
   * @param runner a provider to read, a signer to write as well.
   * @throws SealpatchError `proof/not-built`.
   * @example
   * ```ts
   * const timelock = await TimelockClient.at(address, new JsonRpcProvider(rpcUrl));
   * console.log(await timelock.laneStatus(proxy));
   * ```
   */
  static async at(address: string, runner: ContractRunner): Promise<TimelockClient> {
    return new TimelockClient(await TimelockContract.at(address, runner));
  }

  /** The same timelock for another account. */
  as(runner: ContractRunner): TimelockClient {
    return new TimelockClient(this.#contract.as(runner));
  }

  /** The same timelock, written to in another way, for example by a Safe (`sendThroughSafe`). */
  through(sender: SendTransaction): TimelockClient {
    return new TimelockClient(this.#contract.through(sender));
  }

  get address(): string {
    return this.#contract.address;
  }

  get interface(): Interface {
    return this.#contract.interface;
  }

  get provider(): Provider {
    return this.#contract.provider;
  }

  /**
   * The target that a statement for `proxy` has at present, read from the chain.
   * @param validUntil seconds since the epoch.
   * @param group of the statement where it executes with others (`groupOf`).
   * @throws SealpatchError `chain/other-code-digest`, `chain/other-implementation`, `chain/other-admin` where the proxy's own slots disagree with what
   *   governance registered: an upgrade through the timelock might then change nothing.
   * @example
   * ```ts
   * const { timestamp } = (await timelock.provider.getBlock("latest"))!;
   * const target = await timelock.target(proxy, BigInt(timestamp) + 10n * 86_400n);
   * ```
   */
  async target(proxy: string, validUntil: bigint, group: string = NO_GROUP): Promise<Target> {
    const [{ implementation, codehash, currentCode }, policy, nonce] = await Promise.all([
      this.baseline(proxy),
      this.#policy(proxy),
      this.#contract.read<bigint>("nonceOf", proxy),
    ]);
    const kind = PROXY_KINDS[Number(policy.kind)]!;
    const registered = { timelock: this.address, proxy, kind, admin: policy.admin, implementation };
    await assertProxySlots(this.provider, registered);
    await assertCurrentCode(this.provider, { implementation, currentCode });
    const chainId = await nodeChainId(this.provider);
    return { chainId, timelock: this.address, proxy, codehash, nonce, validUntil, group };
  }

  /** What governance demands of fast-track upgrades of `proxy`; undefined where it has set no policy, or removed it. */
  async policy(proxy: string): Promise<LanePolicy | undefined> {
    const view = await this.#policy(checkAddress(proxy, "the proxy"));
    // No policy that the contract takes asks for nobody.
    if (view.threshold === 0n) return undefined;
    return {
      kind: PROXY_KINDS[Number(view.kind)]!,
      admin: view.admin,
      disclosureDeadline: Number(view.disclosureDeadline),
      threshold: Number(view.threshold),
      maxWaivers: Number(view.maxWaivers),
      delay: Number(view.delay),
      grace: Number(view.grace),
      auditorRoot: view.auditorRoot,
      vectorRoot: view.vectorRoot,
      checks: decodeSafetyChecks(view.checks),
    };
  }

  /**
   * The implementation that is live behind `proxy`, by its registered baseline, with its code as the chain has it.
   * @throws SealpatchError as `asked` does.
   */
  async currentCode(proxy: string): Promise<CodeUnderTest> {
    const { implementation } = await this.baseline(proxy);
    return { address: implementation as Hex, code: await codeAt(this.provider, implementation) };
  }

  /** Time of the newest block, seconds since the epoch. @throws SealpatchError as `asked` does. */
  async now(): Promise<bigint> {
    return BigInt((await newestBlock(this.provider)).timestamp);
  }

  /** Address, code hash, layout root and code digest of what `proxy` runs, as governance registered it. */
  async baseline(proxy: string): Promise<Baseline> {
    const view = await this.#contract.read<Baseline>("baselineOf", proxy);
    const { implementation, codehash, layoutRoot, currentCode } = view;
    return { implementation, codehash, layoutRoot, currentCode };
  }

  /** Who calls a migration of `proxy`: the ProxyAdmin of its policy, else this timelock. */
  async migrationCaller(proxy: string): Promise<string> {
    const { admin } = await this.#policy(proxy);
    return admin === ZeroAddress ? this.address : admin;
  }

  /** The state of a statement. Where it is of a group, it says nothing of the others: see `groupState`. */
  async state(commitment: bigint): Promise<StatementState> {
    return enumName(STATEMENT_STATES, await this.#contract.read("state", commitment));
  }

  /**
   * The state of a whole group: that of a member that was vetoed, expired or is superseded, for then none can be executed any
   * more; else that of the member that is least far.
   * @param commitments of all members, in the order of the group.
   * @throws SealpatchError `chain/reverted` where a member is of another group.
   */
  async groupState(commitments: readonly bigint[]): Promise<StatementState> {
    return enumName(STATEMENT_STATES, await this.#contract.read("groupState", commitments));
  }

  /**
   * Times of a statement, seconds since the epoch, and its group, 32 bytes as hex, zero where it has none; `deadline` ends
   * its present state.
   */
  async statement(commitment: bigint): Promise<{ eta: bigint; deadline: bigint; group: string }> {
    const view = await this.#contract.read<{ eta: bigint; deadline: bigint; group: string }>(
      "statementOf",
      commitment,
    );
    return { eta: view.eta, deadline: view.deadline, group: view.group };
  }

  /** Whether an account holds a role of this timelock, or everybody does. @throws SealpatchError as `asked` does. */
  async holdsRole(role: TimelockRole, account: string): Promise<boolean> {
    const hash = await this.#contract.read<string>(`${role}_ROLE`);
    const everybody =
      role === "EXECUTOR" && (await this.#contract.read<boolean>("hasRole", hash, ZeroAddress));
    return everybody || this.#contract.read<boolean>("hasRole", hash, checkAddress(account, "the account"));
  }

  /** Setup hash of the verifier that this timelock asks, 32 bytes as hex. @throws SealpatchError as `asked` does. */
  async setupHash(): Promise<string> {
    const verifier = await this.#contract.read<string>("verifier");
    const { abi } = await contractArtifact("PatchVerifier");
    const view = new Contract(verifier, [...abi], this.provider).getFunction("setupHash");
    return asked("reading the verifier's setup hash", () => view.staticCall());
  }

  /** Seconds that the slow path waits at least. @throws SealpatchError as `asked` does. */
  async minDelay(): Promise<bigint> {
    return this.#contract.read("getMinDelay");
  }

  /** Whether a guardian has closed the lane of every proxy. @throws SealpatchError as `asked` does. */
  async halted(): Promise<boolean> {
    return this.#contract.read("halted");
  }

  /** When the next disclosure is due, in seconds since the epoch; 0 where none is. @throws SealpatchError as `asked` does. */
  async nextDisclosureDueAt(): Promise<bigint> {
    return this.#contract.read("nextDisclosureDueAt");
  }

  async laneStatus(proxy: string): Promise<LaneStatus> {
    const { reason } = await this.#contract.read<{ reason: bigint }>("laneStatus", proxy);
    return enumName(LANE_STATUS, reason);
  }

  /**
   * Schedules a sealed patch (COUNCIL_ROLE). All that becomes public is in the statement of the proof.
   * @param target one of those that the patch was reviewed for.
   * @throws SealpatchError `patch/unknown-target`, `chain/other-timelock`, `chain/reverted`.
   * @example
   * ```ts
   * const council = timelock.through(sendThroughSafe({ safe, owners, relay }));
   * const { id } = await council.schedule(proven, target);
   * ```
   */
  async schedule(proven: ProvenPatch, target: Target): Promise<Scheduled> {
    const parts = schedulingParts(proven, target);
    const chainId = await nodeChainId(this.provider);
    if (target.chainId !== chainId || BigInt(target.timelock) !== BigInt(this.address)) {
      throw new SealpatchError("chain/other-timelock", "the target is for another timelock or chain", {
        details: { target: target.timelock, targetChain: target.chainId, timelock: this.address, chainId },
        remedy: "take the target of this timelock on this chain",
      });
    }
    const mined = await this.parts.schedule(parts);
    return { id: statementId(parts.commitment, targetLeaf(target)), mined };
  }

  /**
   * Executes a scheduled statement (EXECUTOR_ROLE): deploys the patch, binds it to the proof, installs it and checks; then
   * reads what the proxy runs from its own slot.
   * @param route how the transaction, which shows the patch, reaches the chain: `{ relay }` or `{ public: true }`. It may be left out
   *   on local chains alone.
   * @throws SealpatchError `chain/public-mempool` off local chains without a route, `chain/too-much-gas`, `chain/reverted`,
   *   `chain/not-mined`, `chain/not-installed`; `chain/not-checked` where the execution is mined and the node cannot say what the proxy
   *   runs.
   * @example
   * ```ts
   * const mined = await timelock.execute(proven, { relay: sendWith(privateRelay) });
   * ```
   */
  async execute(proven: ProvenPatch, route?: Route): Promise<Mined> {
    return this.parts.execute(executionParts(proven), route);
  }

  /**
   * Executes several scheduled statements in one transaction, all or nothing, for a fix that spans proxies: one whole group
   * in its order, or statements without a group.
   * @throws SealpatchError as `execute` does.
   * @example
   * ```ts
   * await timelock.executeBatch([proven, otherProven], { relay: sendWith(privateRelay) });
   * ```
   */
  async executeBatch(patches: readonly ProvenPatch[], route?: Route): Promise<Mined> {
    return this.parts.executeBatch(patches.map(executionParts), route);
  }

  /** Ends a scheduled statement, and so its whole group (GUARDIAN_ROLE). @param veto.reason becomes public. */
  async veto(veto: { readonly commitment: bigint; readonly reason: string }): Promise<Mined> {
    return this.#contract.send("veto", [veto.commitment, veto.reason]);
  }

  /**
   * Runs a call of this timelock as an account, without sending anything. The node sees it.
   * @throws SealpatchError `chain/reverted` with what the contract would refuse, and as `asked` does.
   */
  async tryCall({ target, data }: ContractCall, from: string): Promise<void> {
    await this.#contract.tryCall({ to: target, data, from });
  }

  /** The call of `veto`, for a guardian that sends it by other means: a Safe. @throws SealpatchError `field/out-of-range`. */
  vetoCall(veto: { readonly commitment: bigint; readonly reason: string }): ContractCall {
    return this.#contract.call("veto", [assertField(veto.commitment, "commitment"), veto.reason]);
  }

  /** The call of `halt`, for a guardian that sends it by other means: a Safe. */
  haltCall(reason: string): ContractCall {
    return this.#contract.call("halt", [reason]);
  }

  /** Closes the fast lane of every proxy (GUARDIAN_ROLE). Only governance opens it again. */
  async halt(reason: string): Promise<Mined> {
    return this.#contract.send("halt", [reason]);
  }

  /**
   * Opens the commitment of an executed statement (COUNCIL_ROLE) and commits to the disclosure file.
   * @param proven what was executed.
   * @param publication `uri`: where the file will be found; its bytes are the text that this returns.
   * @throws SealpatchError `chain/reverted`.
   * @example
   * ```ts
   * const { text } = await timelock.disclose(proven, { uri: "https://example.org/disclosure.json" });
   * await writeFile("disclosure.json", text);
   * ```
   */
  async disclose(proven: ProvenPatch, { uri }: { readonly uri: string }): Promise<Disclosed> {
    const { text, ...parts } = disclosureParts(proven, uri);
    const mined = await this.parts.disclose(parts);
    return { text, mined };
  }

  /**
   * Calldata for the timelock to set a policy on itself by its slow path.
   * @param policy what `lanePolicy` returned, no copy of it.
   * @throws SealpatchError `chain/policy-not-built`, `code/invalid-address`.
   */
  setPolicyCall(proxy: string, policy: LanePolicy): SlowPathCall {
    assertBuilt(policy);
    const kind = PROXY_KINDS.indexOf(policy.kind);
    const checks = encodeSafetyChecks(policy.checks);
    return this.#selfCall("setPolicy", checkAddress(proxy, "the proxy"), { ...policy, kind, checks });
  }

  /**
   * Calldata for the timelock to state what `proxy` runs.
   * @param proxy its address.
   * @param baseline its `currentCode` is the `codeDigest` of the implementation's deployed code.
   * @throws SealpatchError `code/invalid-address`, `field/out-of-range`.
   */
  setBaselineCall(
    proxy: string,
    { implementation, layoutRoot, currentCode }: Omit<Baseline, "codehash">,
  ): SlowPathCall {
    return this.#selfCall(
      "setBaseline",
      checkAddress(proxy, "the proxy"),
      checkAddress(implementation, "the implementation"),
      assertField(layoutRoot, "layout root"),
      assertField(currentCode, "code digest"),
    );
  }

  /**
   * Calldata for the timelock to take another verifier: every scheduled statement ends. The code at the address is compared with
   * the keys before.
   * @param verifier address of a PatchVerifier that was never set before.
   * @param manifest its circuits and keys; those of the package unless given.
   * @throws SealpatchError as `assertVerifier`.
   * @example
   * ```ts
   * const verifier = await deployVerifier(governance);
   * const calls = [await timelock.setVerifierCall(await verifier.getAddress())];
   * await timelock.scheduleSlowPath({ calls, salt: ZeroHash }, BigInt(minDelay));
   * ```
   */
  async setVerifierCall(verifier: string, manifest?: Manifest): Promise<SlowPathCall> {
    await assertVerifier(this.provider, verifier, manifest);
    return this.#selfCall("setVerifier", verifier);
  }

  resumeCall(): SlowPathCall {
    return this.#selfCall("resume");
  }

  /** @throws SealpatchError `field/out-of-range`. */
  clearFreezeCall(commitment: bigint): SlowPathCall {
    return this.#selfCall("clearFreeze", assertField(commitment, "commitment"));
  }

  /**
   * An operation of the slow path as transactions to this timelock, for whoever holds the roles: an account, a Safe, a Governor.
   * @param delay seconds, at least the timelock's.
   * @example
   * ```ts
   * const operation = { calls: [timelock.setPolicyCall(proxy, lanePolicy(policy, { ...terms, kind: "uups" }))], salt: ZeroHash };
   * const { id, schedule } = timelock.slowPathTransactions(operation, BigInt(minDelay));
   * console.log(`operation ${id}: send ${schedule.data} to ${schedule.target}`);
   * ```
   */
  slowPathTransactions(operation: SlowPathOperation, delay: bigint): SlowPathTransactions {
    const values = slowPath(operation);
    return {
      id: keccak256(AbiCoder.defaultAbiCoder().encode(OPERATION, values)),
      schedule: this.#selfCall("scheduleBatch", ...values, delay),
      execute: this.#selfCall(EXECUTE_OPERATION, ...values),
    };
  }

  /** Schedules calls on the slow path (PROPOSER_ROLE). @param delay seconds, at least the timelock's. */
  async scheduleSlowPath(operation: SlowPathOperation, delay: bigint): Promise<Mined> {
    return this.#contract.send("scheduleBatch", [...slowPath(operation), delay]);
  }

  /** Executes calls on the slow path once their delay has passed (EXECUTOR_ROLE). */
  async executeSlowPath(operation: SlowPathOperation): Promise<Mined> {
    return this.#contract.send(EXECUTE_OPERATION, slowPath(operation));
  }

  #policy(proxy: string): Promise<PolicyView> {
    return this.#contract.read("policyOf", proxy);
  }

  #selfCall(name: string, ...values: readonly unknown[]): SlowPathCall {
    return this.#contract.call(name, values);
  }
}

function slowPath({ calls, salt }: SlowPathOperation): unknown[] {
  return [
    calls.map(({ target }) => target),
    calls.map(() => 0n),
    calls.map(({ data }) => data),
    ZeroHash,
    salt,
  ];
}
