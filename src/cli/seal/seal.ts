import { getBytes } from "ethers";
import { checkAddress } from "../../code/index.js";
import { prepareHashing } from "../../field/index.js";
import { assertRecipients, type ContractSource, encryptBundle, targetToJson } from "../../patch/index.js";
import {
  type PatchForProxy,
  type Project,
  parseDuration,
  proxyNamed,
  readAuditors,
  readPolicy,
  sealPatches,
  sourceInFile,
  sourceInProject,
  sourceOfLive,
} from "../../project/index.js";
import { withProgress } from "../../terminal/index.js";
import { readVectorSet } from "../../vectors/index.js";
import { projectOf } from "../configuration.js";
import { splitArgument } from "../file-argument.js";
import { secretHexArgument } from "../hex-argument.js";
import { usageError } from "../options.js";
import { assertNoFiles, jsonText, PRIVATE, writeOutput } from "../output-file.js";
import { type MemberOptions, membersOf, type SealCommandOptions } from "./members.js";
import { bundleFileOf, targetFileOf } from "./names.js";
import { printSealed } from "./print.js";
import { distinct, type Reader, readerOf } from "./readers.js";

/** `seal`. Nothing is written before every member was reviewed as its auditors will. */
export async function seal(options: SealCommandOptions): Promise<void> {
  const { json, out, to = [], validFor, group, solc = [] } = options;
  const members = membersOf(options);
  if (options.keystore !== undefined || options.passphraseFile !== undefined)
    throw usageError(
      "sealing opens no keystore",
      "leave out --keystore and --passphrase-file, or add --again",
    );
  const bundles = members.map(({ proxy }) => (group ? bundleFileOf(out, proxy) : out));
  await assertNoFiles(...bundles, ...bundles.map(targetFileOf));
  const seconds = validFor === undefined ? {} : { validFor: secondsFrom(validFor) };
  const project = await projectOf(options);
  await prepareHashing();
  const named: Reader[] = [];
  for (const text of to) named.push(await readerOf(text));
  const readers: Reader[][] = [];
  const patches: PatchForProxy[] = [];
  for (const member of members) {
    const auditors = await readAuditors(project, await readPolicy(project, member.proxy));
    readers.push(distinct([...auditors, ...named]));
    patches.push(await patchOf(project, member));
  }
  for (const each of readers) await assertRecipients(each.map(({ recipient }) => recipient));
  const sealed = await withProgress("vectors", json, (onProgress) =>
    sealPatches(project, patches, { ...seconds, compilers: solc, onProgress }),
  );
  // All are encrypted before one is written.
  const encrypted: Uint8Array[] = [];
  for (const [index, { review }] of sealed.entries()) {
    const recipients = readers[index]!.map(({ recipient }) => recipient);
    encrypted.push(await encryptBundle(review.patch.bundle, recipients));
  }
  for (const [index, { target }] of sealed.entries()) {
    await writeOutput(bundles[index]!, encrypted[index]!, false, PRIVATE);
    await writeOutput(targetFileOf(bundles[index]!), jsonText(targetToJson(target)), false, PRIVATE);
  }
  printSealed(
    sealed.map((one, index) => ({ ...one, bundle: bundles[index]!, readers: readers[index]! })),
    json,
  );
}

async function patchOf(project: Project, member: MemberOptions): Promise<PatchForProxy> {
  const { proxy, contract, current, migration = "0x", migrationGas = "0", constructorArgs = "0x" } = member;
  const live = proxyNamed(project.configuration, proxy).contract;
  const given = current === undefined ? undefined : await sourceNamed(project, current, "--current");
  return {
    proxy,
    source: await sourceNamed(project, contract, "--contract"),
    current: async ({ currentCode }) => given ?? (await sourceOfLive(project, live, currentCode)),
    incidents: await readVectorSet(member.incidents),
    libraries: Object.fromEntries(member.libraries.map(libraryOf)),
    constructorArguments: getBytes(await secretHexArgument(constructorArgs, "--constructor-args")),
    migration: getBytes(await secretHexArgument(migration, "--migration")),
    migrationGas: gasOf(migrationGas),
  };
}

/** A contract of the project, or of a file of the compiler's. */
async function sourceNamed(project: Project, text: string, option: string): Promise<ContractSource> {
  if (/\.json(:|$)/.test(text)) {
    const { file, contract } = splitArgument(text);
    return sourceInFile(project, file, contract);
  }
  if (/^.+:[A-Za-z_$][\w$]*$/.test(text)) return sourceInProject(project, text);
  throw usageError(`${option} names no contract`, "give its file and name, for example src/Vault.sol:Vault");
}

function libraryOf(text: string): [string, string] {
  const split = text.lastIndexOf("=");
  if (split < 1) throw usageError("--library names no address", "give src/Lib.sol:Lib=0x..");
  return [text.slice(0, split), checkAddress(text.slice(split + 1), "a library")];
}

function gasOf(text: string): bigint {
  if (/^\d{1,8}$/.test(text)) return BigInt(text);
  throw usageError("--migration-gas takes a whole number", "give it in decimal, for example 500000");
}

function secondsFrom(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw usageError("--valid-for takes a duration", "give a whole number and a unit: 30m, 4h or 14d");
}
