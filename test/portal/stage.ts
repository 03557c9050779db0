import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TimelockClient } from "../../src/chain/index.js";
import { type Manifest, readManifest } from "../../src/manifest.js";
import { portalOf } from "../../src/portal/build.js";
import { portalData } from "../../src/portal/data.js";
import type { PortalData } from "../../src/portal/model.js";
import { readProject } from "../../src/project/index.js";
import { type SafeStage, safeStage } from "../cli/safe-stage.js";

/** Where the configuration says that the proxy's policy lies. */
const POLICY = "policies/Vault.json";

/** A proven incident under a council of 3 of 5, and pages of its lane. */
export interface PortalStage {
  readonly safes: SafeStage;
  readonly incident: SafeStage["lane"]["incident"];
  /** The timelock, written to by the council's Safe and by the guardian's. */
  readonly council: TimelockClient;
  readonly guardian: TimelockClient;
  /** Schedules by the council's Safe. */
  schedule(): Promise<void>;
  /** Lets time pass on the chain. */
  later(seconds: number): Promise<void>;
  /**
   * Writes a page that asks these nodes, with data changed as a test says.
   * @param policy what the file of the proxy's policy says, where the page is to name its members.
   * @returns path of the file.
   */
  page(nodes: readonly string[], change?: (data: PortalData) => PortalData, policy?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Makes the stage in a folder; nothing is scheduled yet. */
export async function portalStage(folder: string): Promise<PortalStage> {
  const safes = await safeStage(folder);
  const { incident } = safes.lane;
  const council = incident.timelock.through(safes.council.send);
  const guardian = incident.timelock.through(safes.guardian.send);
  const manifest = await readManifest();
  return {
    ...{ safes, incident, council, guardian },
    schedule: async () => void (await council.parts.schedule(incident.scheduling)),
    later: async (seconds) => {
      await incident.provider.send("evm_increaseTime", [seconds]);
      await incident.provider.send("evm_mine", []);
    },
    page: (nodes, change, policy) =>
      writtenPage(folder, { manifest, nodes, policy, ...(change && { change }) }),
    stop: () => safes.stop(),
  };
}

async function writtenPage(
  folder: string,
  {
    manifest,
    nodes,
    policy,
    change = (data) => data,
  }: {
    readonly manifest: Manifest;
    readonly nodes: readonly string[];
    readonly policy: string | undefined;
    readonly change?: (data: PortalData) => PortalData;
  },
): Promise<string> {
  const project = await readProject(join(folder, "sealpatch.toml"));
  const policies = policy === undefined ? [] : [{ file: join(folder, POLICY), text: policy }];
  const data = change(await portalData(project, manifest, { name: "Vault", nodes, policies }));
  const { html } = await portalOf(data, manifest);
  const file = join(folder, `${createHash("sha256").update(html).digest("hex").slice(0, 16)}.html`);
  writeFileSync(file, html);
  return file;
}
