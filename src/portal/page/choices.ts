/// <reference lib="dom" />
import type { PortalChain } from "../model.js";
import { THEMES, type Theme } from "./shown.js";

// What a reader chose, kept in this browser where it keeps anything: pages from disk may have no storage.

const THEME = "sealpatch.theme";
const nodesOf = (chainId: string) => `sealpatch.nodes.${chainId}`;

function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // The choice lasts as long as the page.
  }
}

/** The theme that was chosen; `auto` where none was. */
export function keptTheme(): Theme {
  return THEMES.find((theme) => theme === kept(THEME)) ?? "auto";
}

export function keepTheme(theme: Theme): void {
  keep(THEME, theme);
}

/** The nodes that were chosen, of those that the page may ask; the first two unless any were. */
export function keptNodes({ chainId, nodes }: PortalChain): readonly string[] {
  const wanted = kept(nodesOf(chainId))?.split(" ") ?? [];
  const chosen = nodes.filter((node) => wanted.includes(node)).slice(0, 2);
  return chosen.length > 0 ? chosen : nodes.slice(0, 2);
}

export function keepNodes({ chainId }: PortalChain, nodes: readonly string[]): void {
  keep(nodesOf(chainId), nodes.join(" "));
}

/** Nodes after one was chosen or left out: one at least, two at most, the last choice among them. */
export function withNode(nodes: readonly string[], url: string, chosen: boolean): readonly string[] {
  const others = nodes.filter((node) => node !== url);
  if (!chosen) return others.length > 0 ? others : nodes;
  return [...others.slice(-1), url];
}
