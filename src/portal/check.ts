import { isDeepStrictEqual } from "node:util";
import { type Check, CheckList, fails, notChecked } from "../checks.js";
import { quoted } from "../foreign-text.js";
import type { Manifest } from "../manifest.js";
import { release } from "../release.js";
import { whatIsNotShown } from "../report/index.js";
import { portalOf } from "./build.js";
import { dataOfPage } from "./form.js";
import type { PortalData } from "./model.js";

/** A page's file, as it was looked at alone. */
export interface FoundPage {
  readonly data: PortalData;
  readonly checks: readonly Check[];
}

const WRITTEN = "the page is what this release writes for the data in it";
const KEY = "verifying key and hashes of code";

/**
 * Looks at a page's file without what it was built from: whether this release writes the same bytes for the data in it, and of these data
 * what the release and the keys decide. Protocol, chains, nodes and policies are for its reader to compare.
 * @param keys that are compared: their manifest, and what a page of them holds (`portalKey`).
 * @throws SealpatchError as `dataOfPage`.
 */
export async function checkPage(
  html: string,
  {
    manifest,
    key: { keyClass: ownClass, ...own },
  }: { readonly manifest: Manifest; readonly key: PortalData["key"] },
): Promise<FoundPage> {
  const data = dataOfPage(html);
  const { keyClass, ...key } = data.key;
  const lines = new CheckList();
  await lines.check(WRITTEN, async () => {
    if ((await portalOf({ ...data, release: release() }, manifest)).html === html)
      return `byte for byte, by sealpatch ${release()}`;
    const by =
      data.release === release() ? "" : `, and it says that sealpatch ${quoted(data.release)} wrote it`;
    throw fails(`sealpatch ${release()} writes other bytes${by}`);
  });
  await lines.check("what a proof does not say", async () => {
    if (isDeepStrictEqual(data.limits, await whatIsNotShown())) return "the limits of this release";
    throw fails("its limits are not those of this release");
  });
  await lines.check(KEY, () => {
    if (key.setupHash !== own.setupHash)
      throw notChecked(`its keys have the setup hash ${key.setupHash}, and those at hand ${own.setupHash}`);
    if (isDeepStrictEqual(key, own)) return `those of the setup hash ${own.setupHash}`;
    throw fails("they are not those of the keys with its setup hash");
  });
  await lines.check("class of the key", () => {
    if (key.setupHash !== own.setupHash) throw notChecked(`it says ${keyClass}`);
    if (keyClass === ownClass) return MEANING[keyClass];
    if (keyClass === "production")
      throw notChecked("it says production, and no ceremony of the keys was verified here");
    throw fails(`it says ${keyClass}, and the keys are of class ${ownClass}`);
  }, [KEY]);
  await lines.check("protocol, chains, nodes and policies", () => {
    throw notChecked("no configuration says what they should be: compare them with what you know");
  });
  return { data, checks: lines.checks };
}

const MEANING: Readonly<Record<PortalData["key"]["keyClass"], string>> = {
  development: "development: its secrets are published, it proves nothing, and the page says so",
  test: "test: no ceremony of the keys was verified, and the page says so",
  production: "production: their ceremony was verified",
};

/** Most places that are named. */
const MOST = 10;

/** Where data of one page differ from those of another, as paths: `chains.0.nodes.1`. */
export function differences(found: unknown, expected: unknown, path = ""): readonly string[] {
  if (isDeepStrictEqual(found, expected)) return [];
  if (!isParts(found) || !isParts(expected)) return [path];
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...names]
    .flatMap((name) => differences(found[name], expected[name], path === "" ? name : `${path}.${name}`))
    .slice(0, MOST);
}

function isParts(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
