import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CompilerVersion, compileSolidity, type SolcOutput } from "../solc.js";
import { ToolError } from "../tool-error.js";

/** Installed compilers, for the files that the product's own does not compile as their tests need it. */
const COMPILER: Readonly<Record<string, CompilerVersion>> = {
  "Storage.sol": "0.6.12",
  "Memory05.sol": "0.5.13",
  "Erc7201Builtin.sol": "0.8.37",
};

/** The Solidity files of one folder, each compiled once. */
export class Sources {
  readonly #folder: string;
  readonly #compiled = new Map<string, SolcOutput>();

  /** @param folder ours, or packages/core/contracts/test of a checkout of openzeppelin-upgrades. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Text of a file.
   * @throws ToolError where there is none.
   */
  read(source: string): string {
    const path = join(this.#folder, source);
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw new ToolError(
        `there is no file ${path}\n` +
          "name the folder packages/core/contracts/test of a checkout of openzeppelin-upgrades",
        { cause },
      );
    }
  }

  /**
   * Storage layouts and syntax tree of a file.
   * @throws ToolError as `read`, and Error with the compiler's messages.
   */
  compile(source: string): SolcOutput {
    return this.#keep(source, () => this.compileText(source, this.read(source)));
  }

  /** Compiles this text in place of the file's, with the file's compiler. */
  compileText(source: string, text: string): SolcOutput {
    const compiler = COMPILER[source] ?? "0.8.30";
    return compileSolidity({ compiler, anyPragma: true, code: false, sources: { [source]: text } });
  }

  #keep(source: string, compile: () => SolcOutput): SolcOutput {
    const known = this.#compiled.get(source);
    if (known !== undefined) return known;
    const made = compile();
    this.#compiled.set(source, made);
    return made;
  }
}
