import { formatEther } from "ethers";
import { assertDeployable } from "../../ceremony/index.js";
import { asked, setupHash } from "../../chain/index.js";
import { SealpatchError } from "../../errors.js";
import { type DeploymentStep, deployLane, type LanePlan, lanePlan } from "../../lane/index.js";
import { assertProvingKeys } from "../../manifest.js";
import { type Deployment, readDeployments, writeDeployments } from "../../project/index.js";
import { withState } from "../../state/index.js";
import { formatTable, print, printJson, StageProgress } from "../../terminal/index.js";
import { assertConfirmable, confirm } from "../confirm.js";
import { type ChosenKeys, chosenKeys } from "../keys/chosen.js";
import { refusesKeys } from "../keys/refused.js";
import { type Connection, openAccount, type SendingOptions, withConnection } from "../lane/account.js";
import { assertSendable, openSending, printWay } from "../lane/sending.js";
import type { AskingTerminal } from "../passphrase.js";

interface DeployOptions extends SendingOptions {
  readonly keys?: string;
  readonly ptau?: string;
}

/** `deploy`. @param terminal where a person is asked, the process's own unless given. */
export async function deploy(options: DeployOptions, terminal?: AskingTerminal): Promise<void> {
  assertConfirmable(options, terminal);
  await withConnection(options, async (connection) => {
    const { project, chain, chainId, provider } = connection;
    await assertSendable(options, connection, "deploy");
    const keys = await chosenKeys(options);
    if (refusesKeys(keys, options)) return;
    assertProvingKeys(keys.manifest);
    const plan = lanePlan(project.configuration, chain, keys.manifest);
    await assertDeployable({ manifest: keys.manifest, chainId });
    const account = await openAccount(options, connection, terminal);
    const sending = await openSending(options, connection, terminal);
    const balance = await asked("reading the balance", () => provider.getBalance(account.address));
    const { folder, configuration } = project;
    await withState(folder, async ({ journal }) => {
      const file = configuration.project.deployments;
      const before = await readDeployments(folder, file);
      const recorded = before[chain];
      assertRecorded(connection, recorded);
      if (!options.json) {
        printPlan({ plan, keys, chain });
        print(`from       ${account.address}, with ${formatEther(balance)} ETH`);
        if (recorded !== undefined)
          print("recorded   it is deployed already: nothing is sent, all is checked");
        else printWay(sending, "deploy", connection);
      }
      if (recorded === undefined)
        await confirm(`Type the chain's name, ${chain}, to deploy: `, chain, options, terminal);
      const steps: DeploymentStep[] = [];
      const progress = new StageProgress(options.json);
      progress.begin("deploy");
      const deployment = await deployLane(account, plan, {
        journal,
        recorded,
        sending,
        onStep: (step) => {
          steps.push(step);
          progress.advance("deploy", { done: steps.length, total: CONTRACTS });
        },
      }).finally(() => progress.finish("deploy"));
      if (recorded === undefined) await writeDeployments(folder, { ...before, [chain]: deployment }, file);
      printDeployment(chain, deployment, steps, options.json);
    });
  });
}

/** Contracts of a deployment. */
const CONTRACTS = 8;

/** A timelock that only the configuration knows was deployed by somebody else, and not from this record. */
function assertRecorded({ project, chain }: Connection, recorded: Deployment | undefined): void {
  const { timelock } = project.configuration.chains[chain]!;
  if (timelock === undefined || recorded !== undefined) return;
  throw new SealpatchError("lane/timelock-known", `the configuration names a timelock of ${chain} already`, {
    details: { chain, timelock },
    why: "another one would be used by nobody",
    remedy: `take chains.${chain}.timelock out of the configuration to deploy another one`,
  });
}

function printPlan({
  plan,
  keys,
  chain,
}: {
  readonly plan: LanePlan;
  readonly keys: ChosenKeys;
  readonly chain: string;
}): void {
  const { roles, bounds, minDelay, chainId } = plan;
  const range = (least: number, most: number) => `${least} to ${most} s`;
  const rows = [
    ["AttestVerifier", "none"],
    ["BindVerifier", "none"],
    ["PoseidonT4, PoseidonT5", "none (libraries of PatchVerifier)"],
    ["PatchVerifier", `both verifiers, setup hash ${setupHash(plan.manifest)}`],
    ["Policies, DisclosureMerger", "none (libraries of FastTrackTimelock)"],
    ["FastTrackTimelock", `slow path waits ${minDelay} s`],
    ["", `verifier: the PatchVerifier`],
    ["", `delay ${range(bounds.minDelay, bounds.maxDelay)}`],
    ["", `grace ${range(bounds.minGrace, bounds.maxGrace)}`],
    ["", `disclosure ${range(bounds.minDisclosureDeadline, bounds.maxDisclosureDeadline)}`],
    ["", `validity at most ${bounds.maxValidity} s`],
  ];
  print(
    `deploys to ${chain}, chain ${chainId}, with keys of class ${keys.keyClass}`,
    "",
    formatTable([{ title: "contract" }, { title: "constructor arguments", wraps: true }], rows),
    "",
    formatTable(
      [{ title: "role" }, { title: "holders", wraps: true }],
      [
        ["proposers, who may cancel", roles.proposers.join(" ")],
        ["executors", roles.executors.join(" ")],
        ["council", roles.council.join(" ")],
        ["guardians", roles.guardians.join(" ")],
        ["admin", "none: the timelock governs itself"],
      ],
    ),
    "",
  );
}

function printDeployment(
  chain: string,
  deployment: Deployment,
  steps: readonly DeploymentStep[],
  json: boolean | undefined,
): void {
  if (json) {
    printJson({ chain, ...deployment, steps });
    return;
  }
  const columns = [{ title: "contract" }, { title: "address" }, { title: "" }];
  print(
    formatTable(
      columns,
      steps.map(({ contract, address, outcome }) => [contract, address, outcome]),
    ),
    `timelock   ${deployment.timelock}, from block ${deployment.block}`,
  );
}
