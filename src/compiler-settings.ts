// What compilers have to be asked for, as remedies say it: storage layouts and the syntax trees of all sources, from one run over the
// whole project.

/** Builds a Foundry project so, whatever its configuration. */
export const FORGE_BUILD = "forge build --force --build-info --ast --extra-output storageLayout";

/** Lines of `foundry.toml`, in a profile, with which `forge build --force` does the same. */
export const FOUNDRY_LINES = 'extra_output = ["storageLayout"]\nast = true\nbuild_info = true';

/** Member of a compiler's `settings` in a Hardhat configuration, beside what stands there. Syntax trees are on by default. */
export const HARDHAT_LINE = 'outputSelection: { "*": { "*": ["storageLayout"] } },';

/** Compiles a whole Hardhat project again. */
export const HARDHAT_BUILD = "npx hardhat compile --force";
