import { describe, expect, it } from "vitest";
import { readProcess } from "../../src/image/index.ts";
import { filled, openMade, openPlan } from "./open-plan.ts";

describe("readProcess", () => {
  it("reads a process that the kernel dumped, and one of another machine", () => {
    expect(readProcess(openMade("kernel-x86-64"))).toMatchObject({
      uid: 0,
      state: "R",
      name: "tiny",
      commandLine: "./tiny",
      executable: "./tiny",
      signal: 6,
      faultAddress: null,
    });
    expect(readProcess(openMade("qemu-s390x"))).toMatchObject({
      name: "tiny-s390x",
      commandLine: "./tiny-s390x",
      executable: "./tiny-s390x",
      signal: 6,
    });
  });

  it("is null through and through where the core says nothing", () => {
    const process = readProcess(openPlan([filled(0x1000n, 16, 1)]));
    expect(Object.values(process).every((value) => value === null)).toBe(true);
  });
});
