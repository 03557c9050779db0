import { readManifest } from "../../manifest.js";
import { portalOf } from "../../portal/build.js";
import { portalKey } from "../../portal/data.js";
import { release } from "../../release.js";
import type { IncidentReport } from "../../report/index.js";
import { writeOutput } from "../output-file.js";

/**
 * Writes the page that shows an incident while its chain runs, in place of an older one.
 * @param url of the chain's node.
 * @returns the file.
 */
export async function writePage(file: string, report: IncidentReport, url: string): Promise<string> {
  const { contract, target, notShown } = report;
  const manifest = await readManifest();
  const name = contract.split(":").at(-1)!;
  const chain = {
    ...{ name: "drill", chainId: String(target.chainId), timelock: target.timelock, fromBlock: 0 },
    ...{ nodes: [url], proxies: { [name]: target.proxy } },
  };
  const key = await portalKey(manifest);
  const { html } = await portalOf(
    {
      ...{
        schema: "sealpatch.portal/1",
        release: release(),
        protocol: name,
        chains: [chain],
        key,
        policies: [],
      },
      limits: notShown,
    },
    manifest,
  );
  await writeOutput(file, html, true);
  return file;
}
