import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,mjs}"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // vitest leaves one processor to itself, which of two is half: tests wait for programs that they start.
    maxWorkers: availableParallelism(),
  },
});
