import { contractArtifact, setupHash, type TimelockClient } from "../../src/chain/index.js";
import { readManifest } from "../../src/manifest.js";
import { codeHashes } from "../../src/portal/code-hashes.js";
import type { PortalChain, PortalData } from "../../src/portal/model.js";
import { checkedVerifyingKey } from "../../src/proof/keys/index.js";
import { release } from "../../src/release.js";

/** The data of a page for one timelock on a local chain, with the keys of the build. */
export async function pageData(
  { address }: Pick<TimelockClient, "address">,
  fromBlock = 0,
): Promise<{ readonly chain: PortalChain; readonly data: PortalData }> {
  const manifest = await readManifest();
  const names = ["FastTrackTimelock", "PatchVerifier", "AttestVerifier", "BindVerifier"];
  const artifacts = await Promise.all(names.map((name) => contractArtifact(name, manifest)));
  const chain: PortalChain = {
    ...{ name: "local", chainId: "31337", timelock: address, fromBlock, nodes: [], proxies: {} },
  };
  const data: PortalData = {
    schema: "sealpatch.portal/1",
    release: release(),
    protocol: "Vault",
    chains: [chain],
    key: {
      setupHash: setupHash(manifest),
      keyClass: "development",
      attest: await checkedVerifyingKey(manifest, "attest"),
      ...codeHashes(artifacts),
    },
    policies: [],
    limits: [],
  };
  return { chain, data };
}
