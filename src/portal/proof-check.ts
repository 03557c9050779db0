import type { ScheduledFacts } from "../chain/index.js";
import type { Outcome } from "../checks.js";
import { attestSignals } from "../proof/attest-signals.js";
