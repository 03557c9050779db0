import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Finished } from "../cli/sealpatch.js";
import { PASSPHRASE } from "../lane/lane-project.js";
import { put } from "../project/projects.js";
import type { Command } from "./commands.js";

/** What people have in common: the command, and a node. */
interface Ground {
  readonly command: Command;
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

  /** Runs the command in his project. */
  async run(...words: readonly string[]): Promise<Finished> {
    const { command, rpc } = this.#ground;
    const finished = await command(words, {
      cwd: this.at("project"),
      env: {
        HOME: this.home,
        SEALPATCH_HOME: this.at("data"),
        TMPDIR: this.at("tmp"),
        RPC_URL: rpc,
        SEALPATCH_RPC: rpc,
      },
    });
    this.printed += finished.stdout + finished.stderr;
    return finished;
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
