/** Chains that only exist on one machine: anvil and Hardhat (31337), Ganache and geth --dev (1337). */
export const LOCAL_CHAIN_IDS: ReadonlySet<bigint> = new Set([31337n, 1337n]);

/** Public networks whose coins are worth nothing: Sepolia and Hoodi. */
export const TEST_CHAIN_IDS: ReadonlySet<bigint> = new Set([11155111n, 560048n]);

/** Rules that a vector can run under, with their number in its digest. Only those since the Merge. */
export const HARDFORKS = { paris: 1, shanghai: 2, cancun: 3, prague: 4, osaka: 5 } as const;
export type Hardfork = keyof typeof HARDFORKS;
