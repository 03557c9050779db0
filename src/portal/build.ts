import { createHash } from "node:crypto";
import type { Project } from "../project/index.js";
import { portalAbi } from "./abi.js";
import { portalScript } from "./bundle.js";
import { type PortalChoices, type PortalKeys, portalData } from "./data.js";
import { portalHtml } from "./html.js";
import type { PortalData } from "./model.js";

/** A page that was built. */
export interface BuiltPortal {
  readonly html: string;
  readonly bytes: number;
  /** Of its bytes in UTF-8, as hex without 0x. */
  readonly sha256: string;
}

/**
 * Builds the community's page: one HTML file with everything inline. The same inputs and package give the same bytes, wherever they lie.
 * @throws SealpatchError as `portalData`.
 */
export async function buildPortal(
  project: Project,
  keys: PortalKeys,
  choices: PortalChoices = {},
): Promise<BuiltPortal> {
  return portalOf(await portalData(project, keys, choices), keys);
}

/** The page of these data. */
export async function portalOf(
  data: PortalData,
  { manifest }: Pick<PortalKeys, "manifest">,
): Promise<BuiltPortal> {
  const html = portalHtml(data, await portalScript(data, await portalAbi(manifest)));
  const bytes = Buffer.from(html, "utf8");
  return { html, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
