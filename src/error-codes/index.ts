import { AUDIT_ERRORS } from "./audit.js";
import { CEREMONY_ERRORS } from "./ceremony.js";
import { CHAIN_ERRORS } from "./chain.js";
import { CLI_ERRORS } from "./cli.js";
import { CODE_ERRORS } from "./code.js";
import { CONFIG_ERRORS } from "./config.js";
import { CORPUS_ERRORS } from "./corpus.js";
import type { ErrorEntry } from "./entry.js";
import { FIELD_ERRORS } from "./field.js";
import { KEY_ERRORS } from "./key.js";
import { KEYSTORE_ERRORS } from "./keystore.js";
import { LANE_ERRORS } from "./lane.js";
import { LAYOUT_ERRORS } from "./layout.js";
import { PATCH_ERRORS } from "./patch.js";
import { PORTAL_ERRORS } from "./portal.js";
import { PROOF_ERRORS } from "./proof.js";
import { RECORDING_ERRORS } from "./recording.js";
import { REPORT_ERRORS } from "./report.js";
import { SAFE_ERRORS } from "./safe.js";
import { STATE_ERRORS } from "./state.js";
import { VECTOR_ERRORS } from "./vectors.js";
import { VERIFY_ERRORS } from "./verify.js";

/**
 * Every code that a `SealpatchError` can have. Codes are stable between releases: a new meaning gets a new code. Types
 * come from it, and docs/errors.md; nothing loads it when the package runs.
 */
export const ERRORS = {
  ...FIELD_ERRORS,
  ...CODE_ERRORS,
  ...LAYOUT_ERRORS,
  ...AUDIT_ERRORS,
  ...VECTOR_ERRORS,
  ...RECORDING_ERRORS,
  ...PATCH_ERRORS,
  ...PROOF_ERRORS,
  ...KEY_ERRORS,
  ...KEYSTORE_ERRORS,
  ...CEREMONY_ERRORS,
  ...CHAIN_ERRORS,
  ...CLI_ERRORS,
  ...CONFIG_ERRORS,
  ...LANE_ERRORS,
  ...REPORT_ERRORS,
  ...PORTAL_ERRORS,
  ...SAFE_ERRORS,
  ...STATE_ERRORS,
  ...VERIFY_ERRORS,
  ...CORPUS_ERRORS,
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** Stable, machine-readable code of an error: `area/what-is-wrong`, for example `code/too-large`. */
export type ErrorCode = keyof typeof ERRORS;
