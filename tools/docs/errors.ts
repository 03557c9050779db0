import { ERRORS } from "../../src/error-codes/index.js";

const HEAD = `# Errors

What this package refuses on purpose it throws as a \`SealpatchError\`: \`code\` is stable between releases, \`message\` says what is wrong,
\`why\` the cause, \`remedy\` what to do, and \`details\` has the values. This page says what each code means in general; the error itself knows
more. The command line prints the same, with its own options in the remedy, and with \`--json\` as \`{"error": {"code": ..}}\`. This page is the
catalogue in \`src/error-codes/\`: \`npm run docs\` writes it, and a test compares.
`;

const AREAS: Readonly<Record<string, string>> = {
  field: "Field elements and hashes",
  merkle: "Merkle trees",
  code: "Code",
  layout: "Storage layouts",
  audit: "Auditors and attestations",
  vectors: "Vectors",
  patch: "The sealed patch",
  proof: "Proofs",
  key: "Keys",
  keystore: "Keystores",
  ceremony: "The ceremony",
  chain: "The chain",
  config: "The configuration",
  lane: "Running a lane",
  report: "The post-incident report",
  portal: "The community's page",
  safe: "Signing with a Safe",
  state: "The state folder",
  verify: "Verifying",
  cli: "The command line",
  corpus: "The drill's cases",
};

const areaOf = (code: string): string => code.slice(0, code.indexOf("/"));

/** The page of errors: the catalogue, by area. @throws Error where an area has no title. */
export function errorPage(): string {
  const codes = Object.entries(ERRORS).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const untitled = codes.find(([code]) => AREAS[areaOf(code)] === undefined);
  if (untitled !== undefined)
    throw new Error(`the area of ${untitled[0]} has no title in tools/docs/errors.ts`);
  const sections = Object.entries(AREAS).map(([area, title]) => {
    const rows = codes
      .filter(([code]) => areaOf(code) === area)
      .map(([code, { meaning, remedy }]) => `| \`${code}\` | ${meaning} | ${remedy} |`);
    return [`## ${title}`, "", "| code | what it means | what to do |", "|---|---|---|", ...rows, ""].join(
      "\n",
    );
  });
  return [HEAD, ...sections].join("\n");
}
