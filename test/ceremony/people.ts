import { spawn } from "node:child_process";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CeremonySettings } from "../../src/cli/ceremony/settings.js";

const PROGRAM = fileURLToPath(new URL("program.ts", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A person of a ceremony: a folder and a home of his own. He runs processes, and what others have of him are files that he sent. */
export class Person {
  private constructor(
    readonly folder: string,
    readonly settings: CeremonySettings,
  ) {}

  /** @param settings of his `sealpatch`: circuits and pinned list. */
  static async arrive(folder: string, settings: Omit<CeremonySettings, "beaconChain"> = {}): Promise<Person> {
    const person = new Person(folder, settings);
    for (const name of ["bin", "home", "tmp"]) await mkdir(person.at(name), { recursive: true });
    await writeFile(person.at("settings.json"), JSON.stringify(settings));
    const command = [process.execPath, "--import", TSX, PROGRAM, person.at("settings.json")];
    await person.install("sealpatch", `exec ${command.map((word) => `'${word}'`).join(" ")} "$@"`);
    return person;
  }

  /** Path of a file of his. */
  at(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Puts a shell script on his PATH. */
  async install(name: string, script: string): Promise<void> {
    await writeFile(this.at("bin", name), `#!/bin/sh\n${script}\n`);
    await chmod(this.at("bin", name), 0o755);
  }

  /** Sends files or folders into a folder of somebody else. */
  async send(to: Person, names: readonly string[], folder = "."): Promise<void> {
    for (const name of names) await cp(this.at(name), to.at(folder, basename(name)), { recursive: true });
  }

  /** Runs `sealpatch` in his folder. @returns what it prints. @throws Error where it does not end well, with what it says. */
  sealpatch(...words: readonly string[]): Promise<string> {
    return this.#run("sealpatch", words);
  }

  /** Runs the lines of a shell, as far as the first that fails. */
  shell(lines: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#run("bash", ["-euo", "pipefail", "-c", lines], variables);
  }

  #run(program: string, words: readonly string[], variables = {}): Promise<string> {
    const env = {
      ...variables,
      PATH: `${this.at("bin")}:${process.env.PATH}`,
      HOME: this.at("home"),
      SEALPATCH_HOME: this.at("home", "sealpatch"),
      TMPDIR: this.at("tmp"),
    };
    return new Promise((done, fail) => {
      const child = spawn(program, words, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let [output, errors] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        errors += text;
      });
      child.on("error", fail);
      child.on("close", (code) =>
        code === 0
          ? done(output)
          : fail(new Error(`${program} ${words.join(" ")} ended with ${code}:\n${output}${errors}`)),
      );
    });
  }
}
