import type { JsonRpcProvider } from "ethers";

/** Works on a chain, and takes everything back that was done there. */
export async function onSnapshot<T>(provider: JsonRpcProvider, work: () => Promise<T>): Promise<T> {
  const snapshot = await provider.send("evm_snapshot", []);
  try {
    return await work();
  } finally {
    await provider.send("evm_revert", [snapshot]);
  }
}
