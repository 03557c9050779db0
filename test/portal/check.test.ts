import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest.js";
import { type BuiltPortal, buildPortal, portalOf } from "../../src/portal/build.js";
import { checkPage, differences } from "../../src/portal/check.js";
import { portalKey } from "../../src/portal/data.js";
import { dataOfPage } from "../../src/portal/form.js";
import type { PortalData } from "../../src/portal/model.js";
import { readProject } from "../../src/project/index.js";
import { sealpatch } from "../cli/sealpatch.js";
import { temporaryFolder } from "../project/projects.js";
import { projectIn } from "./page-project.js";

// A page's file without what it was built from, as its readers have it.

const folder = temporaryFolder();
const { config, policyFile } = projectIn(folder);
const manifest = await readManifest();
const keys = { manifest, key: await portalKey(manifest) };
let page: BuiltPortal;
beforeAll(async () => {
  const policies = [{ file: policyFile, text: readFileSync(policyFile, "utf8") }];
  page = await buildPortal(await readProject(config), manifest, { policies });
});

const outcomes = async (html: string) =>
  (await checkPage(html, keys)).checks.map(({ outcome }) => outcome).join();
/** A page that this release writes for changed data. */
const written = async (change: Partial<PortalData>) =>
  (await portalOf({ ...page.data, ...change }, manifest)).html;
const withKey = (change: Partial<PortalData["key"]>) => written({ key: { ...page.data.key, ...change } });

describe("a page alone", () => {
  it("is what this release writes for its data, and whose it is its reader has to compare", async () => {
    const { data, checks } = await checkPage(page.html, keys);
    expect(data).toEqual(page.data);
    expect(checks.map(({ outcome }) => outcome)).toEqual([
      ...["holds", "holds", "holds", "holds", "not checked"],
    ]);
  });

  it.each([
    ["a byte of the script", (html: string) => html.replace("<script>", "<script> ")],
    ["a byte of the style", (html: string) => html.replace("</style>", " </style>")],
    ["the content policy", (html: string) => html.replace("base-uri 'none'; ", "")],
    ["a node in the data alone", (html: string) => html.replace('"http://127.0.0.1:8545/"', '"http://a/"')],
    ["a script beside it", (html: string) => html.replace("</body>", "<script>0</script></body>")],
    ["something after it", (html: string) => `${html}<p>`],
    ["a byte order mark", (html: string) => `\ufeff${html}`],
    [
      "data in another order",
      (html: string) => html.replace(/("release":"[^"]*"),("protocol":"[^"]*")/, "$2,$1"),
    ],
  ])("is not with %s", async (_, change) => {
    const html = change(page.html);
    expect(html).not.toBe(page.html);
    expect(await outcomes(html)).toMatch(/^fails,/);
  });

  it("may not leave out what a proof does not say", async () => {
    const { limits } = page.data;
    expect(await outcomes(await written({ limits: limits.slice(1) }))).toBe(
      "holds,fails,holds,holds,not checked",
    );
  });

  it("has the keys that it names", async () => {
    const { codehashes, attest } = page.data.key;
    const failing = "holds,holds,fails,holds,not checked";
    const hash = `0x${"12".repeat(32)}`;
    expect(await outcomes(await withKey({ codehashes: { ...codehashes, BindVerifier: hash } }))).toBe(
      failing,
    );
    const [first, second, ...rest] = attest.IC;
    const other = { ...attest, IC: [second!, first!, ...rest] };
    expect(await outcomes(await withKey({ attest: other }))).toBe(failing);
    // Of other keys nothing is known here.
    expect(await outcomes(await withKey({ setupHash: hash }))).toBe(
      "holds,holds,not checked,not checked,not checked",
    );
  });

  it("may not say more of its keys than was proven", async () => {
    expect(await outcomes(await withKey({ keyClass: "test" }))).toBe("holds,holds,holds,fails,not checked");
    expect(await outcomes(await withKey({ keyClass: "production" }))).toBe(
      "holds,holds,holds,not checked,not checked",
    );
  });

  it("tells which release wrote it, where that is another one", async () => {
    const html = (await written({})).replace(`"release":"${page.data.release}"`, '"release":"0.0.1"');
    const [line] = (await checkPage(html, keys)).checks;
    expect(line).toMatchObject({
      outcome: "fails",
      detail: expect.stringMatching(/sealpatch .0\.0\.1. wrote it/),
    });
  });

  it.each([
    ["nothing", ""],
    ["another page", "<!DOCTYPE html><p>"],
    ["no end of the data", '<script type="application/json" id="data">{}'],
    ["no data", '<script type="application/json" id="data">{}</script>'],
    ["data that is no JSON", '<script type="application/json" id="data">{</script>'],
  ])("is none with %s", (_, html) => {
    expect(() => dataOfPage(html)).toThrow(expect.objectContaining({ code: "portal/not-a-page" }));
  });

  it.each([
    ["a key that nobody reads", (text: string) => text.replace('{"schema"', '{"more":1,"schema"')],
    ["a key twice", (text: string) => text.replace('{"schema"', '{"release":"1","schema"')],
    ["a node that is none", (text: string) => text.replace('"http://127.0.0.1:8545/"', '"x"')],
    ["no chain", (text: string) => text.replace(/"chains":\[.*?\}\],"key"/, '"chains":[],"key"')],
  ])("is none with %s", (_, change) => {
    const html = change(page.html);
    expect(html).not.toBe(page.html);
    expect(() => dataOfPage(html)).toThrow(expect.objectContaining({ code: "portal/not-a-page" }));
  });

  it("differs from another one at places that are named", () => {
    const [chain] = page.data.chains;
    const other = { ...page.data, protocol: "x", chains: [{ ...chain!, nodes: [...chain!.nodes, "y"] }] };
    expect(differences(other, page.data)).toEqual(["protocol", "chains.0.nodes.1"]);
    expect(differences(page.data, page.data)).toEqual([]);
  });
});

