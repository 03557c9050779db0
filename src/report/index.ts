export {
  type IncidentReport,
  incidentReport,
  type LayoutLine,
  type ReportInputs,
  type ToldTimes,
  type VectorLine,
} from "./data.js";
export { type HashedIncident, type HashLine, incidentHashes } from "./hashes.js";
export { reportHtml } from "./html.js";
export { whatIsNotShown } from "./limits.js";
export { reportMarkdown } from "./markdown.js";
export { type ReadingOptions, readReport } from "./read.js";
export type { TimelineStep } from "./timeline.js";
