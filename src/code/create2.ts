import { getCreate2Address, keccak256, toBeHex } from "ethers";
import { checkAddress } from "./address.js";

/**
 * Address of a contract made by CREATE2 (EIP-1014): the last 20 bytes of keccak(0xff, deployer, salt, keccak(init code)).
 * @param deployer address of the contract that executes CREATE2.
 * @param salt 256-bit salt.
 * @param initCode creation code followed by the ABI-encoded constructor arguments.
 * @throws SealpatchError `code/invalid-address`.
 */
export function create2Address({
  deployer,
  salt,
  initCode,
}: {
  readonly deployer: string;
  readonly salt: bigint;
  readonly initCode: Uint8Array;
}): string {
  return getCreate2Address(checkAddress(deployer, "the deployer"), toBeHex(salt, 32), keccak256(initCode));
}
