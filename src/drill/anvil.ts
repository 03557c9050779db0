import { spawn } from "node:child_process";
import { foundryBinary } from "../foundry.js";

/** A running chain. */
export interface Anvil {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts anvil on a port that the system chooses. Transactions cost nothing, so that balances change only by what a
 * contract does.
 */
export async function startAnvil(hardfork = "cancun", chainId = 31337): Promise<Anvil> {
  const child = spawn(
    foundryBinary("anvil"),
    [
      "--port",
      "0",
      "--accounts",
      "20",
      "--hardfork",
      hardfork,
      "--chain-id",
      String(chainId),
      "--gas-price",
      "0",
      "--base-fee",
      "0",
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killWithParent = () => child.kill("SIGKILL");
  process.once("exit", killWithParent);

  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`anvil ended with code ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const listening = /Listening on (\S+:\d+)/.exec(output);
      if (listening !== null) resolve(`http://${listening[1]}`);
    });
  });
  child.stdout.removeAllListeners("data").resume();
  return {
    url,
    stop: async () => {
      process.removeListener("exit", killWithParent);
      child.kill("SIGKILL");
      await ended;
    },
  };
}
