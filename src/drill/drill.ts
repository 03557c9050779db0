import { hexlify } from "ethers";
import { rebuiltError } from "../chain/index.js";
import {
  type IncidentReport,
  incidentReport,
  type PatchPolicy,
  type ProvenPatch,
  parseDisclosure,
  readDisclosureFacts,
  readStatementSteps,
  rerunPatch,
  type Target,
  type ToldTimes,
} from "../index.js";
import type { CorpusCase, Variant } from "./case.js";
import type { DrillChain } from "./chain.js";
import type { Council } from "./council.js";
import { attack, deployScene, FAST_DELAY, proxyState, record, register, type Scene } from "./scene.js";
import { collectAttestations, sealCase } from "./sealing.js";
import { hold, refused, type Shown, StepFailed, type StepResult } from "./steps.js";
import { gasOfCall } from "./trace.js";

/** For how long a statement may be used, seconds. */
export const VALIDITY = 10n * 86_400n;

/** What the drill tells while it runs and at its end. */
export interface DrillListener {
  begin(step: string): void;
  end(result: StepResult): void;
}

/** Result of a drill, as `--json` prints it. */
export interface DrillReport {
  ok: boolean;
  case: string;
  proxy: Variant;
  steps: StepResult[];
  figures: Record<string, number>;
  /** Disclosure file and reports that it leaves behind. */
  files: readonly string[];
}

/** What a drill plays, and who plays it. */
export interface DrillOptions {
  /** Started by the caller, who can stop it from a signal handler. */
  readonly chain: DrillChain;
  readonly corpusCase: CorpusCase;
  readonly variant: Variant;
  readonly council: Council;
  readonly listener: DrillListener;
  /** Writes what the incident leaves behind, and says where. */
  readonly keep: (incident: { readonly text: string; readonly report: IncidentReport }) => Promise<string[]>;
}

/**
 * A whole incident on a local chain: deployment, exploit, sealed patch, attestations, proofs, fast lane, disclosure.
 * Ends at the first step that does not hold.
 */
