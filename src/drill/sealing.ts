import { randomBytes } from "node:crypto";
import { hexlify } from "ethers";
import type { Attestation, PatchPolicy, PatchWarning, SealedReviewInputs } from "../index.js";
import type { Council } from "./council.js";
import { record, type Scene, sourceOf } from "./scene.js";
import { hold } from "./steps.js";

/** The sealed patch of a case, as it goes to auditors and council. */
export interface SealedPatch {
  readonly bytes: Uint8Array;
  /** With which a council member opens it. */
  readonly identity: string;
  readonly codeBytes: number;
  readonly incidents: number;
  /** What the council sees when it seals, and each auditor before signing. */
  readonly warnings: readonly string[];
}

/** Writes the published fix as a patch, records the incidents on both codes, and encrypts everything. */
export async function sealCase(
  scene: Scene,
  { migrationCaller }: PatchPolicy,
  { seal }: Pick<Council, "seal">,
): Promise<SealedPatch> {
  const { chain, corpusCase, context, timelock, auditors } = scene;
  const { sealed, patch, warnings, incidents } = await seal({
    parts: {
      ...(await sourceOf(corpusCase, context.variant, "fixed")),
      current: await sourceOf(corpusCase, context.variant, "vulnerable"),
      libraries: {},
      constructorArguments: new Uint8Array(0),
      deployer: timelock.address,
      deploySalt: hexlify(randomBytes(32)),
      migration: new Uint8Array(0),
      migrationGas: 0n,
      migrationCaller,
    },
    currentCode: scene.current,
    recordIncidents: (code) => record(scene, "incidents", [code, scene.current]),
    recipients: auditors.map(({ recipient }) => recipient),
  });
  hold(incidents >= 1, "no incident vector was recorded");
  hold((await chain.provider.getCode(patch.address)) === "0x", "the patch is on chain before its time");
  const { identity } = auditors.at(-1)!;
  return {
    bytes: sealed,
    identity,
    codeBytes: patch.code.length,
    incidents,
    warnings: warnings.map(({ message }) => message),
  };
}

/** Three auditors open the bundle, each rebuilds the patch, reruns every vector and signs. */
export function collectAttestations(
  scene: Scene,
  { inputs, warnings }: { inputs: SealedReviewInputs; warnings: readonly string[] },
  { audit }: Pick<Council, "audit">,
): Promise<Attestation[]> {
  const three = scene.auditors.slice(0, 3);
  return Promise.all(
    three.map(async ({ identity, key }) => {
      const told: string[] = [];
      const tell = ({ message }: PatchWarning) => told.push(message);
      const attestation = await audit({ ...inputs, identity }, key.privateKey, tell);
      hold(told.join("\n") === warnings.join("\n"), "an auditor was warned of other things than the council");
      return attestation;
    }),
  );
}
