export {
  type BeaconAnswer,
  type BeaconChain,
  beaconRandomness,
  beaconTime,
  parseBeaconAnswer,
  QUICKNET,
} from "./beacon.js";
export { assertContributionChain, assertFollows } from "./chain.js";
export { checkInitialKey } from "./check-key.js";
export {
  checkPowersOfTau,
  type PinnedPowers,
  type PowersOfTau,
  pinnedPowersOfTau,
  preparedBytes,
  readPowersOfTau,
} from "./powers-of-tau.js";
