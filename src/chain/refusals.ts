import { LANE_STATUS, STATEMENT_STATES } from "./states.js";

/** What an error of the contracts means to whoever called, and what he can do. */
export interface Refusal {
  readonly meaning: string;
  readonly remedy: string;
}

type Values = readonly unknown[];

const name = (names: readonly string[], index: unknown): string => names[Number(index)] ?? "unknown";
const time = (seconds: unknown): string => new Date(Number(seconds) * 1000).toISOString();

/** Where two things that belong together were mixed up. */
const MADE_AGAIN =
  "take the files as they were made; seal, attest and prove again where the chain has moved on";
const MORE_GAS = "send with more gas";

/** By the error's name: what the functions of the fast lane refuse. */
const REFUSALS: Readonly<Record<string, (values: Values) => Refusal>> = {
  AccessControlUnauthorizedAccount: ([account]) => ({
    meaning: `the account ${account} does not hold the role that this call needs`,
    remedy: "send from the account or the Safe that holds the role",
  }),
  CodeBindingLength: () => ({
    meaning: "the implementation has no code, or more than the circuit holds",
    remedy: MADE_AGAIN,
  }),
  DisclosureDeadlinesCrowded: () => ({
    meaning: "as many disclosures are due at that time as can be counted",
    remedy: "disclose what was executed before",
  }),
  FastTrackAlreadyHalted: () => ({
    meaning: "the lane is halted already",
    remedy: "nothing is left to do: governance alone can resume it",
  }),
  FastTrackAmbiguousCodeSource: () => ({
    meaning: "the code comes from two places, or none",
    remedy: MADE_AGAIN,
  }),
  FastTrackAttestProofRejected: () => ({
    meaning:
      "the proof is not for what the chain has now: policy, layout, implementation, nonce, or keys of the verifier differ",
    remedy: MADE_AGAIN,
  }),
  FastTrackBatchLength: () => ({ meaning: "the batch is not whole", remedy: MADE_AGAIN }),
  FastTrackBindProofRejected: () => ({
    meaning: "the proof is not for this code, migration and layout, or not for the keys of the verifier",
    remedy: MADE_AGAIN,
  }),
  FastTrackDisclosureReserved: ([, deadline]) => ({
    meaning: `until ${time(deadline)} the council alone discloses`,
    remedy: "wait until then, or send from an account of the council",
  }),
  FastTrackLaneClosed: ([proxy, status]) => ({
    meaning: `the fast lane of ${proxy} is closed: ${name(LANE_STATUS, status)}`,
    remedy: "have governance open it by the slow path, or disclose what freezes it",
  }),
  FastTrackMigrationGas: () => ({ meaning: "too little gas is left for the migration", remedy: MORE_GAS }),
  FastTrackNotHalted: () => ({ meaning: "there is no halt to end", remedy: "nothing is left to do" }),
  FastTrackNotOverdue: () => ({
    meaning: "its disclosure is not overdue, so nothing is frozen by it",
    remedy: "name the statement that freezes the lane",
  }),
  FastTrackOpeningMismatch: () => ({ meaning: "the opening is of another patch", remedy: MADE_AGAIN }),
  FastTrackUnauthorizedCaller: () => ({
    meaning: "the timelock alone may do this, by its slow path",
    remedy: "schedule an operation of the slow path",
  }),
  FastTrackUpgradeNotApplied: ([proxy]) => ({
    meaning: `the upgrade went through, and ${proxy} does not run the patch`,
    remedy: "find out who upgrades the proxy; its kind in the policy may be wrong",
  }),
  FastTrackUriTooLong: ([, maximum]) => ({
    meaning: "the place of the disclosure is too long",
    remedy: `give at most ${maximum} bytes`,
  }),
  FastTrackVerifierUsedBefore: () => ({
    meaning: "this verifier was set before, and does not come back",
    remedy: "deploy another one",
  }),
  FastTrackVerifierWithoutCode: () => ({
    meaning: "there is no verifier at this address",
    remedy: "check the address",
  }),
  PatchVerifierOutOfField: () => ({ meaning: "a value is no field element", remedy: MADE_AGAIN }),
  PolicyUnknown: ([proxy]) => ({
    meaning: `the timelock has no policy of ${proxy}`,
    remedy: "have governance set one by the slow path",
  }),
  ProxyUpgradeGasWithoutMigration: () => ({
    meaning: "there is a migration without gas, or gas without a migration",
    remedy: MADE_AGAIN,
  }),
  ProxyUpgradeMigrationUnsupported: () => ({
    meaning: "this kind of proxy runs no migration",
    remedy: "seal the patch without one",
  }),
  ProxyUpgradeMigrationUpgrades: () => ({
    meaning: "the migration would upgrade the proxy again",
    remedy: "seal the patch with another migration",
  }),
  SafetyCheckDidNotRevert: ([proxy, index]) => ({
    meaning: `check ${index} of ${proxy} demands that a call reverts, and it did not`,
    remedy: "look at the policy's checks: the patch breaks this one",
  }),
  SafetyCheckFailed: ([proxy, index]) => ({
    meaning: `check ${index} of ${proxy} could not be measured`,
    remedy: "look at the policy's checks: the call of this one reverts",
  }),
  SafetyCheckOutOfGas: () => ({ meaning: "too little gas is left for a safety check", remedy: MORE_GAS }),
  SafetyCheckViolated: ([proxy, index]) => ({
    meaning: `the patch breaks check ${index} of ${proxy}`,
    remedy: "look at the policy's checks: nothing was changed",
  }),
  StatementCommitmentOutOfField: () => ({ meaning: "the commitment is none", remedy: MADE_AGAIN }),
  StatementCommitmentUsed: () => ({
    meaning: "a statement of this commitment was scheduled before, and each serves once",
    remedy: "look at its state; to try again, seal the patch again",
  }),
  StatementGroupMismatch: () => ({
    meaning: "a group executes whole, in its order, and with nothing else",
    remedy: "give all members of the group, in its order",
  }),
  StatementNotYetExecutable: ([, eta]) => ({
    meaning: `its delay lasts until ${time(eta)}`,
    remedy: "wait until then",
  }),
  StatementUnexpectedState: ([, actual, expected]) => ({
    meaning: `the statement is ${name(STATEMENT_STATES, actual)}, and has to be ${name(STATEMENT_STATES, expected)}`,
    remedy: "look at what became of it; a statement that has ended does not come back",
  }),
  StatementValidityTooLong: ([, maximum]) => ({
    meaning: `it would be valid for too long: the timelock takes none beyond ${time(maximum)}`,
    remedy: "seal the patch again with a shorter validity",
  }),
  StatementValidityTooShort: ([validUntil, eta]) => ({
    meaning: `it is valid until ${time(validUntil)}, and could not be executed before ${time(eta)}`,
    remedy: "seal the patch again with a longer validity",
  }),
};

/** Errors that are explained. */
export const EXPLAINED: readonly string[] = Object.keys(REFUSALS);

/** What a contract's error means; undefined for one that is not of the fast lane's functions. */
export function explainRefusal(error: string, values: Values): Refusal | undefined {
  return Object.hasOwn(REFUSALS, error) ? REFUSALS[error]!(values) : undefined;
}
