import { checkResultErrors, type Interface, type Log, type LogDescription, Result } from "ethers";
import { SealpatchError } from "../errors.js";

/**
 * What ethers has decoded, once all of it is known to be sound: it keeps a part that is malformed as an error, and throws that where the
 * part is read.
 * @param what it is, in words.
 * @throws SealpatchError `chain/no-contract`.
 */
export function decodedWholly<T>(decoded: T, what: string): T {
  if (decoded instanceof Result && checkResultErrors(decoded).length > 0) throw unreadable(what);
  return decoded;
}

/**
 * A log in the words of a contract; null where it is of none of its events.
 * @throws SealpatchError `chain/no-contract` where it is not as the contract writes it.
 */
export function readLog(contract: Interface, log: Log): LogDescription | null {
  let event: LogDescription | null;
  try {
    event = contract.parseLog(log);
  } catch {
    throw unreadable("a log");
  }
  decodedWholly(event?.args, `an event ${event?.name}`);
  return event;
}

function unreadable(what: string): SealpatchError {
  return new SealpatchError("chain/no-contract", "the account does not answer as a FastTrackTimelock does", {
    details: { what },
    why: `${what} is not as it should be`,
    remedy: "check the address of the timelock, and that the node is sound and on its chain",
  });
}
