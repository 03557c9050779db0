import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { CORPUS } from "../../corpus/index.js";
import { DEPLOYMENTS, describeDeployments } from "./deployments.js";

it("names every case of the corpus, each by its folder", () => {
  const folders = readdirSync(new URL("../../corpus/", import.meta.url), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(CORPUS.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

describeDeployments(DEPLOYMENTS.usual);
