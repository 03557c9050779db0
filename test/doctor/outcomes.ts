import { expect } from "vitest";
import type { Finding } from "../../src/doctor/index.js";

/** Names of the lines that do not hold. */
export const open = (findings: readonly Finding[]): string[] =>
  findings.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);

/** The line of a name. */
export function lineOf(findings: readonly Finding[], name: string): Finding {
  const found = findings.filter((finding) => finding.name === name);
  expect(found.map((finding) => finding.name)).toEqual([name]);
  return found[0]!;
}

/** Checks that exactly these lines do not hold, the first because of what is expected, the others because they wait for it. */
export function expectOpen(
  findings: readonly Finding[],
  cause: { readonly name: string; readonly outcome: "fails" | "not checked"; readonly detail: RegExp },
  waiting: readonly string[] = [],
): void {
  expect(open(findings).toSorted()).toEqual([cause.name, ...waiting].toSorted());
  expect(lineOf(findings, cause.name)).toMatchObject({
    outcome: cause.outcome,
    detail: expect.stringMatching(cause.detail),
    remedy: expect.stringMatching(/\w{3}/),
  });
  for (const name of waiting)
    expect(lineOf(findings, name)).toMatchObject({
      outcome: "not checked",
      detail: `it waits for: ${cause.name}`,
      remedy: `see to "${cause.name}" first`,
    });
}
