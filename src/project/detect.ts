import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { parseToml } from "../toml.js";
import { zod } from "../zod.js";

/** Tools whose projects are known. */
export const TOOLS = ["foundry", "hardhat"] as const;
export type Tool = (typeof TOOLS)[number];

/** What is known of a project without running any of its code. */
export interface ProjectFacts {
  readonly tool: Tool;
  /** Folder of the sources, and of the compiler's artifacts, below the project's. */
  readonly sources: string;
  readonly artifacts: string;
}

const HARDHAT_FILES = ["js", "cjs", "mjs", "ts", "cts", "mts"].map((end) => `hardhat.config.${end}`);

/**
 * Says which tool's project a folder holds. A Hardhat configuration is code, which is not run: its folders are taken to be those that Hardhat takes
 * unless told otherwise.
 * @param folder the project's, where its tool's configuration lies.
 * @param chosen the tool, where the folder has the configuration of both.
 * @throws SealpatchError `config/no-project`, `config/several-tools`, `config/unreadable-foundry-toml`.
 */
export function detectProject(folder: string, chosen?: Tool): ProjectFacts {
  const there = {
    foundry: existsSync(join(folder, "foundry.toml")),
    hardhat: HARDHAT_FILES.some((file) => existsSync(join(folder, file))),
  };
  const found = TOOLS.filter((tool) => there[tool] && (chosen ?? tool) === tool);
  if (found.length > 1) {
    throw new SealpatchError("config/several-tools", "the folder is a project of Foundry and of Hardhat", {
      details: { folder },
      why: "the code that is live was compiled by one of them",
      remedy: "say which of them compiles what is deployed",
    });
  }
  const [tool] = found;
  if (tool === undefined) {
    throw new SealpatchError(
      "config/no-project",
      "there is no project of Foundry or Hardhat in this folder",
      {
        details: { folder, tool: chosen ?? null },
        why: `it has no ${chosen === "hardhat" ? "" : "foundry.toml"}${chosen === undefined ? " and no " : ""}${chosen === "foundry" ? "" : "hardhat.config file"}`,
        remedy: "go to the folder where that file lies",
      },
    );
  }
  return tool === "foundry"
    ? { tool, ...foundryFolders(join(folder, "foundry.toml")) }
    : { tool, sources: "contracts", artifacts: "artifacts" };
}

const foundryToml = lazily(() =>
  zod.object({
    profile: zod
      .record(zod.string(), zod.object({ src: zod.string().optional(), out: zod.string().optional() }))
      .default({}),
  }),
);

/** Folders of the profile that Foundry would take: `FOUNDRY_PROFILE`, else `default`, from which the others inherit. */
function foundryFolders(file: string): Pick<ProjectFacts, "sources" | "artifacts"> {
  const refuse = () =>
    new SealpatchError("config/unreadable-foundry-toml", `${file} cannot be read`, {
      details: { file },
      why: "it is no TOML, or its src or out is no text",
      remedy: "write it as Foundry's documentation does",
    });
  const form = foundryToml().safeParse(parseToml(readFileSync(file, "utf8"), refuse));
  if (!form.success) throw refuse();
  const { default: base, [env.FOUNDRY_PROFILE ?? "default"]: chosen } = form.data.profile;
  return {
    sources: chosen?.src ?? base?.src ?? "src",
    artifacts: chosen?.out ?? base?.out ?? "out",
  };
}
