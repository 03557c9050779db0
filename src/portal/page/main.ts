/// <reference lib="dom" />
import type { PortalData } from "../model.js";
import { fileHash } from "../openings.js";
import { pageProblem } from "../problem.js";
import { readPage } from "../read.js";
import { Page } from "./page.js";

/** Begins the page, in a document that has an element `page`, and one `data` with what was built in as JSON. */
export function startPage(abi: readonly string[]): void {
  const container = document.getElementById("page");
  const given = document.getElementById("data");
  if (container === null || given === null) return;
  const data = JSON.parse(given.textContent) as PortalData;
  new Page(
    {
      ...{ data, abi, problemOf: pageProblem, hashOf: fileHash },
      read: (chain, nodes, shown) => readPage(chain, data, nodes, abi, { shown }),
    },
    container,
  ).start();
}
