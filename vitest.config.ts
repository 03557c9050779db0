import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const DEEP = "test/**/*.deep.test.ts";
const time = { testTimeout: 300_000, hookTimeout: 600_000 };

/** What takes longest: begun last, it would keep one core busy while the other has nothing left to do. */
const LONGEST = ["test/e2e/drill.test.ts"];

/** The longest file first. A fresh clone has no times to go by, and vitest goes by size there. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => LONGEST.some((file) => moduleId.endsWith(file));
    return [...rest.filter(isLongest), ...rest.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Two cores: circuits and provers bring their own threads.
    maxWorkers: 2,
    projects: [
      // What `npm test` runs.
      { test: { name: "quick", include: ["test/**/*.test.ts"], exclude: [DEEP], ...time } },
      // What `npm run test:deep` runs, file by file (tools/test/groups.ts).
      { test: { name: "deep", include: [DEEP], ...time } },
    ],
  },
});
