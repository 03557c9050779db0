import { fails, notChecked } from "../checks.js";

/** What the proxy itself shows of its implementation, by its slot and by its events `Upgraded`, the oldest first. */
export interface InstalledFacts {
  /** At the end of the block of the execution; null where the node does not have that state. */
  readonly afterExecution: string | null;
  /** At the newest block. */
  readonly now: string;
  /** Told in the transaction of the execution. */
  readonly inExecution: readonly string[];
  /** Told later in the same block. */
  readonly laterInBlock: readonly string[];
  /** Told in later blocks; not read where the proxy runs the patch now. */
  readonly afterwards: readonly string[];
}

/** That the proxy ran the patch after its execution. @throws SealpatchError `patch/check-fails`, `patch/not-checked`. */
export function installedThen(
  implementation: string,
  { afterExecution, inExecution, laterInBlock }: InstalledFacts,
): string {
  const told = inExecution.at(-1);
  if (told !== undefined && told !== implementation)
    throw fails(`the proxy told of an upgrade to ${told} last, in the same transaction`);
  if (afterExecution === null) {
    const announced =
      told === undefined ? "its receipt tells of no upgrade" : "its receipt tells of the upgrade";
    throw notChecked(`needs a node with state; ${announced}`);
  }
  if (afterExecution === implementation) return `${implementation} in the block of the execution`;
  if (afterExecution === laterInBlock.at(-1))
    throw notChecked(`a later upgrade of the same block, to ${afterExecution}, hides the slot`);
  throw fails(`the proxy ran ${afterExecution}`);
}

/**
 * That the proxy runs the patch now, or what a later upgrade of its own told of: upgrades go on.
 * @throws SealpatchError `patch/check-fails`.
 */
export function installedNow(
  implementation: string,
  { now, laterInBlock, afterwards }: InstalledFacts,
): string {
  if (now === implementation) return `it runs ${now}`;
  if (now === [...laterInBlock, ...afterwards].at(-1)) return `upgraded since to ${now}`;
  throw fails(`the proxy runs ${now}, and told of no upgrade to that`);
}
