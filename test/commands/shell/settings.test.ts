import { afterEach, describe, expect, it, vi } from "vitest";
import {
  colorOf,
  enoughMemory,
  formatNamed,
  limitOf,
  modulesOf,
  namingOf,
  rowsOf,
  wordsOf,
} from "../../../src/commands/shell/settings.ts";
import { LEAST_MEMORY } from "../../../src/words/index.ts";

const none = {
  ...{ symbols: undefined, noNames: undefined, noModules: undefined, noDemangle: undefined },
  ...{ nearest: undefined, sysroot: undefined },
};

describe("names", () => {
  it("come from modules, demangled and where a symbol has them, unless it is said", () => {
    expect(namingOf(none)).toEqual({
      ...{ sysroot: undefined, modules: true, symbols: [] },
      ...{ names: true, demangle: true, nearest: false },
    });
  });

  it("each option decides one thing", () => {
    expect(namingOf({ ...none, noNames: true })).toMatchObject({
      names: false,
      demangle: true,
      modules: true,
    });
    expect(namingOf({ ...none, noDemangle: true })).toMatchObject({ names: true, demangle: false });
    expect(namingOf({ ...none, nearest: true })).toMatchObject({ nearest: true, modules: true });
    expect(namingOf({ ...none, noModules: true })).toMatchObject({ modules: false, names: true });
    expect(modulesOf({ sysroot: "/mnt", noModules: undefined })).toEqual({ sysroot: "/mnt", modules: true });
  });

  it("of standard input are read where a map is a dash", () => {
    const { symbols } = namingOf({ ...none, symbols: ["map", "-"] });
    expect(symbols).toEqual(["map", { name: "-", text: process.stdin }]);
  });
});

describe("rows", () => {
  it("are as many as --top says, all with --all", () => {
    expect(limitOf({ top: 3, all: undefined })).toEqual({ limit: 3 });
    expect(limitOf({ top: undefined, all: undefined })).toEqual({ limit: undefined });
    expect(limitOf({ top: undefined, all: true })).toEqual({ limit: Number.POSITIVE_INFINITY });
  });

  it("of a least count are all of them, unless --top is given as well", () => {
    const [top, all, minCount] = [undefined, undefined, undefined];
    expect(rowsOf({ top, all, minCount })).toEqual({ limit: undefined, least: undefined });
    expect(rowsOf({ top, all, minCount: 2 })).toEqual({ limit: Number.POSITIVE_INFINITY, least: 2 });
    expect(rowsOf({ top: 5, all, minCount: 2 })).toEqual({ limit: 5, least: 2 });
    expect(rowsOf({ top, all: true, minCount })).toEqual({
      limit: Number.POSITIVE_INFINITY,
      least: undefined,
    });
  });
});

it("words are what the options say of them", () => {
  expect(wordsOf({ scope: "all", word: undefined, endian: undefined })).toEqual({
    ...{ scope: "all", word: undefined, endian: undefined },
  });
  expect(wordsOf({ scope: "writable", word: 4, endian: "big" })).toEqual({
    ...{ scope: "writable", word: 4, endian: "big" },
  });
  expect(wordsOf({ scope: "memory", word: 8, endian: "little" })).toEqual({
    ...{ scope: "memory", word: 8, endian: "little" },
  });
});

it("memory is enough, or refused", () => {
  expect(enoughMemory(LEAST_MEMORY)).toBe(LEAST_MEMORY);
  expect(() => enoughMemory(LEAST_MEMORY - 1)).toThrow("--memory is 32.0 MiB at the least");
});

it("a format is one of those that are known", () => {
  expect(formatNamed("json").name).toBe("json");
  expect(() => formatNamed("xml")).toThrow("--format xml is not known");
});

describe("a table is coloured", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("as the option says, else on a terminal, unless NO_COLOR is set", () => {
    vi.stubEnv("NO_COLOR", "");
    expect([colorOf("always", false), colorOf("never", true)]).toEqual([true, false]);
    expect([colorOf("auto", true), colorOf("auto", false)]).toEqual([true, false]);
    vi.stubEnv("NO_COLOR", "1");
    expect([colorOf("auto", true), colorOf("always", true)]).toEqual([false, true]);
  });
});
