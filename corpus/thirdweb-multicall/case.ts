import { AbiCoder } from "ethers";
import type { CorpusCase } from "../../src/drill/index.js";
import { initCodeOf } from "../../src/solc/index.js";
import type { Hex } from "../../src/vectors/index.js";
import { unchanged } from "../scripted.js";
import { caseCompiler, openZeppelinUpgradeable } from "../sources.js";
import { type Actor, AIRDROP, CONTRACT_URI } from "./airdrop.js";
import { baseline } from "./baseline.js";
import { attack, exploited, incidents } from "./exploit.js";

const thirdweb = (version: string): Record<string, string> => ({
  ...openZeppelinUpgradeable("4.7.3"),
  "@openzeppelin/contracts/": "@openzeppelin/contracts-4.9.6/",
  "@thirdweb-dev/contracts/": `@thirdweb-dev/contracts-${version}/`,
});

const initialize = (admin: Hex, { forwarder }: Readonly<Record<string, Hex>>): Hex =>
  AIRDROP.encode("initialize", [admin, CONTRACT_URI, [forwarder]]);

/** thirdweb contracts: anybody speaks in the name of the admin (README.md). */
export const corpusCase: CorpusCase<Actor> = {
  name: "thirdweb-multicall",
  title: "thirdweb AirdropERC20: any sender is spoofed by Multicall with ERC-2771",
  advisories: ["thirdweb, 2023-12-08"],
  actors: ["deployer", "admin", "victim", "attacker", "outsider", "friend"],
  variants: {
    transparent: {
      contract: "CouncilAirdrop",
      initializer: ({ admin }, surroundings) => initialize(admin, surroundings),
    },
    uups: {
      contract: "CouncilAirdropUUPS",
      upgrader: "admin",
      initializer: ({ admin }, surroundings) => initialize(admin, surroundings),
    },
  },
  funds: 0n,
  repelled: "the victim's tokens are where they were",
  compile: caseCompiler({
    folder: "thirdweb-multicall",
    contracts: ["CouncilAirdrop.sol", "CouncilAirdropUUPS.sol"],
    exploit: ["Surroundings.sol"],
    packages: {
      vulnerable: { ...thirdweb("3.10.3"), "kept/": "vulnerable/" },
      fixed: { ...thirdweb("3.11.0"), "kept/": "fixed/" },
      exploit: thirdweb("3.10.3"),
    },
  }),
  surroundings: ({ victim }, exploit) => ({
    forwarder: initCodeOf(exploit, "TrustedForwarder"),
    token: `${initCodeOf(exploit, "Token")}${AbiCoder.defaultAbiCoder().encode(["address"], [victim]).slice(2)}`,
    refuser: initCodeOf(exploit, "Refuser"),
  }),
  safetyChecks: ({ subject, surroundings }) => [
    unchanged(subject, AIRDROP.encode("isTrustedForwarder", [surroundings.forwarder])),
  ],
  baseline,
  incidents,
  exploit: attack,
  exploited,
};
