/** Bounds that leave room for everything. */
export const BOUNDS = {
  minDelay: 1,
  maxDelay: 1000,
  minGrace: 1,
  maxGrace: 1000,
  minDisclosureDeadline: 1,
  maxDisclosureDeadline: 1000,
  maxValidity: 10_000,
};
