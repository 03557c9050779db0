// A process of `npm run mutants -- arithmetic`: runs tests of a copy of the sources, which is changed between two runs.
import { join } from "node:path";
import { createVitest } from "vitest/node";
import type { TestQuestion, TestRun } from "./arithmetic.js";

const [root, folder] = process.argv.slice(2) as [string, string];
const vitest = await createVitest(
  "test",
  {
    root,
    config: false,
    watch: false,
    include: [`${folder}/*.test.ts`],
    setupFiles: ["setup.ts"],
    execArgv: [],
    maxWorkers: 1,
    testTimeout: 120_000,
    reporters: [{}],
  },
  { logLevel: "silent" },
);
const specifications = await vitest.globTestSpecifications();

process.on("message", (question: TestQuestion) => {
  run(question).then(
    (answer) => process.send!(answer satisfies TestRun),
    (error: unknown) => process.send!({ passed: [], failed: [], broken: [String(error)] } satisfies TestRun),
  );
});
process.once("disconnect", () => process.exit());

async function run({ changed, test }: TestQuestion): Promise<TestRun> {
  for (const path of changed) vitest.invalidateFile(join(root, path));
  const [file, ...titles] = test.split(" > ");
  const literal = titles.join(" ").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const options = titles.length === 0 ? {} : { testNamePattern: new RegExp(`^\\s*${literal}$`) };
  const chosen = specifications
    .filter(({ moduleId }) => moduleId === join(root, folder, file!))
    .map(({ project, moduleId }) => project.createSpecification(moduleId, options));
  const { testModules: known, unhandledErrors } = await vitest.runTestSpecifications(chosen);
  // It tells of files of earlier runs, too.
  const testModules = known.filter(({ moduleId }) => chosen.some((one) => one.moduleId === moduleId));
  const answer: TestRun = { passed: [], failed: [], broken: [] };
  for (const error of [...testModules.flatMap((module) => module.errors()), ...unhandledErrors]) {
    answer.broken.push((error as Error).message);
  }
  for (const module of testModules) {
    for (const test of module.children.allTests()) {
      const name = `${module.relativeModuleId.slice(folder.length + 1)} > ${test.fullName}`;
      const { state, errors = [] } = test.result();
      if (state === "passed") answer.passed.push(name);
      if (state === "failed") answer.failed.push({ name, errors: errors.map((error) => error.name ?? "") });
    }
  }
  return answer;
}
