import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Finished } from "../cli/sealpatch.js";
import { PASSPHRASE } from "../lane/lane-project.js";
import { put } from "../project/projects.js";

/** What people have in common: the installed command, and a node. */
interface Ground {
  /** Folder in which the package is installed. */
  readonly installed: string;
  readonly rpc: string;
}

/** Somebody who works with the command on a machine of his own: a home folder, whose `project` is where he stands. */
export class Person {
  readonly #ground: Ground;
  /** All that the command printed. */
  printed = "";

  constructor(
    readonly name: string,
    readonly home: string,
    ground: Ground,
  ) {
    this.#ground = ground;
    for (const folder of ["project", "data", "tmp"]) mkdirSync(this.at(folder), { recursive: true });
    // Development keys are public: whoever made them again would have the same.
    symlinkSync(resolve("build/keys"), this.at("data/keys"));
    put(home, { "pass.txt": `${PASSPHRASE}\n` });
  }

  /** Path of a file of his. */
  at(file: string): string {
    return join(this.home, file);
  }

  read(file: string): string {
    return readFileSync(this.at(file), "utf8");
  }

  /** Runs the installed command as a process of its own, without a terminal, and without what the tests' environment has. */
  async run(...words: readonly string[]): Promise<Finished> {
    const { installed, rpc } = this.#ground;
    const child = spawn(join(installed, "node_modules/.bin/sealpatch"), words, {
      cwd: this.at("project"),
      env: {
        PATH: process.env.PATH,
        HOME: this.home,
        SEALPATCH_HOME: this.at("data"),
        TMPDIR: this.at("tmp"),
        RPC_URL: rpc,
        SEALPATCH_RPC: rpc,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((done, fail) => {
      child.on("error", fail);
      child.on("close", done);
    });
    this.printed += stdout + stderr;
    return { code, stdout, stderr };
  }

  /** Hands a file or folder over; it lies in the same place there, unless another is named. */
  give(file: string, to: Person, as = file): void {
    mkdirSync(dirname(to.at(as)), { recursive: true });
    cpSync(this.at(file), to.at(as), { recursive: true });
  }

  /** Names of all files at home; what is only linked there belongs to everybody. */
  files(): string[] {
    return readdirSync(this.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(this.home, join(parentPath, name)));
  }
}
