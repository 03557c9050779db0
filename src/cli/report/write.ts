import { type IncidentReport, reportHtml, reportMarkdown } from "../../report/index.js";
import { writeOutput } from "../output-file.js";

/**
 * Writes both forms of a report beside where its disclosure is or would be, in place of an older one.
 * @param file the disclosure's, `disclosure.json`.
 * @returns the files.
 */
export async function writeReports(file: string, report: IncidentReport): Promise<string[]> {
  const stem = file.replace(/\.json$/, "");
  const [html, markdown] = [`${stem}.html`, `${stem}.md`];
  await writeOutput(html, reportHtml(report), true);
  await writeOutput(markdown, reportMarkdown(report), true);
  return [html, markdown];
}
