import { Command, InvalidArgumentError } from "commander";
import { newCommand } from "../command.js";
import { checkAddress, wholeNumber } from "../options.js";
import type { CeremonySettings } from "./settings.js";

/** `sealpatch ceremony ...`: production keys, made by several people who trust nobody. What a command does is loaded when it runs. */
export function ceremonyCommand(settings: CeremonySettings = {}): Command {
  const load = () => import("./ceremony.js");
  const init = newCommand("init <folder>", {
    description:
      "Begins a ceremony, as its coordinator: compiles the circuits, makes their initial keys, and writes ceremony.json, which " +
      "never changes afterwards. Nothing is downloaded: the powers of tau are a prepared file of the Perpetual Powers of Tau, " +
      "listed with its hash in data/powers-of-tau.json. The beacon is a round of drand's quicknet that lies in the future.",
    examples: [
      "sealpatch ceremony init ceremony --ptau powersOfTau28_hez_final_18.ptau --beacon-round 40000000",
    ],
  })
    .summary("begin a ceremony, as its coordinator")
    .requiredOption("--ptau <file>", "prepared powers of tau")
    .requiredOption("--beacon-round <round>", "round of drand's quicknet that ends the ceremony", wholeRound)
    .option("--contributions <count>", "contributions that the ceremony asks for at least", wholeNumber, 3)
    .option(
      "--unpinned",
      "take powers of tau that are in no list; the keys are then test keys for good, refused on real chains",
    )
    .action(async (folder, options) => (await load()).init(folder, options, settings));
  const contribute = newCommand("contribute <folder>", {
    description:
      "Contributes to every circuit, after checking the chain of contributions so far. FOLDER has ceremony.json and the newest " +
      "step's folder, as the coordinator sent them. The secret comes from the operating system's randomness and is forgotten. " +
      "Send the new step's folder to the coordinator, and publish its attestation.json.",
    examples: [
      'sealpatch ceremony contribute ceremony --name "Example Labs"',
      'sealpatch ceremony contribute ceremony --name "Example Labs" --entropy-file noise.bin',
    ],
  })
    .summary("contribute to every circuit")
    .requiredOption("--name <name>", "what you are called in the keys: 1 to 64 printed bytes")
    .option("--dice", "mix in at least 50 rolls of dice, digits 1 to 6, read from standard input")
    .option("--entropy-file <file>", "mix in the bytes of a file, 1 MiB at most")
    .action(async (folder, options) => (await load()).contribute(folder, options));
  const receive = newCommand("receive <folder> <files...>", {
    description:
      "Takes a contributor's files into the ceremony, as its coordinator, after verifying every section of each key against the " +
      "newest ones. FILES are the contributor's folder, or what is in it. What is refused leaves nothing behind.",
    examples: ["sealpatch ceremony receive ceremony from-example-labs/0001"],
  })
    .summary("verify a contribution and take it")
    .action(async (folder, files, options) => (await load()).receive(folder, files, options));
  const beacon = newCommand("beacon <folder>", {
    description:
      "Ends the ceremony with its beacon, as its coordinator: verifies the signature of a saved answer of drand for the announced " +
      "round, and applies what is derived from it to every key.",
    examples: ["sealpatch ceremony beacon ceremony --value round.json"],
  })
    .summary("end the ceremony with the announced beacon")
    .requiredOption("--value <file>", "drand's answer, as /public/ROUND gives it")
    .action(async (folder, options) => (await load()).beacon(folder, options));
  const verify = newCommand("verify <folder>", {
    description:
      "Verifies a ceremony from the sources of its circuits to its keys, and with --rpc to the chain. FOLDER is the ceremony's or " +
      "the key package's. One line a check; all of them are done. Exit code 1 if one fails, 2 if one could not be done.",
    examples: [
      "sealpatch ceremony verify keys --ptau powersOfTau28_hez_final_18.ptau",
      "sealpatch ceremony verify keys --ptau powersOfTau28_hez_final_18.ptau \\",
      "    --rpc $NODE --verifier 0x5FbD..0aa3",
    ],
  })
    .summary("verify a ceremony, from sources to chain")
    .requiredOption("--ptau <file>", "the powers of tau that the ceremony began with")
    .option("--slow", "make the initial keys again by snarkjs, too, which takes long")
    .option("--rpc <url>", "JSON-RPC endpoint of a node, with --verifier")
    .option("--verifier <address>", "the PatchVerifier to compare with the keys, with --rpc", checkAddress)
    .action(async (folder, options) => (await load()).verify(folder, options, settings));
  const finalize = newCommand("finalize <folder>", {
    description:
      "Makes the key package, as the coordinator, once the beacon is applied: proving keys, verifying keys, sources of the verifiers, " +
      "attestations, record and checksums. Every check of `ceremony verify` is done before. Their class is production where every " +
      "check holds, else test.",
    examples: ["sealpatch ceremony finalize ceremony --ptau powersOfTau28_hez_final_18.ptau --out keys"],
  })
    .summary("make the key package")
    .requiredOption("--ptau <file>", "the powers of tau that the ceremony began with")
    .option("--out <folder>", "folder of the package; package in FOLDER unless given")
    .action(async (folder, options) => (await load()).finalize(folder, options, settings));
  const ceremony = new Command("ceremony").description(
    "Production keys: a ceremony in which one honest contributor is enough, and that anybody can verify",
  );
  for (const command of [init, contribute, receive, beacon, verify, finalize]) ceremony.addCommand(command);
  return ceremony;
}

/** Rounds of beacons are larger than counts. */
function wholeRound(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes the number of a round.");
}
