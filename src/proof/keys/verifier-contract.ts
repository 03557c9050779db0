import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SealpatchError } from "../../errors.js";
import { FIELD_ORDER } from "../../field/index.js";
import { withCurve } from "../curve/index.js";
import { checkVerifyingKey } from "./check-verifying-key.js";
import { isDevelopmentKey } from "./marker.js";
import { exportVerifyingKey, type PointG2, type VerifyingKey } from "./verifying-key.js";
import { BASE_FIELD_ORDER } from "./zkey-format.js";

const TEMPLATE_CONTRACT = "contract Groth16Verifier {";

/**
 * Solidity source of the verifier of a proving key, from snarkjs' template, with the contract renamed. Its function is
 * `verifyProof(uint[2] a, uint[2][2] b, uint[2] c, uint[n] publicSignals) view returns (bool)`.
 *
 * @throws SealpatchError as `checkVerifyingKey` where the key is not safe; `key/unreadable`;
 * `key/bad-contract-name` where the name is not a Solidity identifier that starts with a capital letter.
 */
export async function exportVerifierContract(options: {
  zkeyFile: string;
  contractName: string;
}): Promise<string> {
  const { zkeyFile, contractName } = options;
  if (!/^[A-Z][A-Za-z0-9_]*$/.test(contractName)) {
    throw new SealpatchError("key/bad-contract-name", `${contractName} cannot be the name of a contract`, {
      details: { contractName },
      remedy: "use letters, digits and underscores, beginning with a capital letter",
    });
  }
  const verifyingKey = await exportVerifyingKey(zkeyFile);
  await checkVerifyingKey(verifyingKey);
  const template = await readFile(templatePath(), "utf8");
  const { zKey } = await import("snarkjs");
  const source = await withCurve(() => zKey.exportSolidityVerifier(zkeyFile, { groth16: template }));
  const warning = (await isDevelopmentKey(zkeyFile))
    ? "/// @notice Verifier of a development key: its secrets are published, it proves nothing.\n"
    : "";
  const renamed = source.replace(TEMPLATE_CONTRACT, `${warning}contract ${contractName} {`);
  checkVerifierContract(renamed, verifyingKey);
  return renamed;
}

/**
 * Checks that a verifier's source holds the constants of a verifying key, all of them, no other ones, each once.
 * @throws SealpatchError `key/verifier-mismatch` where it does not; details name the constant.
 */
export function checkVerifierContract(source: string, verifyingKey: VerifyingKey): void {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
  const actual = new Map<string, bigint>();
  for (const [, name, value] of code.matchAll(/uint256\s+constant\s+(\w+)\s*=\s*([^;]*?)\s*;/g)) {
    if (actual.has(name!)) throw mismatch(name!, "it stands in the source twice");
    if (!/^[0-9]+$/.test(value!)) throw mismatch(name!, "it is not a decimal number");
    actual.set(name!, BigInt(value!));
  }
  const expected = expectedConstants(verifyingKey);
  for (const [name, value] of expected) {
    if (actual.get(name) !== value) throw mismatch(name, "it is missing or has another value");
  }
  for (const name of actual.keys()) {
    if (!expected.has(name)) throw mismatch(name, "the key has no such constant");
  }
  if (!code.includes(`uint[${verifyingKey.nPublic}] calldata _pubSignals`)) {
    throw mismatch("_pubSignals", "verifyProof takes another number of public signals");
  }
}

function expectedConstants(key: VerifyingKey): Map<string, bigint> {
  const constants = new Map<string, bigint>([
    ["r", FIELD_ORDER],
    ["q", BASE_FIELD_ORDER],
    ["alphax", BigInt(key.vk_alpha_1[0])],
    ["alphay", BigInt(key.vk_alpha_1[1])],
  ]);
  const addG2 = (name: string, [x, y]: PointG2) => {
    // The EVM's pairing (EIP-197) takes the imaginary part first.
    for (const [axis, [real, imaginary]] of Object.entries({ x, y })) {
      constants.set(`${name}${axis}1`, BigInt(imaginary));
      constants.set(`${name}${axis}2`, BigInt(real));
    }
  };
  addG2("beta", key.vk_beta_2);
  addG2("gamma", key.vk_gamma_2);
  addG2("delta", key.vk_delta_2);
  for (const [index, [x, y]] of key.IC.entries()) {
    constants.set(`IC${index}x`, BigInt(x));
    constants.set(`IC${index}y`, BigInt(y));
  }
  return constants;
}

function mismatch(constant: string, why: string): SealpatchError {
  return new SealpatchError("key/verifier-mismatch", "the verifier contract does not belong to this key", {
    details: { constant },
    why: `${constant}: ${why}`,
    remedy: "export the verifier contract again from the proving key",
  });
}

function templatePath(): string {
  const entry = createRequire(import.meta.url).resolve("snarkjs");
  return join(dirname(entry), "..", "templates", "verifier_groth16.sol.ejs");
}
