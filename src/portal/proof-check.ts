import type { ScheduledFacts } from "../chain/index.js";
import type { Outcome } from "../checks.js";
import { SealpatchError } from "../errors.js";
import { attestSignals } from "../proof/index.js";
import { inSolidityForm, proofHolds } from "../proof/prover/index.js";
import type { PageCheck, PortalData } from "./model.js";

/** What proofs were found to be, for as long as the page is open: the same question has the same answer. */
const kept = new WeakMap<PortalData["key"]["attest"], Map<string, boolean>>();

/**
 * Whether a proof in the transaction that scheduled a statement verifies by the page's key, with the signals of the event.
 * @param isWanted whether it is verified where that was not done before.
 */
export async function checkProof(
  key: PortalData["key"]["attest"],
  { proofs, signals, transaction }: Pick<ScheduledFacts, "proofs" | "signals" | "transaction">,
  isWanted: boolean,
): Promise<{ readonly outcome: Outcome; readonly values: PageCheck["values"] }> {
  const values = { transaction, proofs: String(proofs.length) };
  if (proofs.length === 0) return { outcome: "not checked", values };
  const publicSignals = signalsOf(signals);
  const known = kept.get(key) ?? new Map<string, boolean>();
  kept.set(key, known);
  let isKnown = true;
  for (const proof of proofs) {
    const question = JSON.stringify([proof, publicSignals.map(String)]);
    if (!known.has(question) && isWanted) {
      // Between two proofs the page may be drawn and used.
      await new Promise((resolve) => setTimeout(resolve, 0));
      known.set(question, proofHolds(key, publicSignals, inSolidityForm(proof)));
    }
    if (known.get(question) === true) return { outcome: "holds", values };
    isKnown &&= known.has(question);
  }
  return { outcome: isKnown ? "fails" : "not checked", values };
}

/** None where a signal is no field element: then no proof verifies. */
function signalsOf(signals: ScheduledFacts["signals"]): readonly bigint[] {
  try {
    return attestSignals(signals);
  } catch (error) {
    if (error instanceof SealpatchError) return [];
    throw error;
  }
}
