import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from "playwright-core";

// A real browser for tests of the page. None is downloaded: it is the distribution's.

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** Path of the browser. Without one the tests fail, they are not skipped. */
export function chromiumPath(path = process.env.PATH ?? ""): string {
  for (const folder of path.split(delimiter).filter((name) => name !== "")) {
    for (const program of PROGRAMS) {
      try {
        accessSync(join(folder, program), constants.X_OK);
        return join(folder, program);
      } catch {}
    }
  }
  throw new Error("there is no Chromium in PATH, and the page is tested in one: apt-get install chromium");
}

/** A page in the browser, and what came of it. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors that no script caught. */
  readonly errors: readonly string[];
  /** What it wrote to the console as errors: refusals of the content policy are among them. */
  readonly console: readonly string[];
}

/** How a page is opened. */
export interface OpenOptions {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Whatever else the context is to have. */
  readonly context?: BrowserContextOptions;
  /** Before the page is loaded. */
  readonly before?: (page: Page) => Promise<void>;
}

/** The browser, and all that its pages asked the network for. */
export class PageBrowser {
  readonly #browser: Browser;
  readonly #requested: Request[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<PageBrowser> {
    const browser = await chromium.launch({
      executablePath: chromiumPath(),
      // No name is looked up: whatever is asked but this machine fails, and is recorded all the same.
      args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
    });
    return new PageBrowser(browser);
  }

  /** Every request of every page so far that the content policy let out. */
  get requested(): readonly { readonly url: string; readonly method: string }[] {
    return this.#requested
      .filter((request) => request.failure()?.errorText !== "csp")
      .map((request) => ({ url: request.url(), method: request.method() }));
  }

  /** Requests that are neither for a page's own file nor a call of an allowed node. */
  strangers(pages: readonly string[], nodes: readonly string[]): string[] {
    const isNode = (url: string) => nodes.some((node) => new URL(node).href === new URL(url).href);
    return this.requested
      .filter(({ url, method }) => !(isNode(url) && ["POST", "OPTIONS"].includes(method)))
      .map(({ url }) => url)
      .filter((url) => !pages.includes(url.replace(/#.*/, "")));
  }

  /** Opens a URL in a context of its own, so that no page sees what another kept. */
  async open(url: string, options: OpenOptions = {}): Promise<OpenedPage> {
    const { theme = "light", width = 1_280, height = 900, before } = options;
    const context = await this.#browser.newContext({
      colorScheme: theme,
      viewport: { width, height },
      locale: "en-GB",
      timezoneId: "Europe/Zurich",
      ...options.context,
    });
    context.on("request", (request) => this.#requested.push(request));
    const page = await context.newPage();
    const [errors, messages]: [string[], string[]] = [[], []];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && messages.push(message.text()));
    await before?.(page);
    await page.goto(url);
    return { page, errors, console: messages };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

/** URL of a page that is opened from disk. */
export const fromDisk = (file: string): string => pathToFileURL(file).href;

/** A static server of files, each by a path of its own, and what it was asked. */
export interface StaticServer {
  readonly url: string;
  readonly asked: readonly string[];
  close(): void;
}

/** Serves files, the first also at `/`; anything else is not found. It sends no header that the page could lean on. */
export async function serve(files: Readonly<Record<string, string>>): Promise<StaticServer> {
  const asked: string[] = [];
  const server = createServer(async ({ url = "" }, response) => {
    asked.push(url);
    const file = url === "/" ? Object.values(files)[0] : files[url.slice(1)];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "text/html" }).end(await readFile(file));
  });
  return { url: await listening(server), asked, close: () => closed(server) };
}

/** URL of a server once it listens, on this machine alone. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends a server with all its connections. */
export function closed(server: Server): void {
  server.closeAllConnections();
  server.close();
}
