import { join } from "node:path";
import { recipientOf } from "../../age.js";
import { setupHash } from "../../chain/index.js";
import { prepareHashing } from "../../field/index.js";
import { type OpenedPatch, proveGroup, scheduleToJson, sealExecution } from "../../lane/index.js";
import { assertProvingKeys } from "../../manifest.js";
import { assertRecipients, decryptBundle, parseTarget } from "../../patch/index.js";
import { withState } from "../../state/index.js";
import { type ConfigurationOptions, projectOf } from "../configuration.js";
import { readInputText } from "../input-file.js";
import { chosenKeys } from "../keys/chosen.js";
import { assertNoFiles, jsonText, PRIVATE, writeOutput } from "../output-file.js";
import type { AskingTerminal } from "../passphrase.js";
import { EXIT } from "../run.js";
import { distinct, type Reader, readerOf } from "../seal/readers.js";
import { withStages } from "../stages.js";
import { provingFiles } from "./files.js";
import { auditorLabels, type MemberOptions, openMember } from "./member.js";
import { printProven } from "./print.js";

interface ProveOptions extends ConfigurationOptions, MemberOptions {
  readonly target?: readonly string[];
  readonly to?: readonly string[];
  readonly out: string;
  readonly keys?: string;
  readonly solc?: readonly string[];
}

/** `prove`. @param terminal where a person is asked, the process's own unless given. */
export async function prove(
  files: readonly string[],
  options: ProveOptions,
  terminal?: AskingTerminal,
): Promise<void> {
  const { json, out, to = [], solc = [], target: targets = [] } = options;
  const written = { schedule: join(out, "schedule.json"), execution: join(out, "execution.age") };
  await assertNoFiles(written.schedule, written.execution);
  const project = await projectOf(options);
  await prepareHashing();
  const { bundles, attestations } = await provingFiles(files, targets);
  const named: Reader[] = [];
  for (const text of to) named.push(await readerOf(text));
  if (named.length > 0) await assertRecipients(named.map(({ recipient }) => recipient));
  const keys = await chosenKeys(options);
  assertProvingKeys(keys.manifest);
  const { identity, label } = await openMember(project, options, terminal);
  const patches: OpenedPatch[] = [];
  for (const { sealed, target } of bundles)
    patches.push({
      bundle: await decryptBundle(sealed, identity),
      target: parseTarget(await readInputText(target)),
    });
  const proven = await withState(project.folder, (state) =>
    withStages(json, (onProof) =>
      proveGroup(project, patches, attestations, {
        ...{ state, identity, manifest: keys.manifest, compilers: solc, onProof },
        onVectors: ({ done, total }) => onProof({ stage: "vectors", fraction: done / total }),
      }),
    ),
  );
  const readers = distinct([{ label, recipient: await recipientOf(identity) }, ...named]);
  if (proven.schedule === undefined) process.exitCode = EXIT.refused;
  else {
    const recipients = readers.map(({ recipient }) => recipient);
    const execution = await sealExecution(proven.executions, recipients);
    await writeOutput(written.execution, execution, false, PRIVATE);
    await writeOutput(written.schedule, jsonText(scheduleToJson(proven.schedule)), false, PRIVATE);
  }
  const labels: string[][] = [];
  for (const { policy } of proven.reviews) labels.push(await auditorLabels(project, policy.auditors));
  printProven(
    {
      proven,
      labels,
      bundles: bundles.map(({ file }) => file),
      keys: { setupHash: setupHash(keys.manifest), keyClass: keys.keyClass },
      readers,
      files: written,
    },
    json,
  );
}
