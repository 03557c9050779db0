import { Contract, getBytes, type TransactionReceipt, zeroPadValue } from "ethers";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import * as council from "../../scripts/index.js";
import { contractArtifact, deployContract, TimelockClient } from "../../src/chain/index.js";
import {
  callTo,
  DrillChain,
  drill,
  type Frame,
  intrinsicGas,
  traceTransaction,
} from "../../src/drill/index.js";
import { compileProbe } from "../probe/probe.js";

/** Gas of the fast lane, measured in a drill; `binding` for an implementation of the largest size. */
export interface GasFigures {
  readonly schedule: number;
  readonly attestVerification: number;
  readonly execute: number;
  readonly deployment: number;
  readonly bindVerification: number;
  readonly upgrade: number;
  readonly safetyChecks: number;
  /** The transaction itself and its calldata, most of which is init code (EIP-2028). */
  readonly transaction: number;
  /** The rest of the execution: binding of the drill's patch, checks of state, bookkeeping, event. */
  readonly bindingAndBookkeeping: number;
  readonly binding24576: number;
  readonly bindingAndVerification24576: number;
  readonly disclose: number;
}

const LARGEST_CODE = 24_576;

/** Runs a drill: seconds of its steps, and the gas of its transactions from their traces. */
export async function measureDrill(): Promise<{ seconds: number; gas: GasFigures }> {
  const chain = await DrillChain.start();
  try {
    const report = await drill({
      chain,
      corpusCase,
      variant: "transparent",
      council,
      listener: { begin: () => {}, end: () => {} },
      keep: async () => [],
    });
    if (!report.ok) throw new Error(`the drill failed: ${report.steps.at(-1)?.detail}`);
    const scheduled = await traceOf(chain, "StatementScheduled");
    const executed = await traceOf(chain, "StatementExecuted");
    const verifier = await contractArtifact("PatchVerifier");
    const { interface: functions } = new Contract(zeroPadValue("0x01", 20), [...verifier.abi]);
    const gasOf = (frame: Frame, chosen: (call: Frame) => boolean): number =>
      (frame.calls ?? []).filter(chosen).reduce((sum, call) => sum + Number(call.gasUsed), 0);
    const calls = (name: string) => (call: Frame) =>
      call.input.startsWith(functions.getFunction(name)!.selector);
    const isStatic = (call: Frame) => call.type === "STATICCALL";
    const deployment = gasOf(executed, (call) => call.type === "CREATE2");
    const bindVerification = gasOf(executed, calls("verifyBind"));
    const upgrade = gasOf(executed, (call) => call.type === "CALL");
    const safetyChecks = gasOf(executed, isStatic) - bindVerification;
    const execute = report.figures.executeGas!;
    const transaction = intrinsicGas(executed.input);
    const binding24576 = await bindingGas(chain);
    const seconds = report.steps.reduce((sum, { ms }) => sum + ms, 0) / 1000;
    const gas = {
      schedule: report.figures.scheduleGas!,
      attestVerification: gasOf(scheduled, calls("verifyAttest")),
      execute,
      deployment,
      bindVerification,
      upgrade,
      safetyChecks,
      transaction,
      bindingAndBookkeeping: execute - deployment - bindVerification - upgrade - safetyChecks - transaction,
      binding24576,
      bindingAndVerification24576: binding24576 + bindVerification,
      disclose: report.figures.discloseGas!,
    };
    return { seconds, gas };
  } finally {
    await chain.stop();
  }
}

/** The call of the timelock that emitted an event. */
async function traceOf(chain: DrillChain, event: string): Promise<Frame> {
  const { interface: abi } = await TimelockClient.at(zeroPadValue("0x01", 20), chain.provider);
  const [log] = await chain.provider.getLogs({ topics: [abi.getEvent(event)!.topicHash], fromBlock: 0 });
  return callTo(await traceTransaction(chain.provider, log!.transactionHash), log!.address);
}

/** Gas of evaluating the polynomial of the largest code there can be, with the timelock's compiler settings. */
async function bindingGas(chain: DrillChain): Promise<number> {
  const signer = chain.accounts[0]!;
  const probe = await deployContract(signer, { artifact: await compileProbe() });
  const { contractAddress } = (await (
    await signer.sendTransaction({ data: initCodeOf(LARGEST_CODE) })
  ).wait()) as TransactionReceipt;
  const deployed = getBytes(await chain.provider.getCode(contractAddress!));
  if (deployed.length !== LARGEST_CODE) throw new Error(`deployed ${deployed.length} bytes`);
  const [, used] = await probe.getFunction("evaluate")(contractAddress, 12345n);
  return Number(used);
}

/** Init code that returns `size` bytes of code, each 0x5b (JUMPDEST). */
function initCodeOf(size: number): string {
  // PUSH2 size, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN: 12 bytes with the operands.
  const prefix = `61${size.toString(16).padStart(4, "0")}80600c6000396000f3`;
  return `0x${prefix}${"5b".repeat(size)}`;
}
