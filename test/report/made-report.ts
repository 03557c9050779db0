import { keccak256, toUtf8Bytes } from "ethers";
import type { LaneStep, StatementSteps } from "../../src/chain/index.js";
import { parseDisclosure, rerunPatch, verifyDisclosure } from "../../src/patch/index.js";
import type { IncidentReport, ReportInputs } from "../../src/report/index.js";
import { type Incident, makeIncident } from "../patch/incident.js";

const NOON = 1_790_000_000n;

/** A step of a chain that is none. */
const step = (name: string, at: bigint): LaneStep => ({
  transaction: keccak256(toUtf8Bytes(name)),
  block: 7,
  at,
  sender: `0x${"5e".repeat(20)}`,
  gasUsed: 123_456n,
});

/** A small incident with the inputs of its report. */
export async function reportInputs(): Promise<{ incident: Incident; inputs: ReportInputs }> {
  const incident = await makeIncident();
  const { text, facts } = incident;
  const [bundleHash] = facts.disclosed.bundleHashes;
  const steps: StatementSteps = {
    scheduled: step("schedule", NOON + 7_200n),
    executed: step("execute", NOON + 21_600n),
    disclosed: [
      {
        ...step("disclose", NOON + 108_000n),
        bundleHash: bundleHash!,
        uri: "https://example.org/disclosure.json",
      },
    ],
  };
  const checks = await verifyDisclosure(text, facts);
  const rerun = await rerunPatch(parseDisclosure(text), facts);
  const told = { found: NOON, attested: NOON + 5_400n };
  return { incident, inputs: { text, facts, steps, checks, rerun, told } };
}

/** The same report, with something else in place of each of its texts. */
export function withTexts(
  report: IncidentReport,
  change: (text: string, path: string) => string,
): IncidentReport {
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value === "string") return change(value, path);
    if (Array.isArray(value)) return value.map((one, index) => walk(one, `${path}.${index}`));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, walk(one, `${path}.${name}`)]),
    );
  };
  return walk(report, "") as IncidentReport;
}
