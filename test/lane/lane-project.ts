import { join } from "node:path";
import { encryptKeystoreJson, JsonRpcProvider, toQuantity, Wallet } from "ethers";
import { configurationText } from "../../src/cli/init/template.js";
import { put } from "../project/projects.js";

export const PASSPHRASE = "correct horse battery staple";

/** An Ethereum account with its keystore. */
export interface TestAccount {
  readonly wallet: Wallet;
  readonly address: string;
  /** Path of the keystore. */
  readonly file: string;
  /** Options that name it. */
  readonly options: readonly string[];
}

/** Writes the keystore of a new account, quick to open. */
export async function newAccount(folder: string, name: string, key?: string): Promise<TestAccount> {
  const wallet = new Wallet(key ?? Wallet.createRandom().privateKey);
  const { address, privateKey } = wallet;
  const text = await encryptKeystoreJson({ address, privateKey }, PASSPHRASE, { scrypt: { N: 1024 } });
  put(folder, { [`${name}.json`]: text, "pass.txt": `${PASSPHRASE}\n` });
  const file = join(folder, `${name}.json`);
  return {
    wallet,
    address,
    file,
    options: ["--account", file, "--account-passphrase-file", join(folder, "pass.txt")],
  };
}

/** Gives an account a balance. */
export async function fund(url: string, address: string): Promise<void> {
  const provider = new JsonRpcProvider(url);
  await provider.send("anvil_setBalance", [address, toQuantity(10n ** 20n)]);
  provider.destroy();
}

/** The configuration that `init` writes, with a node and the holders of roles. */
export function laneConfiguration(options: {
  readonly rpc: string;
  readonly roles: Readonly<Record<"proposers" | "executors" | "council" | "guardians", string>>;
  readonly chainId?: number;
  readonly proxy?: string;
  readonly kind?: "uups" | "transparent-v5";
  readonly admin?: string;
}): string {
  const { rpc, roles, chainId = 31337, proxy = `0x${"aa".repeat(20)}`, kind = "uups", admin } = options;
  const facts = { tool: "foundry", artifacts: "out", sources: "src" } as const;
  let text = configurationText({ facts, chainId, kind, contracts: ["src/Vault.sol:Vault"] })
    .replace("env:RPC_URL", rpc)
    .replace('address = ""', `address = "${proxy}"`);
  if (admin !== undefined) text = text.replace('admin = ""', `admin = "${admin}"`);
  for (const [role, holder] of Object.entries(roles))
    text = text.replace(`${role} = []`, `${role} = ["${holder}"]`);
  return text;
}
