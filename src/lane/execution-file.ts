import { getAddress } from "ethers";
import type { z } from "zod";
import type { ExecutionParts } from "../chain/index.js";
import { create2Address } from "../code/index.js";
import { SealpatchError } from "../errors.js";
import { fieldElement } from "../field/index.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import {
  decryptText,
  encryptText,
  groupOf,
  migrationDigest,
  parseTarget,
  patchAccount,
  type Target,
  targetToJson,
} from "../patch/index.js";
import {
  type BindStatement,
  bindProofToJson,
  type Proven,
  parseBindProof,
  toSolidityProof,
} from "../proof/index.js";
import { decimalBelow, hexBytes, word } from "../schemas.js";
import { zod } from "../zod.js";
import { MAX_MEMBERS } from "./schedule-file.js";

const FORM: FormName = { code: "lane/malformed-execution", what: "an execution" };

const member = lazily(() =>
  zod.strictObject({
    targets: zod.array(zod.unknown()).min(1),
    initCode: hexBytes(),
    deploySalt: word(),
    migration: hexBytes(),
    migrationGas: decimalBelow(2n ** 64n),
    layoutRoot: fieldElement(),
    codeDigest: fieldElement(),
    proof: zod.unknown(),
  }),
);

const schema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.execution/1"),
    /** In the order of execution; several are one group. */
    members: zod.array(member()).min(1).max(MAX_MEMBERS),
  }),
);

/** What the execution of one statement takes: the patch itself. Secret until it is executed. */
export interface ExecutionMember extends Omit<z.output<ReturnType<typeof member>>, "targets" | "proof"> {
  readonly targets: readonly Target[];
  readonly bind: Proven<BindStatement>;
}

/**
 * Encrypts what the execution of a group, or of one statement, takes, for those who will send it (T20).
 * @param recipients `age1...`, at least one.
 * @throws SealpatchError `lane/other-execution`, `patch/no-recipient`, `patch/invalid-recipient`.
 * @example
 * ```ts
 * const { initCode, bundle, opening } = review.patch;
 * const { deploySalt, migration, migrationGas } = bundle;
 * const { layoutRoot, codeDigest } = opening;
 * const code = { initCode, deploySalt, migration, migrationGas, layoutRoot, codeDigest };
 * const sealed = await sealExecution([{ ...code, targets: review.targets.targets, bind }], auditorRecipients);
 * await writeFile("execution.age", sealed);
 * ```
 */
export async function sealExecution(
  members: readonly ExecutionMember[],
  recipients: readonly string[],
): Promise<Uint8Array> {
  assertMembers(members);
  const written = members.map(({ targets, bind, ...rest }) => ({
    ...rest,
    targets: targets.map(targetToJson),
    proof: bindProofToJson(bind),
  }));
  const json = formToJson(schema(), { schema: "sealpatch.execution/1", members: written }, FORM);
  return encryptText(JSON.stringify(json), recipients);
}

/**
 * Opens what `sealExecution` made. The proofs are not verified; that each is of the code and the migration beside it is checked.
 * @param identity `AGE-SECRET-KEY-1...`.
 * @throws SealpatchError as `decryptText`; `lane/malformed-execution`, `lane/other-execution`, and as `parseTarget` and `parseBindProof`.
 * @example
 * ```ts
 * const members = await openExecution(await readFile("execution.age"), identity);
 * const [part] = executionPartsOf(members);
 * await timelock.parts.execute(part!, { relay: sendWith(privateRelay) });
 * ```
 */
export async function openExecution(sealed: Uint8Array, identity: string): Promise<ExecutionMember[]> {
  const text = await decryptText(sealed, identity);
  const members = parseForm(schema(), text, FORM).members.map(({ targets, proof, ...rest }) => ({
    ...rest,
    targets: targets.map((target) => parseTarget(target)),
    bind: parseBindProof(proof),
  }));
  assertMembers(members);
  return members;
}

/** Each proof has to be of what is beside it, so that nobody sends, and shows, what no timelock would take. */
function assertMembers(members: readonly ExecutionMember[]): void {
  const group = groupOf(members.map(({ bind }) => bind.statement.commitment));
  for (const [index, one] of members.entries()) {
    const { statement } = one.bind;
    const { initCode, deploySalt, migrationGas, targets } = one;
    const [deployer, ...others] = new Set(targets.map(({ timelock }) => getAddress(timelock)));
    const account = patchAccount(create2Address({ deployer: deployer!, deploySalt, initCode }), migrationGas);
    const holds: Readonly<Record<string, boolean>> = {
      "several timelocks": others.length === 0,
      code: statement.account === account && statement.codeDigest === one.codeDigest,
      migration: statement.migrationDigest === migrationDigest(one.migration),
      layout: statement.layoutRoot === one.layoutRoot,
      group: targets.every((target) => target.group === group),
    };
    const differs = Object.keys(holds).find((name) => !holds[name]);
    if (differs === undefined) continue;
    throw new SealpatchError("lane/other-execution", `statement ${index} is not what its proof is of`, {
      details: { index, commitment: statement.commitment, differs },
      why: `the proof, the code and the targets beside it differ in: ${differs}`,
      remedy: "take the file as it was made",
    });
  }
}

/** What is to be executed, as the contract takes it. */
export function executionPartsOf(members: readonly ExecutionMember[]): ExecutionParts[] {
  return members.map(({ initCode, deploySalt, migration, migrationGas, layoutRoot, codeDigest, bind }) => ({
    commitment: bind.statement.commitment,
    code: { initCode, deploySalt },
    opening: { layoutRoot, codeDigest, migrationGas, migration },
    proof: toSolidityProof(bind.proof),
  }));
}
