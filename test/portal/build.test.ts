import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newRecipient } from "../../src/age.js";
import { auditorRegistrationToJson, registerAuditor } from "../../src/audit/index.js";
import { readManifest } from "../../src/manifest.js";
import { portalAbi } from "../../src/portal/abi.js";
import { type BuiltPortal, buildPortal, portalOf } from "../../src/portal/build.js";
import { portalScript } from "../../src/portal/bundle.js";
import { portalData } from "../../src/portal/data.js";
import { dataOfPage } from "../../src/portal/form.js";
import { portalHtml } from "../../src/portal/html.js";
import type { PortalChain } from "../../src/portal/model.js";
import { memberRoots } from "../../src/portal/openings.js";
import { readProject } from "../../src/project/index.js";
import { release } from "../../src/release.js";
import { vectorRoot } from "../../src/vectors/index.js";
import { sealpatch } from "../cli/sealpatch.js";
import { put, temporaryFolder } from "../project/projects.js";
import { largestPolicy } from "./largest-policy.js";
import { auditorKeys, auditors, baseline, projectIn, TIMELOCK } from "./page-project.js";

const folders = [temporaryFolder(), temporaryFolder()] as const;
const places = folders.map((folder) => projectIn(folder));

async function builtIn(place: (typeof places)[number]): Promise<BuiltPortal> {
  const policies = [{ file: place.policyFile, text: readFileSync(place.policyFile, "utf8") }];
  return buildPortal(await readProject(place.config), await readManifest(), { policies });
}

/** The one element of a page by its tag, without attributes. */
function inline(html: string, tag: "script" | "style"): string {
  const found = [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))];
  expect(found).toHaveLength(1);
  return found[0]![1]!;
}

let page: BuiltPortal;
beforeAll(async () => {
  page = await builtIn(places[0]!);
});

describe("a page", () => {
  it("is the same, byte for byte, from two builds in two folders", async () => {
    const again = await builtIn(places[1]!);
    expect(again.html === page.html).toBe(true);
    expect(again.sha256).toBe(page.sha256);
    expect(page.sha256).toBe(createHash("sha256").update(page.html).digest("hex"));
    for (const folder of [...folders, process.cwd()]) expect(page.html.includes(folder)).toBe(false);
  });

  it("has at most 250 kB, also with the largest policy that there may be", async () => {
    expect(page.bytes).toBeLessThanOrEqual(250_000);
    const data = await portalData(await readProject(places[0]!.config), await readManifest());
    const [{ name: chain, proxies }] = data.chains as [PortalChain];
    const policies = [largestPolicy(Object.values(proxies).map((proxy) => ({ chain, proxy })))];
    const { bytes } = await portalOf({ ...data, policies }, await readManifest());
    expect(bytes).toBeLessThanOrEqual(250_000);
  });

  it("allows its own script and style by hash, its nodes, and nothing else", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page.html)!;
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy!.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(inline(page.html, "script"))}`,
      `style-src ${hash(inline(page.html, "style"))}`,
      "connect-src http://127.0.0.1:8545",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(page.html).not.toMatch(/<[^>]*\s(on\w+|style|src)=/);
  });

  it("has no module of Node, and none of those that have no place in it", () => {
    const script = inline(page.html, "script");
    const odd =
      /["'`]node:|\brequire\((?!false)|\bimport\(|WebAssembly|new Worker|\beval\(|\bFunction\(|innerHTML/g;
    expect([...script.matchAll(odd)].map(({ index }) => script.slice(index - 40, index + 40))).toEqual([]);
  });

  it("tells whoever runs no script what it is, the addresses and the commands", () => {
    const [, text] = /<noscript>(.*?)<\/noscript>/s.exec(page.html)!;
    expect(text).toContain(TIMELOCK);
    expect(text).toContain(`npx sealpatch@${release()} verify ID --rpc NODE`);
    expect(text).toContain(`npx sealpatch@${release()} status --rpc NODE`);
  });
});

