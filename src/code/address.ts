import { getAddress } from "ethers";
import { SealpatchError } from "../errors.js";

/**
 * The checksummed form of an address that a person gave (EIP-55).
 * @param what whose address it is, for the error.
 * @throws SealpatchError `code/invalid-address`.
 */
export function checkAddress(address: string, what: string): string {
  try {
    return getAddress(address);
  } catch (cause) {
    throw new SealpatchError("code/invalid-address", `the address of ${what} is not a valid address`, {
      details: { what, address },
      why: "it is not 20 bytes of hex, or its checksum is wrong",
      remedy: "copy the address again, all lower case if you do not know its checksum",
      cause,
    });
  }
}
