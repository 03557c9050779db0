// npm run circuits:broken: writes down which constraints each lie breaks that is not listed yet, or, with --all, each lie.
// What it writes is reviewed like code: a lie that breaks another constraint than it is about tests something else than it
// says.
import { writeFileSync } from "node:fs";
import { LaxTwin } from "../../soundness/index.js";
import { brokenFile, brokenNames, brokenText, LIES, type LiedTo, readBroken, tell } from "./broken.js";
import { smallInstance } from "./small-instance.js";

const isAnew = process.argv.includes("--all");
for (const [name, { statements, witnesses }] of Object.entries(LIES) as [LiedTo, (typeof LIES)[LiedTo]][]) {
  const known = isAnew ? new Map<string, readonly string[]>() : readBroken(name);
  const twin = new LaxTwin(await smallInstance(name));
  const broken = [...statements, ...witnesses].map(
    (lie) => [lie.name, known.get(lie.name) ?? brokenNames(tell(twin, lie))] as const,
  );
  writeFileSync(brokenFile(name), brokenText(new Map(broken)));
}