describe("sealpatch portal check", () => {
  const file = join(folder, "page.html");

  it("looks at a file alone where there is no configuration", async () => {
    writeFileSync(file, page.html);
    const { code, stdout } = await sealpatch("portal", "check", file);
    // Nobody compared protocol, chains and nodes.
    expect(code).toBe(2);
    for (const told of [
      page.sha256,
      page.data.chains[0]!.timelock,
      page.data.key.setupHash,
      "127.0.0.1:8545",
    ])
      expect(stdout).toContain(told);
    const json = JSON.parse((await sealpatch("portal", "check", file, "--json")).stdout);
    expect(json).toMatchObject({ file, sha256: page.sha256, page: { protocol: "Vault", policies: 1 } });
    expect(json.checks).toHaveLength(5);
    const bytes = Buffer.from(page.html);
    for (const changed of [Buffer.from(" "), Buffer.from([0xff])]) {
      writeFileSync(file, Buffer.concat([bytes, changed]));
      expect((await sealpatch("portal", "check", file)).code).toBe(1);
    }
    // A byte order mark, which decoders leave out.
    writeFileSync(file, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]));
    expect((await sealpatch("portal", "check", file)).code).toBe(1);
  });

  it("shows what a page says of itself as text", async () => {
    const html = await written({ protocol: "a\u001b[2J\u202eb" });
    writeFileSync(file, html);
    const { stdout } = await sealpatch("portal", "check", file);
    for (const odd of ["\u001b", "\u202e"]) expect(stdout).not.toContain(odd);
    expect(stdout).toContain("2J");
  });

  it("names what differs from the inputs that are given", async () => {
    const inputs = ["--config", config, "--policy", policyFile, "--json"];
    writeFileSync(file, await written({ protocol: "Other" }));
    const changed = await sealpatch("portal", "check", file, ...inputs);
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({ same: false, differs: ["data.protocol"] });
    writeFileSync(file, `${page.html}<p>`);
    expect(JSON.parse((await sealpatch("portal", "check", file, ...inputs)).stdout)).toMatchObject({
      differs: ["page"],
    });
  });

  it("refuses a file that is no page, and one that is none at all", async () => {
    writeFileSync(file, "<p>");
    const other = await sealpatch("portal", "check", file, "--json");
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining("portal/not-a-page")]);
    mkdirSync(join(folder, "sub"));
    const none = await sealpatch("portal", "check", join(folder, "sub"), "--json");
    expect([none.code, none.stdout]).toEqual([1, expect.stringContaining("cli/unreadable-file")]);
  });
});
