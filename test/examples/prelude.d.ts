// Names that examples leave open, with the types that they have where an example is used.

import type { BytesLike, Provider, Signer } from "ethers";
import type * as sdk from "sealpatch";
import type { corpusCase } from "../../corpus/CVE-2022-35961/case.js";
import type * as scripted from "../../corpus/scripted.js";
import type * as sources from "../../corpus/sources.js";
import type * as drill from "../../src/drill/index.js";
import type * as solc from "../../src/solc/index.js";

declare global {
  // Node and ethers
  const readFile: typeof import("node:fs/promises").readFile;
  const writeFile: typeof import("node:fs/promises").writeFile;
  const randomBytes: typeof import("node:crypto").randomBytes;
  const Contract: typeof import("ethers").Contract;
  const JsonRpcProvider: typeof import("ethers").JsonRpcProvider;
  const dataSlice: typeof import("ethers").dataSlice;
  const getAddress: typeof import("ethers").getAddress;
  const getBytes: typeof import("ethers").getBytes;
  const hexlify: (data: BytesLike) => string;
  const ZeroAddress: typeof import("ethers").ZeroAddress;
  const ZeroHash: typeof import("ethers").ZeroHash;

  // The chain
  const provider: Provider;
  const rpcUrl: string;
  const timelock: sdk.TimelockClient;
  const address: string;
  const proxy: string;
  const implementation: sdk.Hex;
  const validUntil: bigint;
  const target: sdk.Target;
  const targets: readonly sdk.Target[];
  const commitment: bigint;
  const fromBlock: number;
  const hash: sdk.Hex;

  // People
  const alice: sdk.AuditorKey;
  const bob: sdk.AuditorKey;
  const carol: sdk.AuditorKey;
  const privateKey: Uint8Array;
  const identity: string;
  const passphrase: string;
  const auditorRecipients: readonly string[];
  const safe: string;
  const guardianSafe: string;
  const owners: readonly Signer[];
  const relay: Signer;
  const privateRelay: Signer;
  const outlet: sdk.Outlet;
  const route: sdk.Route;
  const executor: Signer;
  const guardian: Signer;
  const council: sdk.SendTransaction;
  const proposers: readonly string[];
  const executors: readonly string[];

  // What governance decides
  const policy: sdk.PatchPolicy;
  const auditors: sdk.AuditorSet;
  const bounds: sdk.LaneBounds;
  const checks: readonly sdk.SafetyCheck[];

  // The patch
  const artifact: sdk.Artifact;
  const input: sdk.StandardInput;
  const currentInput: sdk.StandardInput;
  const oldLayout: sdk.Layout;
  const parts: sdk.BundleParts;
  const bundle: sdk.PatchBundle;
  const otherBundle: sdk.PatchBundle;
  const otherProxy: string;
  const sealed: Uint8Array;
  const inputs: sdk.SealedReviewInputs;
  const currentCode: sdk.CodeUnderTest;
  const patchCode: sdk.CodeUnderTest;
  const review: sdk.ReviewedPatch;
  function tell(warning: sdk.PatchWarning): void;
  const attestations: readonly sdk.Attestation[];
  const bind: sdk.Proven<sdk.BindStatement>;
  const proven: sdk.ProvenPatch;
  const otherProven: sdk.ProvenPatch;
  const uri: string;
  const text: string;
  const facts: sdk.DisclosureFacts;
  const disclosures: readonly sdk.RevealedFile[];
  const incident: sdk.IncidentReport;

  // docs/migration.md: the names of its table, and what its test imports for it
  const governance: Signer;
  const oldTimelock: string;
  const councilSafe: string;
  const minDelay: number;
  const proxyAdmin: string;
  const terms: Omit<sdk.LaneTerms, "kind" | "admin">;
  const OWNABLE: import("ethers").Interface;
  const TIMELOCK: readonly string[];
  const IMPLEMENTATION_SLOT: string;
  function waitSeconds(seconds: number): Promise<void>;

  // docs/vectors.md: what stands around a case of the corpus
  type Actor = typeof corpusCase extends drill.CorpusCase<infer Name> ? Name : never;
  type CorpusCase<Name extends string> = drill.CorpusCase<Name>;
  const caseCompiler: typeof sources.caseCompiler;
  const openZeppelinUpgradeable: typeof sources.openZeppelinUpgradeable;
  const unchanged: typeof scripted.unchanged;
  const initialize: (owner: sdk.Hex) => sdk.Hex;
  const initCode: sdk.Hex;
  const initCodeOf: typeof solc.initCodeOf;
  const FUNDS: bigint;
  const PAYOUTS: { encode(name: string): sdk.Hex };
  const baseline: typeof corpusCase.baseline;
  const incidents: typeof corpusCase.incidents;
  const attack: typeof corpusCase.exploit;
  const exploited: typeof corpusCase.exploited;
}
