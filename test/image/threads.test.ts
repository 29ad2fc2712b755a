import { describe, expect, it } from "vitest";
import { callOf, type Image, isStackSaved, readThreads, type Thread } from "../../src/image/index.ts";
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

describe("callOf", () => {
  const core = openMade(CORES[0] ?? "");
  const thread = (call: readonly bigint[] | null, pc = 0x1002n) =>
    ({ ...readThreads(core)[0], pc, call }) as Thread;
  const imageOf = (bytes: readonly number[]) =>
    ({
      read: (_: bigint, into: Uint8Array) => {
        into.set(bytes.slice(0, into.length));
        return Math.min(bytes.length, into.length);
      },
    }) as unknown as Image;

  it("is the one that the thread's syscall instruction began", () => {
    const call = [232n, 0xffff_ffff_0000_0004n, 1n, 2n, 3n, 4n, 5n];
    const { number, name, file } = callOf(core, imageOf([0x0f, 0x05]), thread(call)) ?? {};
    expect({ number, name, file }).toEqual({ number: 232, name: "epoll_wait", file: 4 });
    expect(callOf(core, imageOf([0x0f, 0x06]), thread(call))).toBeNull();
    // Code that is not at hand is believed.
    expect(callOf(core, imageOf([]), thread(call))?.name).toBe("epoll_wait");
    expect(callOf(core, imageOf([]), thread(null))).toBeNull();
  });

  it.each([
    [0n, "read", 3],
    [202n, "futex", null],
    [334n, "rseq", null],
    [335n, null, null],
    [423n, null, null],
    [424n, "pidfd_send_signal", null],
    [450n, "set_mempolicy_home_node", null],
    [9999n, null, null],
  ])("knows call %i", (number, name, file) => {
    expect(callOf(core, imageOf([]), thread([number, 3n]))).toMatchObject({ name, file });
  });
});

it("an own stack that is no zeros was saved", () => {
  for (const name of CORES) {
    const core = openMade(name);
    for (const thread of readThreads(core)) {
      expect(isStackSaved(core, thread)).toBe(true);
      expect(isStackSaved(core, { ...thread, sp: 16n as never })).toBe(false);
      expect(isStackSaved(core, { ...thread, sp: null })).toBeNull();
      expect(isStackSaved(core, { ...thread, stack: null })).toBeNull();
    }
  }
});
