import { laneConfiguration } from "../lane/lane-project.js";
import { put } from "../project/projects.js";
import type { AcceptingLane } from "./accepting-lane.js";

/** Writes the configuration of a lane's proxies, by name, into a folder; `rpc` is its own node unless given. */
export function watchedProject(
  folder: string,
  lane: AcceptingLane,
  {
    proxies,
    rpc = lane.anvil.url,
  }: { readonly proxies: Readonly<Record<string, string>>; readonly rpc?: string },
): void {
  const { governance, executor, council, guardian, timelock, block } = lane;
  const roles = {
    proposers: governance.address,
    executors: executor.address,
    council: council.address,
    guardians: guardian.address,
  };
  const [first, ...others] = Object.entries(proxies) as [[string, string], ...[string, string][]];
  const text = laneConfiguration({ rpc, roles, proxy: first[1] })
    .replace('# timelock = "0x.."', `timelock = "${timelock.address}"`)
    .replace("# block = 0", `block = ${block}`)
    .replaceAll("proxies.Vault", `proxies.${first[0]}`);
  const [section] = /^\[proxies\.[\s\S]*?\npolicy = .*\n/m.exec(text)!;
  const more = others.map(([name, address]) => section.replaceAll(first[0], name).replace(first[1], address));
  put(folder, { "sealpatch.toml": [text, ...more].join("\n") });
}
