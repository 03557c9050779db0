import { Wallet } from "ethers";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { wrongPassphrase } from "./cipher.js";
import { readSealed } from "./file.js";

/** Memory and rounds that a file may ask for at most, four times those of geth's own: a larger file is made to hang who opens it. */
const MAX_SCRYPT_BYTES = 2 ** 30;
const MAX_PBKDF2_ROUNDS = 2 ** 20;

const count = lazily(() => zod.int().min(1));

/** What a file asks for before anything of it can be checked. */
const work = lazily(() =>
  zod.discriminatedUnion("kdf", [
    zod.object({
      kdf: zod.literal("scrypt"),
      kdfparams: zod
        .object({ n: count(), r: count(), p: count() })
        .refine(({ n, r, p }) => 128 * n * r * p <= MAX_SCRYPT_BYTES),
    }),
    zod.object({
      kdf: zod.literal("pbkdf2"),
      kdfparams: zod.object({ c: count().max(MAX_PBKDF2_ROUNDS) }),
    }),
  ]),
);

/**
 * Opens the keystore of an Ethereum account (Web3 Secret Storage Definition, version 3), as geth, Foundry's `cast wallet` and others
 * write it. The key stays in memory as a text for as long as its wallet does.
 * @returns a wallet that is connected to no node.
 * @throws SealpatchError `keystore/unreadable`, `keystore/not-an-account` for a file of another kind, `keystore/wrong-passphrase`,
 *   `keystore/damaged`.
 * @example
 * ```ts
 * const account = (await readAccount("proposer.json", passphrase)).connect(provider);
 * await timelock.through(sendWith(account)).halt("an incident");
 * ```
 */
export async function readAccount(path: string, passphrase: string): Promise<Wallet> {
  const bytes = await readSealed(path);
  const text = bytes.toString("utf8");
  const json = keystoreOf(text);
  if (json === undefined) throw notAnAccount(path);
  const sealed = Object.entries(json).find(([name]) => name.toLowerCase() === "crypto")?.[1];
  if (!work().safeParse(sealed).success) throw damagedAccount(path);
  try {
    return (await Wallet.fromEncryptedJson(text, passphrase)) as Wallet;
  } catch (error) {
    // Nothing of the error is shown: it is about a secret.
    throw (error as { argument?: unknown }).argument === "password"
      ? wrongPassphrase()
      : damagedAccount(path);
  }
}

/** What a text of version 3 says; undefined where it is something else. */
function keystoreOf(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return (json as { version?: unknown } | null)?.version === 3 ? (json as object) : undefined;
  } catch {
    return undefined;
  }
}

const notAnAccount = (path: string) =>
  new SealpatchError("keystore/not-an-account", `${path} is no keystore of an Ethereum account`, {
    details: { path },
    why: "it is not in the Web3 Secret Storage format, version 3; a keystore of keys for bundles is an age file",
    remedy: "give the file that geth, `cast wallet` or your wallet exported for the account that sends",
  });

const damagedAccount = (path: string) =>
  new SealpatchError("keystore/damaged", "the keystore is damaged", {
    details: { path },
    why: "a part of it is missing or was changed, or it asks for more work than any such keystore does",
    remedy: "take the keystore from a copy of it",
  });
