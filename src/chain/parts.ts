import { hexlify, ZeroAddress, ZeroHash } from "ethers";
import type { ShownOpening, Target } from "../patch/index.js";
import type { SolidityProof } from "../proof/prover/index.js";
import type { Privacy, TimelockContract } from "./contract.js";
import type { Mined } from "./send.js";

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
  schedule({ commitment, target, path, proof }: SchedulingParts): Promise<Mined> {
    const { proxy, validUntil, group } = target;
    return this.#contract.send("schedule", [{ commitment, proxy, validUntil, group }, path, proof]);
  }

  /** Executes a scheduled statement (EXECUTOR_ROLE). @throws SealpatchError `chain/public-mempool`. */
  execute(execution: ExecutionParts, privacy: Privacy = {}): Promise<Mined> {
    const { commitment, proof, code, opening } = execution;
    const values = [commitment, codeSource(code), executionOpening(opening), proof];
    return this.#contract.sendPrivately(this.#overload("execute"), values, privacy);
  }

  /** Executes one whole group, or several statements without one, all or none. @throws SealpatchError `chain/public-mempool`. */
  executeBatch(executions: readonly ExecutionParts[], privacy: Privacy = {}): Promise<Mined> {
    const values = [
      executions.map(({ commitment }) => commitment),
      executions.map(({ code }) => codeSource(code)),
      executions.map(({ opening }) => executionOpening(opening)),
      executions.map(({ proof }) => proof),
    ];
    return this.#contract.sendPrivately(this.#overload("executeBatch"), values, privacy);
  }

  /** Discloses an executed statement (COUNCIL_ROLE). */
  disclose({ commitment, opening, bundleHash, uri }: DisclosureParts): Promise<Mined> {
    return this.#contract.send("disclose", [commitment, opening, bundleHash, uri]);
  }

  /** TimelockController has functions of the same names: those of the fast lane take commitments first. */
  #overload(name: "execute" | "executeBatch"): string {
    const overload = this.#contract.interface.fragments.find(
      (fragment) => fragment.type === "function" && fragment.format().startsWith(`${name}(uint256`),
    );
    return overload!.format();
  }
}

function codeSource(code: CodeSource) {
  return "implementation" in code
    ? { implementation: code.implementation, initCode: "0x", deploySalt: ZeroHash }
    : { implementation: ZeroAddress, initCode: hexlify(code.initCode), deploySalt: code.deploySalt };
}

function executionOpening({ layoutRoot, codeDigest, migrationGas, migration }: ExecutionParts["opening"]) {
  return { layoutRoot, codeDigest, migrationGas, migration: hexlify(migration) };
}
