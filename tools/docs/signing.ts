import { getAddress, Interface, id } from "ethers";
import { plainCall, type SafeRequest, safeFiles, safeRequest } from "../../src/safe/index.js";
import type { Help } from "./cli.js";
import { deviceScreen, terminalPicture } from "./pictures.js";

/** Folder of the example of docs/signing.md. */
const EXAMPLE = "docs/signing/example";

const address = (name: string): string => getAddress(`0x${id(name).slice(-40)}`);

/** The timelock of the example. */
const EXAMPLE_TIMELOCK = address("timelock of the example");

const owners = ["first", "second", "third"].map((name) => address(`${name} owner of the example`));
const HALT = new Interface(["function halt(string reason)"]);

/** A guardian of 2 of 3 that closes the lane. */
export const EXAMPLE_REQUEST: SafeRequest = safeRequest(
  {
    chainId: 1n,
    safe: address("guardian of the example"),
    version: "1.4.1",
    owners,
    threshold: 2,
    nested: {},
  },
  plainCall({
    to: EXAMPLE_TIMELOCK,
    data: HALT.encodeFunctionData("halt", ["an auditor lost a key"]),
    nonce: 7n,
  }),
);

/** The command line whose output is the first picture. */
export const CHECK_WORDS = [...["safe", "check", EXAMPLE, "--offline", "--timelock", EXAMPLE_TIMELOCK]];

/** Files of the example, by their paths. */
export async function exampleFiles(): Promise<Record<string, string>> {
  const files = await safeFiles({ request: EXAMPLE_REQUEST, schedule: undefined });
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${EXAMPLE}/${name}`, text]));
}

/**
 * Pictures of docs/signing.md, by their paths: the terminal, and what devices show. They take the example's files.
 * @param printed what a command line prints.
 */
export async function signingPictures(printed: Help): Promise<Record<string, string>> {
  const { hashes, transaction, chainId, safe } = EXAMPLE_REQUEST;
  const { domainHash, messageHash, safeTxHash } = hashes;
  const { to, value, operation, nonce, data } = transaction;
  const shown = (await printed(...CHECK_WORDS)).trimEnd().split("\n");
  return {
    "docs/signing/check.svg": terminalPicture(`$ sealpatch ${CHECK_WORDS.join(" ")}`, shown),
    "docs/signing/hashes.svg": deviceScreen([
      { title: "Sign typed message", lines: [] },
      { title: "Domain hash", lines: [domainHash] },
      { title: "Message hash", lines: [messageHash] },
      { title: "Sign?", lines: ["compare both before"] },
    ]),
    "docs/signing/fields.svg": deviceScreen([
      { title: "EIP712Domain", lines: ["chainId", `${chainId}`, "verifyingContract", safe] },
      { title: "SafeTx (1/2)", lines: ["to", to, "value", `${value}`, "operation", `${operation}`] },
      { title: "data", lines: [data] },
      { title: "SafeTx (2/2)", lines: ["five fields of refunds", "0", "nonce", `${nonce}`] },
    ]),
    "docs/signing/approve.svg": deviceScreen([
      { title: "Review transaction", lines: ["to", safe] },
      { title: "Data", lines: [`0xd4d9bdcd${safeTxHash.slice(2)}`] },
      { title: "Amount", lines: ["0 ETH"] },
    ]),
  };
}
