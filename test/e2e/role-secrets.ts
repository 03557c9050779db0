import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getBytes, getCreateAddress } from "ethers";
import { readKeystore } from "../../src/keystore/index.js";
import { decryptBundle, rebuildPatch } from "../../src/patch/index.js";
import { formsOf } from "../cli/sealing-secrets.js";
import { PASSPHRASE } from "../lane/lane-project.js";
import type { Stage } from "./roles-stage.js";

/** Every secret of the incident and of its people, in the forms in which it could stand somewhere: what it is, and the text. */
export async function roleSecrets({
  people,
  accounts,
  live,
  project,
  safes,
}: Stage): Promise<[string, string][]> {
  const { engineer, first, second, third, member, executor } = people;
  const secrets: [string, string][] = [["passphrase", PASSPHRASE]];
  const files = [first, second, third].map((who) => who.at("auditor.age"));
  for (const file of [...files, member.at("council.age"), executor.at("council.age")]) {
    const keystore = await readKeystore(file, PASSPHRASE);
    secrets.push([`identity of ${keystore.label}`, keystore.identity]);
    if (keystore.role === "auditor")
      secrets.push(...formsOf(`key of ${keystore.label}`, keystore.signingKey));
  }
  for (const { address, wallet } of Object.values(accounts))
    secrets.push(...formsOf(`key of ${address}`, getBytes(wallet.privateKey)));

  for (const { address, privateKey } of [...(safes?.council.owners ?? []), ...(safes?.guardian.owners ?? [])])
    secrets.push(...formsOf(`key of ${address}`, getBytes(privateKey)));

  const { identity } = await readKeystore(files[0]!, PASSPHRASE);
  const bundle = await decryptBundle(readFileSync(first.at("patch.age")), identity);
  const artifact = join("project", project.output, project.artifact);
  const running = JSON.parse(engineer.read(artifact)).deployedBytecode.object;
  const { actors, nonces } = live.context;
  const { code } = (await rebuildPatch(bundle)).code;
  secrets.push(
    ...formsOf("salt", getBytes(`0x${bundle.salt.toString(16).padStart(64, "0")}`)),
    ["salt, hex without zeros", bundle.salt.toString(16)],
    ...formsOf("code", newPartOf(code, running.slice(2))),
    ["fix", "_beforeCall(id, predecessor)"],
    ["exploit's contract", getCreateAddress({ from: actors.attacker, nonce: nonces.attacker }).slice(2)],
  );
  for (const { name, calls } of bundle.incidents.vectors) {
    secrets.push(["incident's name", name]);
    for (const { data } of calls) secrets.push(...formsOf("attack", getBytes(data)));
  }
  return secrets;
}

/** The first 48 bytes of the patch that are nowhere in the code that is live, and so in no file of the public project. */
function newPartOf(code: Uint8Array, live: string): Uint8Array {
  for (let from = 0; from + 48 <= code.length; from++) {
    const part = code.subarray(from, from + 48);
    if (!live.includes(Buffer.from(part).toString("hex"))) return part;
  }
  throw new Error("the patch is no other code than what is live");
}
