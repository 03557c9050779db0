import { dataLength, keccak256 } from "ethers";
import { plainMarkdown } from "../foreign-text.js";
import type { ScheduleMember } from "../lane/index.js";
import type { SafeAction } from "./action.js";
import { nestedHashes, type SafeRequest } from "./form.js";
import { type SafeHashes, safeHashes } from "./transaction.js";

// EIP-712 type hashes of Safe 1.3.0 and later, as keccak256 of the encoded types (Safe.sol).
const DOMAIN_TYPEHASH = "0x47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218";
const SAFE_TX_TYPEHASH = "0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8";

/** What the document is made of. */
export interface ValidationParts {
  readonly request: SafeRequest;
  /** Undefined where it is not known what the transaction does. */
  readonly action: SafeAction | undefined;
  /** What is scheduled, of a transaction that schedules. */
  readonly member?: ScheduleMember | undefined;
}

/** Name of the typed data of an owner that is a Safe. */
export const nestedFile = (owner: string): string => `typed-data-for-${owner}.json`;

/**
 * The document by which owners compare what their devices show: what the transaction does, its hashes, its fields, and how to compute
 * each of them without this program. Markdown; the same transaction has the same text.
 */
export function validationDocument(parts: ValidationParts): string {
  const { request, action } = parts;
  const hashes = safeHashes(request, request.transaction);
  const sections = [
    `# ${action?.title ?? "A transaction of which it is not known what it does"}`,
    what(parts),
    hashSection(hashes),
    devices(request, action, hashes),
    fields(request),
    ...(action === undefined ? [] : [argumentsOf(action)]),
    ...(parts.member === undefined ? [] : [signals(parts.member)]),
    ...nestedSections(request),
    byHand(request, action, hashes),
    ending(request, action),
  ];
  return `${sections.join("\n\n")}\n`;
}

function what({ request, action }: ValidationParts): string {
  const { chainId, safe, version, threshold, owners, transaction } = request;
  const words = action?.words.map(escaped) ?? [
    "**Do not sign it.** Its calldata is none of the calls that this program makes, or has more bytes than its decoding shows.",
  ];
  return [
    `Safe \`${safe}\` (${version}) on chain ${chainId}, ${threshold} of ${owners.length} owners, nonce ${transaction.nonce}.`,
    "",
    "## What it does",
    "",
    ...words.map((sentence) => `- ${sentence}`),
  ].join("\n");
}

function hashSection({ domainHash, messageHash, safeTxHash }: SafeHashes): string {
  return [
    "## The hashes",
    "",
    "| | |",
    "|---|---|",
    `| domain hash (chain and Safe) | \`${domainHash}\` |`,
    `| message hash (the ten fields) | \`${messageHash}\` |`,
    `| Safe transaction hash | \`${safeTxHash}\` |`,
  ].join("\n");
}

function devices(
  { safe }: SafeRequest,
  action: SafeAction | undefined,
  { domainHash, messageHash, safeTxHash }: SafeHashes,
): string {
  const to = action === undefined ? "" : `, with what stands under "What it does" in mind`;
  return [
    "## What your device shows",
    "",
    "| you | device | it shows | compare with |",
    "|---|---|---|---|",
    `| sign | one that shows hashes of typed data | domain hash and message hash | \`${domainHash}\` and \`${messageHash}\` |`,
    `| sign | one that shows the fields of typed data | the ten fields | "The ten fields"${to} |`,
    `| sign | one that signs a message (\`eth_sign\`) | the Safe transaction hash, as a message of 32 bytes | \`${safeTxHash}\` |`,
    `| approve on chain | any | a transaction to \`${safe}\` with calldata \`0xd4d9bdcd\` and the Safe transaction hash | \`${safeTxHash}\` |`,
    `| execute | any | a transaction to \`${safe}\` with calldata that begins with \`0x6a761202\` | the event \`ExecutionSuccess\` afterwards, with \`${safeTxHash}\` |`,
    "",
    "Compare every digit, with a document that you made or checked yourself (`sealpatch safe check`), not with what the same screen shows beside it.",
  ].join("\n");
}

function fields({ transaction }: SafeRequest): string {
  const rows = Object.entries(transaction).map(([name, value]) => {
    const shown =
      name === "data" && dataLength(String(value)) > 32
        ? `${dataLength(String(value))} bytes, keccak256 \`${keccak256(String(value))}\``
        : `\`${value}\``;
    return `| ${name} | ${shown} |`;
  });
  return [
    "## The ten fields",
    "",
    "| field | value |",
    "|---|---|",
    ...rows,
    "",
    "All of `data`:",
    "",
    "```text",
    transaction.data,
    "```",
  ].join("\n");
}

function argumentsOf({ name, arguments: all }: SafeAction): string {
  if (all.length === 0) return "## Calldata\n\nNone.";
  const rows = all.map(
    ({ name: argument, type, value }) =>
      `| ${argument} | ${type} | ${type === "string" ? escaped(value) : `\`${value}\``} |`,
  );
  return [`## Calldata: ${name}`, "", "| argument | type | value |", "|---|---|---|", ...rows].join("\n");
}

