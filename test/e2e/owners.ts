import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import type { DrillSafe } from "../../src/drill/safe.js";
import { foundryBinary } from "../../src/foundry.js";
import { newAccount } from "../lane/lane-project.js";
import type { Person } from "./people.js";
import { run, type Stage } from "./roles-stage.js";

// Owners of Safes, who sign without a node and with programs of their own.

/** Gives a folder to somebody, who signs it and gives it back: by the command, from a keystore, with no node to ask. */
async function signByCommand({
  from,
  who,
  folder,
  key,
}: {
  from: Person;
  who: Person;
  folder: string;
  key: string;
}): Promise<string> {
  from.give(folder, who);
  await newAccount(who.home, "owner", key);
  const words = ["safe", "sign", `../${folder}`, "--offline", "--yes"];
  const told = await run(
    who,
    0,
    ...words,
    ...["--account", "../owner.json", "--account-passphrase-file", "../pass.txt"],
  );
  who.give(join(folder, "signatures"), from);
  return told;
}

/** A signature of a folder's typed data by `cast`, as an owner makes it who has nothing else. */
function signByCast(from: Person, folder: string, key: string): string {
  const words = ["wallet", "sign", "--data", "--from-file", from.at(join(folder, "typed-data.json"))];
  return execFileSync(foundryBinary("cast"), [...words, "--private-key", key], { encoding: "utf8" }).trim();
}

/** The same by viem, the library of many wallets. */
function signByViem(from: Person, folder: string, key: string): Promise<string> {
  const typed = JSON.parse(readFileSync(from.at(join(folder, "typed-data.json")), "utf8"));
  return privateKeyToAccount(key as `0x${string}`).signTypedData(typed);
}

/**
 * Writes a folder by a command, has it signed by owners of the Safe, each with another program, and sends it by an account that owns nothing.
 * @param words of the command, without those of the Safe.
 * @param owners who signs with the command, cast and viem: places among the Safe's owners.
 */
export async function bySafe(
  stage: Stage,
  from: Person,
  safe: DrillSafe,
  words: readonly string[],
  owners: { readonly command: number; readonly cast: number; readonly viem?: number },
): Promise<string> {
  const folder = `safe-${words[0]}`;
  await run(from, 0, ...words, "--safe", "--safe-out", `../${folder}`);
  const key = (place: number) => safe.owners[place]!.privateKey;
  const { owner, executor } = stage.people;
  let told = await signByCommand({ from, who: owner, folder, key: key(owners.command) });
  const signatures = [signByCast(from, folder, key(owners.cast))];
  if (owners.viem !== undefined) signatures.push(await signByViem(from, folder, key(owners.viem)));
  for (const signature of signatures) told += await run(from, 0, "safe", "add", `../${folder}`, signature);
  told += await run(from, 0, "safe", "status", `../${folder}`);
  from.give(folder, executor);
  const sending = ["--account", "../account.json", "--account-passphrase-file", "../pass.txt", "--yes"];
  return told + (await run(executor, 0, "safe", "send", `../${folder}`, ...sending));
}
