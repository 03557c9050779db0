import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Packs the package and installs it as strangers do, with what it needs from the registry.
 * @param folder that the tarball is packed into.
 * @param project folder that is made, and that it is installed in.
 * @returns path of the tarball.
 */
export async function installPacked(folder: string, project: string): Promise<string> {
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { maxBuffer: 1 << 26 });
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{"name":"consumer","private":true,"type":"module"}\n');
  // Types of Node are what a consumer brings.
  const types = JSON.parse(readFileSync("node_modules/@types/node/package.json", "utf8")).version;
  const packages = [tarball, `@types/node@${types}`];
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages];
  await run("npm", install, { cwd: project, maxBuffer: 1 << 26 });
  return tarball;
}
