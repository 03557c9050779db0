import { basename, dirname, join } from "node:path";
import { commitmentDisclosedBy } from "../../chain/index.js";
import { prepareHashing } from "../../field/index.js";
import { disclosureHash, parseDisclosure } from "../../patch/index.js";
import { readReport } from "../../report/index.js";
import { print, printJson, withProgress } from "../../terminal/index.js";
import type { ConfigurationOptions } from "../configuration.js";
import { readInputText } from "../input-file.js";
import { timelockOn, withConnection } from "../lane/account.js";
import { auditorLabels } from "../prove/member.js";
import { type TimeOptions, toldTimes } from "./options.js";
import { writeReports } from "./write.js";

interface ReportOptions extends ConfigurationOptions, TimeOptions {
  readonly chain?: string;
  readonly out?: string;
  readonly solc?: readonly string[];
}

/** `report`. */
export async function report(file: string, options: ReportOptions): Promise<void> {
  const { json, out = dirname(file), solc = [] } = options;
  const told = toldTimes(options);
  const text = await readInputText(file);
  await prepareHashing();
  const { auditors } = parseDisclosure(text);
  await withConnection(options, async (connection) => {
    const { project, chain } = connection;
    const timelock = await timelockOn(connection);
    const fromBlock = project.configuration.chains[chain]!.block;
    const commitment = await commitmentDisclosedBy(timelock, disclosureHash(text), { fromBlock });
    const labels = await auditorLabels(project, auditors);
    const incident = await withProgress("report", json, (onProgress) =>
      readReport(timelock, text, {
        ...{ commitment, fromBlock, told, labels, onProgress },
        ...{ file: basename(file), compilers: solc },
      }),
    );
    const written = await writeReports(join(out, basename(file)), incident);
    if (json) printJson({ reports: written });
    else print(...written);
  });
}
