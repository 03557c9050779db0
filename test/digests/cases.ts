import { keccak256 } from "ethers";
import { attestedMessage } from "../../src/audit/index.js";
import { bindPoint, codeDigest, evaluateCodePolynomial } from "../../src/code/index.js";
import { layoutEntry, layoutEntryDigest, regionSlot } from "../../src/layout/index.js";
import {
  callDigest,
  groupOf,
  migrationDigest,
  patchAccount,
  patchCommitment,
  statementId,
  TargetTree,
  targetLeaf,
} from "../../src/patch/index.js";
import type { BindStatement } from "../../src/proof/index.js";
import { reportDigest } from "../../src/vectors/index.js";
import { assemble, trueIngredients } from "../../tools/circuits/statements.js";

/** Code that the shared values are about: 1,000 bytes, none of them a multiple of the chunk size. */
export const CODE = Uint8Array.from({ length: 1000 }, (_, i) => (i * 73 + 5) % 256);

export const TARGET = {
  chainId: 31337n,
  timelock: "0x1111111111111111111111111111111111111111",
  proxy: "0x2222222222222222222222222222222222222222",
  codehash: `0x${"33".repeat(32)}`,
  nonce: 7n,
  validUntil: 1_900_000_000n,
  group: groupOf([2n, 3n]),
};

/** Opening and public signals of a bind statement about CODE. */
export function bindCaseOfCode() {
  const opening = {
    codeDigest: codeDigest(CODE),
    layoutRoot: 2n,
    incidentRoot: 3n,
    account: patchAccount(TARGET.proxy, 1_000_000n),
    migrationDigest: migrationDigest(Uint8Array.of(1, 2, 3, 4)),
    executionDigest: 4n,
    salt: 5n,
  };
  const commitment = patchCommitment(opening);
  const point = bindPoint(commitment, keccak256(CODE));
  const statement: BindStatement = {
    commitment,
    point,
    value: evaluateCodePolynomial(CODE, point),
    layoutRoot: opening.layoutRoot,
    account: opening.account,
    migrationDigest: opening.migrationDigest,
    codeDigest: opening.codeDigest,
  };
  return { opening, statement };
}

/** Every digest of the protocol as the TypeScript package computes it, by name; decimal or hex text. */
export function computeDigests(): Record<string, string> {
  const { opening, statement: bind } = bindCaseOfCode();
  const { statement, witness } = assemble(trueIngredients());
  const digest = reportDigest(witness);
  const variable = { slot: 1n << 50n, offset: 12, size: 20, label: "owner", type: "address" };
  const two = new TargetTree([TARGET, { ...TARGET, chainId: 1n }]);
  const values: Record<string, bigint | string> = {
    codeDigest: opening.codeDigest,
    account: opening.account,
    migrationDigest: opening.migrationDigest,
    callDigest: callDigest(opening),
    patchCommitment: bind.commitment,
    bindPoint: bind.point,
    codePolynomial: bind.value,
    layoutEntry: layoutEntryDigest(layoutEntry({ ...variable, gap: false })),
    layoutGap: layoutEntryDigest(layoutEntry({ ...variable, gap: true })),
    layoutChanged: layoutEntryDigest(
      layoutEntry({ ...variable, gap: false, renamedFrom: "admin", retypedFrom: "address payable" }),
    ),
    layoutRegion: regionSlot(variable, "[].state"),
    group: TARGET.group,
    targetLeaf: targetLeaf(TARGET),
    targetsRoot: two.root,
    statementId: statementId(bind.commitment, targetLeaf(TARGET)),
    attestCommitment: statement.commitment,
    auditorRoot: statement.auditorRoot,
    vectorRoot: statement.vectorRoot,
    incidentRoot: witness.opening.incidentRoot,
    oldLayoutRoot: statement.layoutRoot,
    newLayoutRoot: witness.opening.layoutRoot,
    reportDigest: digest,
    attestedMessage: attestedMessage({ ...statement, reportDigest: digest }),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toString()]));
}
