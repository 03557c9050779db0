// npm run circuits:broken: writes down which constraints each lie breaks. What it writes is reviewed like code: a lie
// that breaks another constraint than it is about tests something else than it says.
import { writeFileSync } from "node:fs";
import { LaxTwin } from "../../soundness/index.js";
import { brokenFile, brokenNames, brokenText, LIES, type LiedTo, tell } from "./broken.js";
import { smallInstance } from "./small-instance.js";

for (const [name, { statements, witnesses }] of Object.entries(LIES) as [LiedTo, (typeof LIES)[LiedTo]][]) {
  const twin = new LaxTwin(await smallInstance(name));
  const known = [...statements, ...witnesses].map((lie) => [lie.name, brokenNames(tell(twin, lie))] as const);
  writeFileSync(brokenFile(name), brokenText(new Map(known)));
}
