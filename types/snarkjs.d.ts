declare module "snarkjs" {
  /** A file on disk, bytes in memory, or (for results) `{ type: "mem" }`, which receives `data`. */
  export type FileLike = string | Uint8Array | { type: "mem"; initialSize?: number; data?: Uint8Array };

  export interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }

  export namespace groth16 {
    function prove(
      zkeyFile: FileLike,
      witness: FileLike,
      logger?: Logger,
    ): Promise<{ proof: unknown; publicSignals: string[] }>;
    function verify(
      verifyingKey: unknown,
      publicSignals: readonly string[],
      proof: unknown,
      logger?: Logger,
    ): Promise<boolean>;
    function exportSolidityCallData(proof: unknown, publicSignals: readonly string[]): Promise<string>;
  }

  export namespace wtns {
    function calculate(input: Record<string, unknown>, wasmFile: FileLike, wtnsFile: FileLike): Promise<void>;
    function check(r1csFile: FileLike, wtnsFile: FileLike, logger?: Logger): Promise<boolean>;
  }

  export namespace r1cs {
    function info(
      r1csFile: FileLike,
      logger?: Logger,
    ): Promise<{
      nVars: number;
      nOutputs: number;
      nPubInputs: number;
      nPrvInputs: number;
      nConstraints: number;
    }>;
  }

  export namespace zKey {
    /** Returns the circuit hash, or -1 where circuit and powers of tau do not fit. */
    function newZKey(
      r1csFile: FileLike,
      ptauFile: FileLike,
      zkeyFile: FileLike,
      logger?: Logger,
    ): Promise<Uint8Array | -1>;
    /** Returns the contribution hash. */
    function contribute(
      oldZkey: FileLike,
      newZkey: FileLike,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    function beacon(
      oldZkey: FileLike,
      newZkey: FileLike,
      name: string,
      beaconHash: string,
      iterationsExponent: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    function verifyFromInit(
      initialZkey: FileLike,
      ptauFile: FileLike,
      zkeyFile: FileLike,
      logger?: Logger,
    ): Promise<boolean>;
    function verifyFromR1cs(
      r1csFile: FileLike,
      ptauFile: FileLike,
      zkeyFile: FileLike,
      logger?: Logger,
    ): Promise<boolean>;
    function exportVerificationKey(zkeyFile: FileLike, logger?: Logger): Promise<unknown>;
    function exportSolidityVerifier(
      zkeyFile: FileLike,
      templates: { groth16: string },
      logger?: Logger,
    ): Promise<string>;
  }

  export namespace powersOfTau {
    function newAccumulator(
      curve: import("ffjavascript").Curve,
      power: number,
      ptauFile: FileLike,
      logger?: Logger,
    ): Promise<Uint8Array>;
    function contribute(
      oldPtau: FileLike,
      newPtau: FileLike,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    function beacon(
      oldPtau: FileLike,
      newPtau: FileLike,
      name: string,
      beaconHash: string,
      iterationsExponent: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    function preparePhase2(oldPtau: FileLike, newPtau: FileLike, logger?: Logger): Promise<void>;
    function verify(ptauFile: FileLike, logger?: Logger): Promise<boolean>;
  }
}
