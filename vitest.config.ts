import { defineConfig } from "vitest/config";

const DEEP = "test/**/*.deep.test.ts";
const time = { testTimeout: 300_000, hookTimeout: 600_000 };

export default defineConfig({
  test: {
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
