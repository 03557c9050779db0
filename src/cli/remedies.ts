import type { ErrorCode } from "../error-codes/index.js";
import { SealpatchError } from "../errors.js";

/**
 * What the SDK calls by its own names, as options and commands: added to the remedy of an error when it is shown. One
 * code has one line here, so it must be right wherever that code is thrown.
 */
const OPTIONS_OF_REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  "chain/fee-above-cap": "--max-fee GWEI",
  "chain/not-included": "sealpatch execute --cancel uses it up",
  "chain/not-mined": "sealpatch execute --cancel uses it up",
  "chain/public-mempool": "--relay URL, or --public",
  "code/no-compiler": "--solc PACKAGE names one for the layout commands",
  "config/no-project": "--project FOLDER",
  "config/no-such-chain": "--chain NAME",
  "config/no-source": "--contract and --current take FILE.json:CONTRACT",
  "config/several-tools": "--tool TOOL",
  "config/stale-policy": "sealpatch policy build --replace",
  "config/unreadable": "sealpatch init makes one, --config FILE names one",
  "key/ambiguous-prefix": "sealpatch keys list shows all",
  "key/class-not-proven": "--keys PREFIX --ptau FILE",
  "key/not-installed": "sealpatch keys add PACKAGE",
  "key/other-keys-installed": "sealpatch keys add PACKAGE",
  "keystore/exists": "--out FILE",
  "keystore/invalid-label": "--label NAME",
  "keystore/malformed": "sealpatch auditor new and sealpatch council new make one",
  "lane/other-file": "--out FOLDER",
  "lane/under-way": "sealpatch execute --cancel uses it up",
  "lane/unwritable-disclosure": "--out FOLDER",
  "patch/cannot-decrypt": "sealpatch seal --again BUNDLE --to RECIPIENT",
  "patch/migration-gas-too-high": "sealpatch seal --migration-gas GAS",
  "patch/other-current-source": "sealpatch seal --current SOURCE",
  "portal/no-node": "--node URL",
  "portal/unused-policy": "--policy FILE",
  "proof/no-key": "sealpatch keys development makes them",
  "vectors/beacon-unclear": "--pointer ACCOUNT:SLOT",
  "vectors/differs-from-chain": "--hardfork NAME",
  "vectors/differs-from-node": "--hardfork NAME",
  "vectors/forge-missing": "--forge PROGRAM",
  "vectors/no-code-under-test": "--pointer ACCOUNT:SLOT",
  "vectors/not-found": "sealpatch vectors list shows both",
  "vectors/rules-contradicted": "--hardfork NAME",
  "vectors/rules-unknown": "--hardfork NAME",
  "vectors/step-limit": "--step-limit NUMBER",
  "vectors/subject-missing": "--subject ADDRESS",
  "vectors/trace-contradicted": "--no-trace",
  "vectors/transaction-pending": "sealpatch vectors record call",
  "vectors/transaction-unsupported": "sealpatch vectors record call",
  "vectors/unreadable": "sealpatch vectors record makes one",
  "verify/no-such-statement": "--at STATEMENT",
};

/** A remedy of an error, with the options or the command that the command line has for it. */
export function optionsOfRemedy(code: ErrorCode, remedy: string): string {
  const options = OPTIONS_OF_REMEDIES[code];
  return options === undefined ? remedy : `${remedy} (${options})`;
}

/** The same error, with the options or the command in its remedy that the command line has for it. */
export function inWordsOfOptions(error: SealpatchError): SealpatchError {
  const { code, message, details, why, remedy, cause } = error;
  if (remedy === undefined || OPTIONS_OF_REMEDIES[code] === undefined) return error;
  return new SealpatchError(code, message, {
    details,
    ...(why === undefined ? {} : { why }),
    remedy: optionsOfRemedy(code, remedy),
    cause,
  });
}
