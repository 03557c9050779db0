import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../project/projects.js";
import { closed, fromDisk, listening, PageBrowser, type StaticServer, serve } from "./browser.js";
import { checks, problem, ready } from "./page.js";
import { type PortalStage, portalStage } from "./stage.js";

// The content policy of the page bites: each attack is shown to work without it.

let stage: PortalStage;
let browser: PageBrowser;
let file: string;
let server: StaticServer;
let node: string;
/** A host that the page has nothing to do with, and what it was asked. */
const other = { asked: [] as string[], url: "" };
const stranger = createServer(({ url = "" }, response) => {
  other.asked.push(url);
  response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end();
});
const folder = temporaryFolder();
const copy = (name: string, change: (html: string) => string): string => {
  const changed = join(folder, name);
  writeFileSync(changed, change(readFileSync(file, "utf8")));
  return changed;
};

beforeAll(async () => {
  stage = await portalStage(folder);
  await stage.schedule();
  node = stage.incident.anvil.url;
  file = await stage.page([node]);
  other.url = await listening(stranger);
  server = await serve({ "portal.html": file });
  browser = await PageBrowser.start();
}, 600_000);
afterAll(async () => {
  await browser?.stop();
  server?.close();
  closed(stranger);
  await stage?.stop();
});

const INJECTED = `<script>document.documentElement.dataset.owned = "yes"</script>
<img src="x:" onerror="document.documentElement.dataset.owned = 'yes'">`;
const injected = (html: string) => html.replace("</body>", `${INJECTED}</body>`);
const withoutPolicy = (html: string) => html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
const owned = (page: Page) => page.evaluate(() => document.documentElement.dataset.owned ?? "no");

/** Everything by which a script of the page could reach a host; what throws is refused. */
const reach = (url: string) => {
  const attempts: Record<string, () => unknown> = {
    fetch: () => fetch(`${url}/fetch`, { mode: "no-cors" }).catch(() => {}),
    beacon: () => navigator.sendBeacon(`${url}/beacon`),
    socket: () => new WebSocket(`${url.replace("http", "ws")}/socket`),
    events: () => new EventSource(`${url}/events`),
    image: () => Object.assign(new Image(), { src: `${url}/image` }),
    frame: () =>
      document.body.append(Object.assign(document.createElement("iframe"), { src: `${url}/frame` })),
    style: () =>
      document.head.append(
        Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${url}/style` }),
      ),
    video: () => Object.assign(document.createElement("video"), { src: `${url}/video` }).load(),
    form: () => {
      const [form, frame] = [document.createElement("form"), document.createElement("iframe")];
      frame.name = "answer";
      Object.assign(form, { action: `${url}/form`, method: "post", target: "answer" });
      document.body.append(frame, form);
      form.submit();
    },
  };
  for (const attempt of Object.values(attempts)) {
    try {
      attempt();
    } catch {}
  }
  return new Promise((done) => setTimeout(done, 1_000));
};

/** What turns text into markup or code, in a task of its own: what a test runs itself is exempt. */
const texts = () =>
  new Promise<string[]>((done) => {
    setTimeout(async () => {
      const ways: Record<string, () => unknown> = {
        innerHTML: () => {
          document.createElement("p").innerHTML = "<b>x</b>";
        },
        outerHTML: () => {
          document.body.appendChild(document.createElement("p")).outerHTML = "<b>x</b>";
        },
        insertAdjacentHTML: () => document.createElement("p").insertAdjacentHTML("beforeend", "<b>x</b>"),
        "document.write": () => document.createElement("p").ownerDocument.write("x"),
        DOMParser: () => new DOMParser().parseFromString("<b>x</b>", "text/html"),
        // biome-ignore lint/security/noGlobalEval: it is what must be refused.
        eval: () => eval("1"),
        Function: () => new Function("return 1")(),
        timeout: () => setTimeout("1" as unknown as () => void),
        WebAssembly: () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
        worker: () => new Worker(URL.createObjectURL(new Blob(["1"]))),
        policy: () => (globalThis as unknown as TrustedTypes).trustedTypes.createPolicy("own", {}),
      };
      const taken: string[] = [];
      for (const [name, way] of Object.entries(ways)) {
        try {
          way();
          taken.push(name);
        } catch {}
      }
      done(taken);
    });
  });
interface TrustedTypes {
  readonly trustedTypes: { createPolicy(name: string, rules: object): unknown };
}

describe.each(["from disk", "from a static server"])("the page %s", (place) => {
  const url = () => (place === "from disk" ? fromDisk(file) : `${server.url}/portal.html`);

  it("works under its policy, which it never breaks itself", async () => {
    const opened = await browser.open(url());
    await ready(opened.page);
    expect(await problem(opened.page)).toBeUndefined();
    expect((await checks(opened.page)).checkProof).toBe("outcomeHolds");
    expect(opened.errors).toEqual([]);
    expect(opened.console).toEqual([]);
  });

  it("reaches no host but its nodes, whatever a script in it tries", async () => {
    const { page } = await browser.open(url());
    await ready(page);
    other.asked.length = 0;
    await page.evaluate(reach, other.url);
    expect(other.asked).toEqual([]);
  });

  it("makes no markup, code or worker of texts", async () => {
    const { page } = await browser.open(url());
    await ready(page);
    expect(await page.evaluate(texts)).toEqual([]);
  });
});

describe("a script that somebody adds to the file", () => {
  it("does not run, and the page's own still does", async () => {
    const opened = await browser.open(fromDisk(copy("added.html", injected)));
    await ready(opened.page);
    expect(await owned(opened.page)).toBe("no");
    expect(opened.console.join("\n")).toContain("Content Security Policy");
  });

  it("does not run in the place of the page's own either", async () => {
    const file = copy("replaced.html", (html) =>
      html.replace(/<script>/, '<script>document.documentElement.dataset.owned = "yes";'),
    );
    const { page } = await browser.open(fromDisk(file));
    await page.waitForTimeout(500);
    expect(await owned(page)).toBe("no");
    expect(await page.locator("#lane").count()).toBe(0);
  });
});

describe("without the policy", () => {
  it("each of these would have happened", async () => {
    const free = await PageBrowser.start();
    try {
      const file = copy("free.html", (html) => injected(withoutPolicy(html)));
      const { page } = await free.open(fromDisk(file));
      await ready(page);
      expect(await owned(page)).toBe("yes");
      other.asked.length = 0;
      await page.evaluate(reach, other.url);
      for (const way of ["fetch", "beacon", "socket", "events", "image", "frame", "style", "video", "form"])
        expect(other.asked, way).toContain(`/${way}`);
      expect((await page.evaluate(texts)).length).toBe(11);
    } finally {
      await free.stop();
    }
  });
});

it("no request of these tests left for anything but the file and its node", () => {
  const pages = [file, join(folder, "added.html"), join(folder, "replaced.html")].map(fromDisk);
  expect(browser.requested.length).toBeGreaterThan(5);
  expect(browser.strangers([...pages, `${server.url}/portal.html`], [node])).toEqual([]);
});
