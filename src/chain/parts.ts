import { getAddress, hexlify, ZeroAddress, ZeroHash } from "ethers";
import { SealpatchError } from "../errors.js";
import type { ShownOpening, Target } from "../patch/index.js";
import type { SolidityProof } from "../proof/prover/index.js";
import type { Route, TimelockContract } from "./contract.js";
import { readLog } from "./decoded.js";
import { noEvent, rebuiltError } from "./errors.js";
import type { Mined } from "./send.js";
import { assertInstalled } from "./slots.js";
import { type ContractCall, PROXY_KINDS } from "./types.js";

/** What the council schedules, as the contract takes it. */
export interface SchedulingParts {
  readonly commitment: bigint;
  readonly target: Pick<Target, "proxy" | "validUntil" | "group">;
  /** Merkle path of this chain's target; empty with one target. */
  readonly path: readonly string[];
  readonly proof: SolidityProof;
}

/** Where the new implementation comes from. */
export type CodeSource =
  | { readonly initCode: Uint8Array; readonly deploySalt: string }
  | { readonly implementation: string };

/** Execution of one scheduled statement, as the contract takes it. */
export interface ExecutionParts {
  readonly commitment: bigint;
  readonly code: CodeSource;
  /** What an execution makes public of the opening of C. */
  readonly opening: {
    readonly layoutRoot: bigint;
    readonly codeDigest: bigint;
    /** Gas of the upgrade call; 0 exactly where there is no migration. */
    readonly migrationGas: bigint;
    readonly migration: Uint8Array;
  };
  readonly proof: SolidityProof;
}

/** What is published about an executed statement, as the contract takes it. */
export interface DisclosureParts {
  readonly commitment: bigint;
  readonly opening: ShownOpening;
  /** keccak256 of the disclosure file's bytes. */
  readonly bundleHash: string;
  /** Where the file will be found. */
  readonly uri: string;
}

/**
 * The fast lane's functions over loose parts, as the contract has them: for those who hold files and no `ProvenPatch`, and
 * for trying what must be refused. Nothing here compares the parts with each other; the contract does.
 */
export class LaneParts {
  readonly #contract: TimelockContract;

  constructor(contract: TimelockContract) {
    this.#contract = contract;
  }

  /** Schedules (COUNCIL_ROLE). */
  schedule(scheduling: SchedulingParts): Promise<Mined> {
    return this.#contract.send("schedule", scheduleValues(scheduling));
  }

  /** The call of `schedule`, for a council that sends it by other means: a Safe. */
  scheduleCall(scheduling: SchedulingParts): ContractCall {
    return this.#contract.call("schedule", scheduleValues(scheduling));
  }

  /**
   * Tries to schedule as the runner's account, and sends nothing.
   * @throws SealpatchError `chain/reverted` with what the contract would refuse, and as `asked` does.
   */
  trySchedule(scheduling: SchedulingParts): Promise<void> {
    return this.#contract.trial("schedule", scheduleValues(scheduling));
  }

  /**
   * Executes a scheduled statement (EXECUTOR_ROLE), then reads what the proxy runs from its own slot.
   * @param route how the transaction, which shows the patch, reaches the chain; it may be left out on local chains alone.
   * @throws SealpatchError `chain/public-mempool`, `chain/reverted`, `chain/not-installed`, `chain/not-checked` where the execution is mined
   *   and the node cannot say what the proxy runs, and as `sendWith` says.
   */
  async execute(execution: ExecutionParts, route?: Route): Promise<Mined> {
    const { commitment, proof, code, opening } = execution;
    const values = [commitment, codeSource(code), executionOpening(opening), proof];
    const mined = await this.#contract.sendBy(route, this.#overload("execute"), values);
    return this.assertInstalled(mined, [commitment]);
  }

  /** Executes one whole group, or several statements without one, all or none. @throws SealpatchError as `execute` does. */
  async executeBatch(executions: readonly ExecutionParts[], route?: Route): Promise<Mined> {
    const values = [
      executions.map(({ commitment }) => commitment),
      executions.map(({ code }) => codeSource(code)),
      executions.map(({ opening }) => executionOpening(opening)),
      executions.map(({ proof }) => proof),
    ];
    const mined = await this.#contract.sendBy(route, this.#overload("executeBatch"), values);
    return this.assertInstalled(
      mined,
      executions.map(({ commitment }) => commitment),
    );
  }

