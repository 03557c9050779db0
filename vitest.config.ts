import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // Two cores: circuits and provers bring their own threads.
    maxWorkers: 2,
  },
});
