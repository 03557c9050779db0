/// <reference lib="dom" />
import { Interface } from "ethers";
import type { PageProblem, PageState, PortalChain, PortalData } from "../model.js";
import { keepNodes, keepTheme, keptNodes, keptTheme, withNode } from "./choices.js";
import { mount } from "./mount.js";
import {
  type Actions,
  type ChosenFile,
  isNumber,
  LARGEST_FILE,
  type ShownPage,
  type Theme,
} from "./shown.js";
import { pageView } from "./view.js";

/** From one reading of the chain to the next, in milliseconds. */
const READ_EVERY = 12_000;
/** From one look at the clock to the next. */
const SHOW_EVERY = 15_000;

/** What a page needs of the world. */
export interface PageParts {
  readonly data: PortalData;
  /** Of the timelock, in ethers' form with all names. */
  readonly abi: readonly string[];
  /** @param shown the statement that is looked at, by id or commitment. */
  readonly read: (chain: PortalChain, nodes: readonly string[], shown?: string) => Promise<PageState>;
  /** What a failed reading means. */
  readonly problemOf: (error: unknown, hosts: readonly string[]) => PageProblem;
  readonly hashOf: (file: Blob) => Promise<string>;
}

/** A page at work: what it shows, when it reads, and what its reader does. */
export class Page {
  readonly #parts: PageParts;
  readonly #container: HTMLElement;
  readonly #interface: Interface;
  #shown: Omit<ShownPage, "now">;
  /** Counts what a reader chose: a reading that began before another choice is dropped. */
  #turn = 0;
  /** What was chosen last. */
  #file: Blob | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: PageParts, container: HTMLElement) {
    this.#parts = parts;
    this.#container = container;
    this.#interface = new Interface(parts.abi);
    const place = this.#place();
    this.#shown = {
      ...{ data: parts.data, theme: keptTheme(), state: undefined, problem: undefined, file: undefined },
      ...{ copied: undefined, ...place, nodes: place.chain === undefined ? [] : keptNodes(place.chain) },
    };
  }

  start(): void {
    // What the page holds for whoever runs no script.
    this.#container.replaceChildren();
    this.#applyTheme();
    this.#show();
    addEventListener("hashchange", () => this.#follow());
    document.addEventListener("visibilitychange", () => {
      // A tab that slept has an old state, which must not stand there as new.
      if (document.visibilityState === "visible") this.#read();
    });
    setInterval(() => this.#show(), SHOW_EVERY);
    this.#read();
  }

  /** Chain and statement that the address names: `#chain/statement`. */
  #place(): Pick<ShownPage, "chain" | "wanted"> {
    const { chains } = this.#parts.data;
    const [id = "", wanted = ""] = location.hash.slice(1).split("/");
    return { chain: id === "" ? chains[0] : chains.find(({ chainId }) => chainId === id), wanted };
  }

  #follow(): void {
    const place = this.#place();
    const nodes = place.chain === undefined ? [] : keptNodes(place.chain);
    const isSame = place.chain === this.#shown.chain;
    this.#change(isSame ? place : { ...place, nodes, state: undefined, problem: undefined });
    // Of an old statement the proof is verified when somebody looks at it.
    this.#read();
  }

  #change(changes: Partial<ShownPage>): void {
    this.#shown = { ...this.#shown, ...changes };
    this.#show();
  }

  #show(): void {
    const page = { ...this.#shown, now: Date.now() / 1000 };
    mount(this.#container, pageView(page, this.#actions));
  }

  /** Reads the chain, now and every so often; the last good state stays where it fails. */
  async #read(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    const { chain, nodes, wanted } = this.#shown;
    if (chain === undefined) return;
    const changes: Partial<ShownPage> = await this.#parts
      .read(chain, nodes, isNumber(wanted) ? wanted : undefined)
      .then(
        (state) => ({ state, problem: undefined }),
        (error: unknown) => {
          const problem = this.#parts.problemOf(
            error,
            nodes.map((node) => new URL(node).host),
          );
          // Of two answers none is shown, nor what one of them said before.
          return DOUBTFUL.has(problem.code) ? { problem, state: undefined } : { problem };
        },
      );
    if (turn !== this.#turn) return;
    this.#change(changes);
    this.#timer = setTimeout(() => this.#read(), READ_EVERY);
  }

  #applyTheme(): void {
    const { theme } = this.#shown;
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
  }

  readonly #actions: Actions = {
    read: () => void this.#read(),
    chooseTheme: (theme: Theme) => {
      keepTheme(theme);
      this.#change({ theme });
      this.#applyTheme();
    },
    chooseNode: (url, chosen) => {
      const { chain } = this.#shown;
      if (chain === undefined) return;
      const nodes = withNode(this.#shown.nodes, url, chosen);
      keepNodes(chain, nodes);
      // What other nodes said is not what these say.
      this.#change({ nodes, state: undefined, problem: undefined });
      void this.#read();
    },
    chooseFile: (statement, file) => {
      this.#file = file;
      const show = (found: ChosenFile["found"]) => {
        // Of two files, the one that was chosen last counts, whichever is read first.
        if (this.#file === file) this.#change({ file: { statement, found } });
      };
      if (file.size > LARGEST_FILE) return show("too-large");
      this.#parts.hashOf(file).then(
        (hash) => show({ hash }),
        () => show("unreadable"),
      );
    },
    copy: (text, key) => {
      const whole = key === "link" ? new URL(text, location.href).href : text;
      // Where the browser does not let a page write there, the text stands on the page.
      navigator.clipboard?.writeText(whole).then(
        () => this.#change({ copied: key }),
        () => undefined,
      );
    },
    vetoData: (commitment) => this.#interface.encodeFunctionData("veto", [commitment, ""]),
  };
}

/** Problems that make what was read before doubtful, too. */
const DOUBTFUL: ReadonlySet<PageProblem["code"]> = new Set(["nodes-disagree", "other-chain", "no-timelock"]);
