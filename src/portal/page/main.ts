/// <reference lib="dom" />
import type { PortalData } from "../model.js";
import { fileHash } from "../openings.js";
import { pageProblem } from "../problem.js";
import { readPage } from "../read.js";
import { Page } from "./page.js";

/** Begins the page, in a document that has an element `page`. */
export function startPage(data: PortalData, abi: readonly string[]): void {
  const container = document.getElementById("page");
  if (container === null) return;
  new Page(
    {
      ...{ data, abi, problemOf: pageProblem, hashOf: fileHash },
      read: (chain, nodes, shown) => readPage(chain, data, nodes, abi, { shown }),
    },
    container,
  ).start();
}
