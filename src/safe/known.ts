import type { TimelockClient } from "../chain/index.js";
import type { Manifest } from "../manifest.js";
import type { PatchBundle, PatchPolicy } from "../patch/index.js";
import type { CompilerChoice } from "../solc/index.js";

/** What a folder is compared with, beside itself. Lines of what is not given are not checked. */
export interface SafeKnown extends CompilerChoice {
  /** The protocol's timelock, by who checks: of the configuration, or named. No node is asked for it. */
  readonly timelock?: { readonly chainId: bigint; readonly address: string } | undefined;
  /** The timelock over a node, which is asked for the Safe, too. */
  readonly client?: TimelockClient | undefined;
  readonly policy?: PatchPolicy | undefined;
  readonly bundle?: PatchBundle | undefined;
  /** The keys that the proof was made with; those of the package unless given. */
  readonly manifest?: Manifest | undefined;
}
