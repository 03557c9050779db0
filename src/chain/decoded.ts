import {
  AbiCoder,
  checkResultErrors,
  type Interface,
  type Log,
  LogDescription,
  Result,
  toUtf8String,
  Utf8ErrorFuncs,
} from "ethers";
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
 * A log in the words of a contract; null where it is of none of its events. Texts are somebody's, who may write what is no UTF-8: what is
 * none is U+FFFD in them, so that nobody makes a log that cannot be read.
 * @throws SealpatchError `chain/no-contract` where it is not as the contract writes it.
 */
export function readLog(contract: Interface, log: Log): LogDescription | null {
  let event: LogDescription | null;
  try {
    event = contract.parseLog(log);
  } catch {
    throw unreadable("a log");
  }
  if (event === null || checkResultErrors(event.args).length === 0) return event;
  const args = decodedWholly(withBytesAsTexts(event, log), `an event ${event.name}`);
  return new LogDescription(event.fragment, event.topic, args);
}

function withBytesAsTexts({ fragment: { inputs }, args }: LogDescription, { data }: Log): Result {
  const types = inputs.filter(({ indexed }) => indexed !== true);
  const values = AbiCoder.defaultAbiCoder()
    .decode(
      types.map((type) => (type.type === "string" ? "bytes" : type)),
      data,
    )
    .toArray();
  const decoded = inputs.map((input, place) => {
    if (input.indexed === true) return args[place];
    const value = values.shift();
    return input.type === "string" ? toUtf8String(value, Utf8ErrorFuncs.replace) : value;
  });
  return Result.fromItems(
    decoded,
    inputs.map(({ name }) => name),
  );
}

function unreadable(what: string): SealpatchError {
  return new SealpatchError("chain/no-contract", "the account does not answer as a FastTrackTimelock does", {
    details: { what },
    why: `${what} is not as it should be`,
    remedy: "check the address of the timelock, and that the node is sound and on its chain",
  });
}
