import { getCreate2Address, isHexString, keccak256 } from "ethers";
import { SealpatchError } from "../errors.js";
import { assertBytes } from "../field/index.js";
import { checkAddress } from "./address.js";

/**
 * Address of a contract made by CREATE2 (EIP-1014): the last 20 bytes of keccak(0xff, deployer, salt, keccak(init code)).
 * @param creation `deployer`, address of the contract that executes CREATE2; `deploySalt`, 32 bytes as hex; `initCode`, creation code
 *   followed by the ABI-encoded constructor arguments.
 * @throws SealpatchError `code/invalid-address`, `code/invalid-deploy-salt`, `field/not-bytes`.
 */
export function create2Address({
  deployer,
  deploySalt,
  initCode,
}: {
  readonly deployer: string;
  readonly deploySalt: string;
  readonly initCode: Uint8Array;
}): string {
  if (!isHexString(deploySalt, 32)) {
    throw new SealpatchError("code/invalid-deploy-salt", "the salt of a deployment is not 32 bytes of hex", {
      remedy: "give 0x and 64 hex digits; the salt of a patch's commitment is another one, and stays secret",
    });
  }
  return getCreate2Address(
    checkAddress(deployer, "the deployer"),
    deploySalt,
    keccak256(assertBytes(initCode, "init code")),
  );
}
