import { createHash } from "node:crypto";
import type { Manifest } from "../manifest.js";
import type { Project } from "../project/index.js";
import { portalAbi } from "./abi.js";
import { portalScript } from "./bundle.js";
import { type PortalChoices, portalData } from "./data.js";
import { portalHtml } from "./html.js";
import type { PortalData } from "./model.js";

/** A page that was built. */
export interface BuiltPortal {
  readonly data: PortalData;
  readonly html: string;
  readonly bytes: number;
  /** Of its bytes in UTF-8, as hex without 0x. */
  readonly sha256: string;
}

/**
 * Builds the community's page: one HTML file with everything inline. The same inputs and package give the same bytes, wherever they lie.
 * @param manifest of the keys that the page is built for.
 * @throws SealpatchError as `portalData`.
 */
export async function buildPortal(
  project: Project,
  manifest: Manifest,
  choices: PortalChoices = {},
): Promise<BuiltPortal> {
  return portalOf(await portalData(project, manifest, choices), manifest);
}

/** The page of these data. */
export async function portalOf(data: PortalData, manifest: Manifest): Promise<BuiltPortal> {
  const html = portalHtml(data, await portalScript(await portalAbi(manifest)));
  const bytes = Buffer.from(html, "utf8");
  return { data, html, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
