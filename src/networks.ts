/** Chains that only exist on one machine: anvil and Hardhat (31337), Ganache and geth --dev (1337). */
export const LOCAL_CHAIN_IDS: ReadonlySet<bigint> = new Set([31337n, 1337n]);
