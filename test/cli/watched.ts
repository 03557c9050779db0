import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../project/projects.js";
import type { AcceptingLane } from "../watch/accepting-lane.js";
import { watchedProject } from "../watch/watched-project.js";
import { sealpatch } from "./sealpatch.js";

/** A new project of a lane with the proxy Vault, which has not been watched yet. @param rpc its node, the lane's own unless given. */
export function newWatched(lane: AcceptingLane, proxy: string, rpc?: string) {
  const folder = temporaryFolder();
  watchedProject(folder, lane, { proxies: { Vault: proxy }, ...(rpc === undefined ? {} : { rpc }) });
  const config = join(folder, "sealpatch.toml");
  const once = (...words: string[]) => sealpatch("watch", "--config", config, "--once", ...words);
  /** Lines that it prints until it has told everything. */
  const lines = async (...words: string[]) => {
    const { code, stdout, stderr } = await once(...words);
    expect(code, stderr).toBe(0);
    return stdout.split("\n").filter((line) => line !== "");
  };
  const json = async () => (await lines("--json")).map((line) => JSON.parse(line));
  return { folder, config, once, lines, json };
}