describe("what is built in", () => {
  it("is text, whatever it is", () => {
    const protocol = "</script><script>alert(1)</script><!-- \u2028 \u00e9 \u{1f512}";
    const data = { ...page.data, protocol };
    const html = portalHtml(data, "0");
    // The data's and the script's own.
    expect(html.match(/<script/gi)).toHaveLength(2);
    expect(html.match(/<\/script/gi)).toHaveLength(2);
    expect(html).not.toContain("<!--");
    expect(dataOfPage(html)).toEqual(data);
  });

  it("is beside the script, which is the same for every page", async () => {
    expect(inline(page.html, "script")).toBe(await portalScript(await portalAbi(await readManifest())));
    expect(inline(page.html, "script")).not.toMatch(/<!--|<script|<\/script/i);
    expect(dataOfPage(page.html)).toEqual(page.data);
    expect(page.data.release).toBe(release());
  });

  it("has the protocol's name: as it is told, else the configuration's, else those of the proxies", async () => {
    const folder = temporaryFolder();
    const { config } = projectIn(folder);
    const named = async (name?: string) =>
      (await portalData(await readProject(config), await readManifest(), { name })).protocol;
    expect(await named()).toBe("Vault");
    put(folder, {
      "sealpatch.toml": readFileSync(config, "utf8").replace('# name = "Protocol"', 'name = "Bank"'),
    });
    expect(await named()).toBe("Bank");
    expect(await named("Other")).toBe("Other");
  });

  it("has the members of a policy, of which the page computes the registered roots", async () => {
    const { config, policyFile: file } = places[0]!;
    const policies = [{ file, text: readFileSync(file, "utf8") }];
    const data = await portalData(await readProject(config), await readManifest(), { policies });
    expect(data.policies).toHaveLength(1);
    expect(data.policies[0]).toMatchObject({
      proxies: [{ chain: "chain-31337", proxy: `0x${"22".repeat(20)}` }],
      ...{ threshold: 2, maxWaivers: 1 },
    });
    expect(data.policies[0]!.vectors.map(({ label }) => label)).toEqual(["0x01", "0x02"]);
    expect(memberRoots(data.policies[0]!)).toEqual({
      auditorRoot: auditors.root,
      vectorRoot: vectorRoot(baseline),
    });
    expect(data.limits.length).toBeGreaterThan(10);
    expect(Object.keys(data.key.codehashes).toSorted()).toEqual(Object.keys(data.key.holes!).toSorted());
  });

  it("calls auditors as their registrations do, where all of these are at hand", async () => {
    const folder = temporaryFolder();
    const { config, policyFile: file } = projectIn(folder);
    const policies = [{ file, text: readFileSync(file, "utf8") }];
    const named = async () => {
      const data = await portalData(await readProject(config), await readManifest(), { policies });
      return data.policies[0]!.auditors.map(({ label }) => label);
    };
    expect(await named()).toEqual(["auditor 1", "auditor 2"]);
    const labels = ["north", "south"];
    const { recipient } = await newRecipient();
    const files = auditorKeys.map(({ privateKey }, place) => [
      `auditors/${labels[place]}.json`,
      auditorRegistrationToJson(registerAuditor(privateKey, { label: labels[place]!, recipient })),
    ]);
    put(folder, {
      ...Object.fromEntries(files),
      "sealpatch.toml": readFileSync(config, "utf8").replace(
        /^auditors = .*$/m,
        'auditors = ["auditors/north.json", "auditors/south.json"]',
      ),
    });
    expect(await named()).toEqual(labels);
  });

  it("never has a node's URL from the environment, nor one with a password", async () => {
    const folder = temporaryFolder();
    const project = await readProject(projectIn(folder, "env:RPC_URL").config);
    await expect(buildPortal(project, await readManifest())).rejects.toMatchObject({
      code: "portal/no-node",
    });
    for (const node of ["https://a:b@example.org/", "ftp://example.org/", "x"])
      await expect(buildPortal(project, await readManifest(), { nodes: [node] }), node).rejects.toMatchObject(
        {
          code: "portal/no-node",
        },
      );
    const { html } = await buildPortal(project, await readManifest(), {
      nodes: ["chain-31337=https://example.org/a"],
    });
    expect(html).toContain("connect-src https://example.org;");
  });

  it("refuses a policy that no proxy has", async () => {
    const policies = [{ file: "other.json", text: readFileSync(places[0]!.policyFile, "utf8") }];
    const project = await readProject(places[0]!.config);
    await expect(portalData(project, await readManifest(), { policies })).rejects.toMatchObject({
      code: "portal/unused-policy",
    });
  });
});

describe("sealpatch portal", () => {
  it("builds a page, tells its hash, and tells a copy from a changed one", async () => {
    const { config, policyFile } = places[0]!;
    const out = join(folders[0], "portal.html");
    const inputs = ["--config", config, "--policy", policyFile];
    const built = await sealpatch("portal", "build", "--out", out, ...inputs, "--json");
    expect(built.code).toBe(0);
    expect(JSON.parse(built.stdout)).toEqual({ file: out, bytes: page.bytes, sha256: page.sha256 });
    expect((await sealpatch("portal", "check", out, ...inputs)).code).toBe(0);
    writeFileSync(out, readFileSync(out, "utf8").replace("127.0.0.1:8545", "127.0.0.1:8546"));
    const changed = await sealpatch("portal", "check", out, ...inputs);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain(page.sha256);
    // The first one stands in the page's content policy, the second one is in its data, which only the page can tell apart.
    expect(changed.stdout).toMatch(/^ {2}differs {2}page$/m);
    expect((await sealpatch("portal", "check", join(folders[0], "none.html"), ...inputs)).code).toBe(1);
  });
});