/** Each public signal of the proof, and who computes it again. */
function signals({ attest: { statement }, targets }: ScheduleMember): string {
  const { commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot } = statement;
  const policy = "`sealpatch verify policy.json`";
  const rows: [string, bigint | string, string][] = [
    ["commitment of the patch", commitment, "`sealpatch safe check FOLDER --bundle patch.age`"],
    ["root of the auditors", auditorRoot, policy],
    ["threshold of auditors", threshold.toString(), "`policy.json`, member `threshold`"],
    ["root of the baseline vectors", vectorRoot, policy],
    ["vectors that may be waived", maxWaivers.toString(), "`policy.json`, member `maxWaivers`"],
    ["root of the storage layout", layoutRoot, policy],
    [
      `root of the ${targets.length === 1 ? "target" : `${targets.length} targets`}`,
      targetsRoot,
      "`sealpatch safe check FOLDER`, from `schedule.json`",
    ],
  ];
  return [
    "## Public signals of the proof",
    "",
    "| signal | value | recomputed by |",
    "|---|---|---|",
    ...rows.map(
      ([name, value, by]) => `| ${name} | \`${typeof value === "bigint" ? hex(value) : value}\` | ${by} |`,
    ),
    "",
    "The timelock takes the second to the sixth from its own storage, not from this transaction: it refuses a proof for another policy. " +
      "`sealpatch safe check FOLDER --policy policy.json --bundle patch.age` compares all of them at once; docs/encodings.md has every formula.",
  ].join("\n");
}

/** `checkNSignatures` of those releases, and CompatibilityFallbackHandler of 1.5.0. */
const OLDER_FORM =
  "**Approve on chain.** A Safe before 1.5.0 asks its owners for signatures in a form that the fallback handler of 1.5.0 does not answer.";

function nestedSections(request: SafeRequest): string[] {
  return Object.entries(request.nested).map(([owner, { threshold, owners, version }]) => {
    const { domainHash, messageHash, safeTxHash } = nestedHashes(request, owner);
    return [
      `## Owner ${owner} is a Safe itself`,
      "",
      `${version}, ${threshold} of ${owners.length}. Its owners sign \`${nestedFile(owner)}\` (\`sealpatch safe sign FOLDER --for ${owner}\`), or it approves ` +
        `on chain (\`sealpatch safe approve FOLDER --safe ${owner}\`).`,
      ...(request.version !== "1.5.0" && version === "1.5.0" ? ["", OLDER_FORM] : []),
      "",
      "| | |",
      "|---|---|",
      `| domain hash | \`${domainHash}\` |`,
      `| message hash | \`${messageHash}\` |`,
      `| hash of the message | \`${safeTxHash}\` |`,
    ].join("\n");
  });
}

function byHand(
  { chainId, safe, transaction }: SafeRequest,
  action: SafeAction | undefined,
  { domainHash, messageHash }: SafeHashes,
): string {
  const { to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce } =
    transaction;
  const ten = [to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce];
  const hashed = [to, value, keccak256(data), ...ten.slice(3)];
  return [
    "## Without this program",
    "",
    "`cast` is of Foundry. The domain hash, the message hash and the Safe transaction hash, in this order:",
    "",
    "```sh",
    `cast keccak $(cast abi-encode "f(bytes32,uint256,address)" ${DOMAIN_TYPEHASH} ${chainId} ${safe})`,
    `cast keccak $(cast abi-encode "f(bytes32,address,uint256,bytes32,uint8,uint256,uint256,uint256,address,address,uint256)" ${SAFE_TX_TYPEHASH} ${hashed.join(" ")})`,
    `cast keccak $(cast concat-hex 0x1901 ${domainHash} ${messageHash})`,
    "```",
    "",
    ...(action?.signature === undefined
      ? []
      : ["The calldata:", "", "```sh", `cast decode-calldata "${action.signature}" ${data}`, "```", ""]),
    "The Safe's own answer, by a node:",
    "",
    "```sh",
    `cast call ${safe} "getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)(bytes32)" ${ten.join(" ")} --rpc-url "$RPC_URL"`,
    "```",
  ].join("\n");
}

function ending({ transaction: { nonce } }: SafeRequest, action: SafeAction | undefined): string {
  const until = action?.validUntil;
  return [
    "## A signature cannot be taken back",
    "",
    `It can be used by anybody who has enough of them, for as long as the Safe's nonce is not above ${nonce}.` +
      (until === undefined
        ? ""
        : ` The timelock takes the statement only while its delay ends before ${until} (Unix time).`),
    "",
    "To make it void, execute another transaction with the same nonce: `sealpatch safe void FOLDER` writes one that does nothing.",
  ].join("\n");
}

const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
/** What somebody wrote stands between quotes, as JSON has it (`quoted`): nothing of it is markup. */
const escaped = (sentence: string): string => sentence.replaceAll(/"(?:[^"\\]|\\.)*"/gs, plainMarkdown);