  /** Discloses an executed statement (COUNCIL_ROLE). */
  disclose(disclosure: DisclosureParts): Promise<Mined> {
    return this.#contract.send("disclose", discloseValues(disclosure));
  }

  /** The call of `disclose`, for a council that sends it by other means: a Safe. */
  discloseCall(disclosure: DisclosureParts): ContractCall {
    return this.#contract.call("disclose", discloseValues(disclosure));
  }

  /**
   * Tries to disclose as the runner's account, and sends nothing. The node sees the opening.
   * @throws SealpatchError `chain/reverted` with what the contract would refuse, and as `asked` does.
   */
  tryDisclose(disclosure: DisclosureParts): Promise<void> {
    return this.#contract.trial("disclose", discloseValues(disclosure));
  }

  /**
   * Compares what each proxy runs with what its execution says, where the chain let nobody else compare. Whatever stands in the way is an
   * error too: nobody is to take an execution that was not looked at for one that holds.
   * @returns the same transaction.
   * @throws SealpatchError `chain/not-installed`, `chain/not-checked`.
   */
  async assertInstalled(mined: Mined, commitments: readonly bigint[]): Promise<Mined> {
    const { blockNumber: block, hash: transaction } = mined.receipt;
    try {
      for (const commitment of commitments) {
        const { proxy, implementation } = this.#executionIn(mined, commitment);
        const { kind } = await this.#contract.readAt<{ kind: bigint }>(block, "policyOf", proxy);
        const known = { proxy, kind: PROXY_KINDS[Number(kind)]! };
        await assertInstalled(this.#contract.provider, { ...known, implementation, transaction, block });
      }
      return mined;
    } catch (error) {
      const rebuilt = rebuiltError(error, "reading the execution");
      if (rebuilt.code === "chain/not-installed") throw rebuilt;
      throw new SealpatchError(
        "chain/not-checked",
        "the execution is mined, and its proxy was not looked at",
        {
          details: { transaction, block, cause: rebuilt.code },
          why: rebuilt.message,
          remedy: "do not execute again: read the proxy's implementation slot from another node",
        },
      );
    }
  }

  /** What the timelock logged of an execution in its transaction. @throws SealpatchError `chain/no-event`. */
  #executionIn({ receipt }: Mined, commitment: bigint): { proxy: string; implementation: string } {
    const { address, interface: abi } = this.#contract;
    const own = receipt.logs.filter((log) => getAddress(log.address) === getAddress(address));
    const events = own.map((log) => readLog(abi, log));
    const found = events.find(
      (event) => event?.name === "StatementExecuted" && event.args.commitment === commitment,
    );
    if (!found) throw noEvent("StatementExecuted", "the transaction");
    const { proxy, implementation } = found.args;
    return { proxy, implementation };
  }

  /** TimelockController has functions of the same names: those of the fast lane take commitments first. */
  #overload(name: "execute" | "executeBatch"): string {
    const overload = this.#contract.interface.fragments.find(
      (fragment) => fragment.type === "function" && fragment.format().startsWith(`${name}(uint256`),
    );
    return overload!.format();
  }
}

function scheduleValues({ commitment, target, path, proof }: SchedulingParts): unknown[] {
  const { proxy, validUntil, group } = target;
  return [{ commitment, proxy, validUntil, group }, path, proof];
}

function discloseValues({ commitment, opening, bundleHash, uri }: DisclosureParts): unknown[] {
  return [commitment, opening, bundleHash, uri];
}

function codeSource(code: CodeSource) {
  return "implementation" in code
    ? { implementation: code.implementation, initCode: "0x", deploySalt: ZeroHash }
    : { implementation: ZeroAddress, initCode: hexlify(code.initCode), deploySalt: code.deploySalt };
}

function executionOpening({ layoutRoot, codeDigest, migrationGas, migration }: ExecutionParts["opening"]) {
  return { layoutRoot, codeDigest, migrationGas, migration: hexlify(migration) };
}
