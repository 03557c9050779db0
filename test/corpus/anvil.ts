import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "@foundry-rs/anvil-linux-amd64",
  "linux-arm64": "@foundry-rs/anvil-linux-arm64",
  "darwin-x64": "@foundry-rs/anvil-darwin-amd64",
  "darwin-arm64": "@foundry-rs/anvil-darwin-arm64",
};

/** A running chain. */
export interface Anvil {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts anvil on a port that the system chooses. Transactions cost nothing, so that balances change only by what a
 * contract does. The binary is started itself, not npm's launcher, which would leave it behind when killed.
 */
export async function startAnvil(hardfork = "cancun", chainId = 31337): Promise<Anvil> {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new Error(`anvil has no binary for ${process.platform} on ${process.arch}`);
  // The platform's package is a dependency of anvil's, not of ours.
  const fromAnvil = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  const binary = fromAnvil.resolve(`${name}/bin/anvil`);
  const child = spawn(
    binary,
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