export async function drill(options: DrillOptions): Promise<DrillReport> {
  const { corpusCase, variant, listener } = options;
  const report: DrillReport = {
    ok: false,
    case: corpusCase.name,
    proxy: variant,
    steps: [],
    figures: {},
    files: [],
  };
  const step: Step = async (name, work) => {
    listener.begin(name);
    const since = performance.now();
    const finish = (ok: boolean, { detail, gas, warnings = [] }: Shown): void => {
      const ms = Math.round(performance.now() - since);
      const result: StepResult = {
        name,
        ok,
        ms,
        ...(gas === undefined ? {} : { gas: Number(gas) }),
        detail,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
      report.steps.push(result);
      listener.end(result);
    };
    try {
      const { value, ...shown } = await work();
      finish(true, shown);
      return value;
    } catch (error) {
      // Whatever a node or a library throws may hold the transaction, and with it the patch.
      const { message } = error instanceof StepFailed ? error : rebuiltError(error, name);
      finish(false, { detail: message });
      throw new StepFailed(message);
    }
  };
  try {
    report.files = await incident(options, { step, figures: report.figures });
    report.ok = true;
  } catch (error) {
    // The step has been reported; what is not a step's failure is a defect and must be seen.
    if (!(error instanceof StepFailed)) throw error;
  }
  return report;
}

type Step = <T>(name: string, work: () => Promise<Shown & { value: T }>) => Promise<T>;

/** Where steps are told, and figures are kept. */
interface Minutes {
  readonly step: Step;
  readonly figures: DrillReport["figures"];
}

async function incident(options: DrillOptions, minutes: Minutes): Promise<readonly string[]> {
  const { chain, corpusCase, variant, council } = options;
  const { step, figures } = minutes;
  const scene = await step("deploy timelock, proof system and vulnerable contract", async () => {
    const value = await deployScene(chain, corpusCase, variant);
    figures.currentCodeBytes = value.current.code.length;
    return { value, gas: value.gas, detail: corpusCase.title };
  });
  const { policy } = await step("register policy and baseline on the slow path", async () => {
    const baseline = await record(scene, "baseline", [scene.current]);
    hold(baseline.vectors.length >= 16, `only ${baseline.vectors.length} baseline vectors`);
    const value = await register(scene, baseline);
    figures.baselineVectors = baseline.vectors.length;
    return { value, gas: value.gas, detail: `${baseline.vectors.length} baseline vectors, 3 of 5 auditors` };
  });
  await step("the published exploit succeeds on the live code", async () => {
    hold(await chain.onSnapshot(() => attack(scene)), "the exploit failed on the vulnerable code");
    return { value: undefined, detail: `${corpusCase.advisories.slice(0, 2).join(", ")}, on a snapshot` };
  });

  const found = await chain.now();

  const sealed = await step("seal the patch for auditors and council", async () => {
    const value = await sealCase(scene, policy, council);
    figures.patchCodeBytes = value.codeBytes;
    figures.incidentVectors = value.incidents;
    const detail = `${value.codeBytes} bytes of code hidden in a ${value.bytes.length}-byte bundle`;
    return { value, detail, warnings: value.warnings };
  });
  const sealedAt = await chain.now();
  const targets = [await scene.timelock.target(scene.proxy, (await chain.now()) + VALIDITY)];
  const { identity } = sealed;
  const inputs = { sealed: sealed.bytes, identity, policy, currentCode: scene.current, targets };
  const title = "auditors rebuild, rerun, sign; the council proves bind";
  const { attestations, prepared } = await step(title, async () => {
    const [prepared, attestations] = await Promise.all([
      council.prepare(inputs),
      collectAttestations(scene, { inputs, warnings: sealed.warnings }, council),
    ]);
    const vectors = `${policy.baseline.vectors.length} + ${sealed.incidents} vectors each`;
    const detail = `three auditors, ${vectors}; the proof verifies`;
    return { value: { attestations, prepared }, detail };
  });
  const told = { found, sealed: sealedAt, attested: await chain.now() };
  const proven = await step("the council proves attest", async () => {
    return { value: await council.prove(prepared, attestations), detail: "the proof verifies" };
  });
  await fastLane(scene, council, { policy, proven, target: targets[0]! }, minutes);
  return afterwards(scene, options, { proven, told }, minutes);
}

async function fastLane(
  scene: Scene,
  { schedule, execute }: Council,
  { policy, proven, target }: { policy: PatchPolicy; proven: ProvenPatch; target: Target },
  { step, figures }: Minutes,
): Promise<void> {
  const { chain, timelock, roles } = scene;
  const { council } = roles;
  const { commitment } = proven.attest.statement;
  await step("the council's Safe schedules", async () => {
    const { mined } = await schedule({ timelock, council, proven, target });
    hold((await timelock.state(commitment)) === "scheduled", "the statement is not scheduled");
    figures.scheduleGas = await gasOfCall(chain.provider, mined.hash, timelock.address);
    return {
      value: undefined,
      gas: mined.gasUsed,
      detail: `delay ${FAST_DELAY / 3600} h, veto and expiry armed`,
    };
  });
  const refuse = (name: string, attempt: () => Promise<unknown>, expected: string): Promise<void> =>
    step(`refused: ${name}`, async () => ({ value: undefined, detail: await refused(attempt, expected) }));
  const { eta } = await timelock.statement(commitment);
  const { executor } = roles;
  const run = (patch = proven) => execute({ timelock, executor, proven: patch });

  await refuse(
    "the same commitment again",
    () => schedule({ timelock, council, proven, target }),
    "StatementCommitmentUsed",
  );
  await refuse("execution before the delay has passed", run, "StatementNotYetExecutable");
  await refuse(
    "execution after the guardian Safe's veto",
    () =>
      chain.onSnapshot(async () => {
        await timelock.through(roles.guardian).veto({ commitment, reason: "drill" });
        await chain.travelTo(eta);
        await run();
      }),
    "StatementUnexpectedState",
  );
  await refuse(
    "code with one byte changed",
    () =>
      chain.onSnapshot(async () => {
        await chain.travelTo(eta);
        await run(withChangedByte(proven));
      }),
    "FastTrackBindProofRejected",
  );

  const before = await proxyState(scene, policy.baseline);
  await step("execute in one transaction", async () => {
    await chain.travelTo(eta);
    const mined = await run();
    hold((await timelock.state(commitment)) === "executed", "the statement is not executed");
    const code = await chain.provider.getCode(proven.review.patch.code.address);
    hold(code === hexlify(proven.review.patch.code.code), "other code was deployed");
    figures.executeGas = Number(mined.gasUsed);
    return { value: undefined, gas: mined.gasUsed, detail: "deployed, bound, upgraded, checked" };
  });
  await refuse("the same execution again", run, "StatementUnexpectedState");
  await step("the exploit now fails", async () => {
    hold(!(await chain.onSnapshot(() => attack(scene))), "the exploit still succeeds");
    return { value: undefined, detail: scene.corpusCase.repelled };
  });
  await step("the proxy's state is intact", async () => {
    hold((await proxyState(scene, policy.baseline)) === before, "the proxy's storage or balance changed");
    return { value: undefined, detail: "every slot the vectors know, and the balance" };
  });
}

/** The same patch with the last byte of its init code, which is code, changed. */
function withChangedByte(proven: ProvenPatch): ProvenPatch {
  const initCode = proven.review.patch.initCode.slice();
  initCode[initCode.length - 1]! ^= 1;
  const patch = { ...proven.review.patch, initCode };
  return { ...proven, review: { ...proven.review, patch } };
}

async function afterwards(
  scene: Scene,
  { council: { reveal, verify }, keep }: DrillOptions,
  { proven, told }: { proven: ProvenPatch; told: ToldTimes },
  { step, figures }: Minutes,
): Promise<string[]> {
  const { timelock, roles } = scene;
  const { council } = roles;
  const { commitment } = proven.attest.statement;
  const text = await step("disclose", async () => {
    const uri = "file:disclosure.json";
    const { text, mined } = await reveal({ timelock, council, proven, uri });
    hold((await timelock.state(commitment)) === "disclosed", "the statement is not disclosed");
    figures.discloseGas = await gasOfCall(scene.chain.provider, mined.hash, timelock.address);
    return { value: text, gas: mined.gasUsed, detail: `${text.length} bytes in clear, opened on chain` };
  });
  const checks = await step("verify the disclosure from the chain and the file alone", async () => {
    const checks = await verify({ timelock, commitment, text });
    const open = checks.find(({ outcome }) => outcome !== "holds");
    hold(open === undefined, `${open?.name}: ${open?.outcome}: ${open?.detail}`);
    figures.disclosureChecks = checks.length;
    return { value: checks, detail: `${checks.length} checks hold` };
  });
  return step("write the post-incident report", async () => {
    const [facts, steps] = [
      await readDisclosureFacts(timelock, { commitment }),
      await readStatementSteps(timelock, { commitment }),
    ];
    const rerun = await rerunPatch(parseDisclosure(text), facts);
    const file = `${scene.corpusCase.name}.json`;
    const report = await incidentReport({ text, file, facts, steps, checks, rerun, told });
    return { value: await keep({ text, report }), detail: "as one page without scripts, and as Markdown" };
  });
}
