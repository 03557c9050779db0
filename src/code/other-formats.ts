import { FORGE_BUILD } from "../compiler-settings.js";

/** A kind of file that people take for a compiler's: what it is, why it is not enough, and what to give. */
export interface OtherFormat {
  readonly format: string;
  readonly why: string;
  readonly remedy: string;
}

const VYPER: OtherFormat = {
  format: "vyper",
  why: "it is Vyper's: its layout holds no types in full, no syntax trees of solc, and no past of a variable",
  remedy: "contracts in Vyper are upgraded through the slow path; for vectors give their runtime code as hex",
};

const FORGE_INSPECT: OtherFormat = {
  format: "forge inspect",
  why: "it is what `forge inspect` prints of a storage layout: without code, and without the syntax trees that show namespaces and enums",
  remedy: `run \`${FORGE_BUILD}\` and give out/X.sol/X.json`,
};

/** Tells other tools' files apart by their properties; undefined where nothing is recognised. */
export function otherFormat(json: Readonly<Record<string, unknown>>): OtherFormat | undefined {
  if (typeof json.solcInputHash === "string" && typeof json.bytecode === "string") {
    return {
      format: "hardhat-deploy",
      why: "it is a deployment of hardhat-deploy, which holds no syntax trees and not where immutables stand",
      remedy: "give the build-info file of the compilation, or Hardhat's artifact beside it",
    };
  }
  if (typeof json.manifestVersion === "string" && "impls" in json) {
    return {
      format: "openzeppelin",
      why:
        "it is a manifest of OpenZeppelin's plugins: its layouts do not tell whether code uses a gap, and where the code has " +
        "its namespaces",
      remedy:
        "give the build-info file of the implementation's compilation, from the commit that was deployed",
    };
  }
  if ("storage_layout" in json || String(json.compiler).startsWith("vyper")) return VYPER;
  if (Array.isArray(json.storage) && "types" in json) return FORGE_INSPECT;
  return undefined;
}

/** The same of a file that is no JSON. */
export function otherText(file: string, text: string): OtherFormat | undefined {
  if (file.endsWith(".vy")) return VYPER;
  // The table that `forge inspect` draws, in both of its styles.
  return /^\s*[╭|+][^\n]*\n?[^\n]*Name[^\n]*Type[^\n]*Slot/.test(text) ? FORGE_INSPECT : undefined;
}
