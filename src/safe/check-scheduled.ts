import { VoidSigner } from "ethers";
import { TimelockClient } from "../chain/index.js";
import { agrees, type CheckList, fails, notChecked } from "../checks.js";
import { schedulingOn } from "../lane/index.js";
import { rebuildPatch, TargetTree } from "../patch/index.js";
import { verifyAttestByKeyFile } from "../proof/index.js";
import { policyRoots } from "../verify/index.js";
import { actionIn, type SafeFolder } from "./folder.js";
import type { SafeKnown } from "./known.js";

/** Compares the calldata with `schedule.json`, and the public signals of its proof with what is known. */
export async function checkScheduled(
  lines: CheckList,
  folder: SafeFolder,
  { policy, bundle, manifest, ...choice }: SafeKnown,
): Promise<void> {
  const { request } = folder;
  const { member } = await actionIn(folder);
  const SCHEDULE = "the calldata is that of schedule.json";
  const need = () => {
    if (member !== undefined) return member;
    throw fails("schedule.json has no statement of this commitment");
  };
  await lines.check(SCHEDULE, async () => {
    const { to, data } = request.transaction;
    const [scheduled] = schedulingOn([need()], { chainId: request.chainId, timelock: to });
    // Of a timelock that is asked nothing.
    const timelock = await TimelockClient.at(to, new VoidSigner(to));
    return agrees("calldata", data, timelock.parts.scheduleCall(scheduled!.parts).data);
  });
  await lines.check("the proof is valid for its seven signals", async () => {
    const keys = manifest === undefined ? "the keys of this package" : "the keys that are named";
    if (!(await verifyAttestByKeyFile(need().attest, manifest))) throw fails(`it is not, with ${keys}`);
    return `verified with ${keys}`;
  }, [SCHEDULE]);
  await lines.check("signal: root of the targets", () => {
    const { targets, attest } = need();
    return agrees("root", new TargetTree(targets).root, attest.statement.targetsRoot);
  }, [SCHEDULE]);
  const roots = policy === undefined ? undefined : policyRoots(policy);
  const ofPolicy = {
    auditorRoot: "root of the auditors",
    threshold: "threshold of auditors",
    vectorRoot: "root of the baseline vectors",
    maxWaivers: "vectors that may be waived",
    layoutRoot: "root of the storage layout",
  } as const;
  for (const [signal, name] of Object.entries(ofPolicy) as [keyof typeof ofPolicy, string][])
    await lines.check(`signal: ${name}`, () => {
      if (roots === undefined) throw notChecked("needs the policy");
      return agrees("policy.json", need().attest.statement[signal], roots[signal]);
    }, [SCHEDULE]);
  await lines.check("signal: commitment of the patch", async () => {
    if (bundle === undefined) throw notChecked("needs the patch bundle, and somebody who can open it");
    const { commitment } = await rebuildPatch(bundle, choice);
    return agrees("the rebuilt bundle", need().attest.statement.commitment, commitment);
  }, [SCHEDULE]);
}
