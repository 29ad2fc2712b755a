import { expect, it } from "vitest";
import {
  openSubject,
  pathOf,
  pathsOf,
  requireSubject,
  subjectsOf,
} from "../../../src/commands/shell/subject.ts";

const none = { pid: undefined, memory: undefined };
const living = { pid: 12, memory: 34, pause: false };

it("is a core or a process, not neither and not both", () => {
  expect(() => requireSubject({ core: "", ...none })).toThrow(/--pid PID/);
  expect(requireSubject({ core: "-", ...none })).toEqual({ core: "-" });
  expect(requireSubject({ core: undefined, ...living })).toEqual(living);
  expect(() => requireSubject({ core: "core", ...living })).toThrow(/not both it and core/);
  expect([pathOf({ core: "a" }), pathOf(living)]).toEqual(["a", ""]);
});

it("of several is in the order of the command line", () => {
  const [a, b] = [{ core: "a" }, { core: "b" }];
  expect(subjectsOf(none)).toEqual([]);
  expect(pathsOf([a, living, b])).toEqual(["a", "b"]);
  expect(subjectsOf({ cores: ["a", "b"], ...none })).toEqual([a, b]);
  expect(subjectsOf({ cores: ["a"], ...living, pidFirst: true })).toEqual([living, a]);
  expect(subjectsOf({ cores: ["a"], ...living, pidFirst: false })).toEqual([a, living]);
});

it("that is a process has no base", async () => {
  const base = 0n as never;
  await expect(openSubject(living, { base }, () => {})).rejects.toMatchObject({ code: "usage" });
});
