import { describe, expect, it } from "vitest";
import { readThreads } from "../../src/image/index.ts";
import { CORES, openMade } from "./open-plan.ts";

describe("readThreads", () => {
  it("finds every thread's stack, which is writable and saved", () => {
    for (const name of CORES) {
      const threads = readThreads(openMade(name));
      expect(threads.length).toBe(1);
      for (const { sp, stack } of threads) {
        expect(stack?.permissions).toBe("rw-");
        expect(sp !== null && stack !== null && stack.start <= sp && sp < stack.end).toBe(true);
      }
    }
  });
});
