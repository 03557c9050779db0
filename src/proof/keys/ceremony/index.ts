export {
  type BeaconAnswer,
  type BeaconChain,
  beaconRandomness,
  beaconTime,
  parseBeaconAnswer,
  QUICKNET,
} from "./beacon.js";
export { assertContributionChain, assertFollows, contributionHash } from "./chain.js";
export { checkInitialKey, checkKey, type KeyFiles } from "./check-key.js";
export {
  checkPowersOfTau,
  hashPowersOfTau,
  type PinnedPowers,
  type PowersOfTau,
  pinnedPowersOfTau,
  preparedBytes,
  readPowersOfTau,
  recognisePowersOfTau,
  smallPowers,
} from "./powers-of-tau.js";
export { checkSuccessor } from "./successor.js";
