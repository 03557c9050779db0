import { SealpatchError } from "../errors.js";

/** What one step of the drill showed. */
export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly gas?: number;
  readonly detail: string;
  /** What people should look at. Nothing stops there. */
  readonly warnings?: readonly string[];
}

/** What a step reports when it has held. */
export interface Shown {
  readonly detail: string;
  readonly warnings?: readonly string[];
  readonly gas?: bigint;
}

/** Thrown by a step that did not hold: the drill ends there. */
export class StepFailed extends Error {}

/** Fails the step unless `condition` holds. */
export function hold(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new StepFailed(otherwise);
}

/**
 * Runs something that must be refused, and names the refusal.
 * @param expected the SDK's error code, or the contract's error name.
 */
export async function refused(attempt: () => Promise<unknown>, expected: string): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    const name = refusalOf(error);
    hold(name === expected, `refused with ${name}, not with ${expected}`);
    return name;
  }
  throw new StepFailed(`it was not refused; ${expected} was expected`);
}

function refusalOf(error: unknown): string {
  if (!(error instanceof SealpatchError)) throw error;
  return error.code === "chain/reverted" ? String(error.details.error) : error.code;
}
