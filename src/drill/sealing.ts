import { randomBytes } from "node:crypto";
import { hexlify } from "ethers";
import type { CouncilInputs } from "../../scripts/prove.js";
import {
  type Attestation,
  attest,
  decryptBundle,
  encryptBundle,
  newBundle,
  type PatchBundle,
  type PatchPolicy,
  rebuildPatch,
  reviewPatch,
  SOLC_VERSION,
  type VectorSet,
} from "../index.js";
import { record, type Scene, sourceOf } from "./scene.js";
import { hold } from "./steps.js";

const NO_VECTORS: VectorSet = { schema: "sealpatch.vectors/1", codes: {}, vectors: [] };

/** The sealed patch of a case, as it goes to auditors and council. */
export interface SealedPatch {
  readonly bytes: Uint8Array;
  /** With which a council member opens it. */
  readonly identity: string;
  readonly codeBytes: number;
  readonly incidents: number;
}

/** Writes the published fix as a patch, records the incidents on both codes, and encrypts everything. */
export async function seal(scene: Scene, { migrationCaller }: PatchPolicy): Promise<SealedPatch> {
  const { chain, corpusCase, context, timelock, oldLayout, auditors } = scene;
  const { input, contract } = sourceOf(corpusCase, context.variant, "fixed");
  const parts: Omit<PatchBundle, "schema" | "salt"> = {
    contract,
    compiler: { version: SOLC_VERSION, input },
    libraries: {},
    constructorArguments: new Uint8Array(0),
    deployer: timelock.address,
    deploySalt: hexlify(randomBytes(32)),
    migration: new Uint8Array(0),
    migrationCaller,
    oldLayout,
    incidents: NO_VECTORS,
  };
  const { code } = await rebuildPatch(newBundle(parts));
  const incidents = await record(scene, "incidents", [code, scene.current]);
  hold(incidents.vectors.length >= 1, `only ${incidents.vectors.length} incident vectors`);
  const bytes = await encryptBundle(
    newBundle({ ...parts, incidents }),
    auditors.map(({ recipient }) => recipient),
  );
  hold((await chain.provider.getCode(code.address)) === "0x", "the patch is on chain before its time");
  const { identity } = auditors.at(-1)!;
  return { bytes, identity, codeBytes: code.code.length, incidents: incidents.vectors.length };
}

/** Three auditors open the bundle, each rebuilds the patch, reruns every vector and signs. */
export function collectAttestations(scene: Scene, inputs: CouncilInputs): Promise<Attestation[]> {
  return Promise.all(
    scene.auditors.slice(0, 3).map(async ({ identity, key }) => {
      const bundle = await decryptBundle(inputs.sealed, identity);
      const { statement } = await reviewPatch({ ...inputs, bundle });
      return attest(key.privateKey, statement);
    }),
  );
}
