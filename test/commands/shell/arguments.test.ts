import { describe, expect, it } from "vitest";
import type { Options } from "yargs";
import { normalizeArguments, unmarked } from "../../../src/commands/shell/arguments.ts";

const OPTIONS: Record<string, Options> = {
  top: { alias: "n", type: "string" },
  symbols: { alias: "s", type: "string", array: true },
  format: { alias: "f", choices: ["plain", "json"] },
  all: { type: "boolean" },
  quiet: { alias: "q", type: "boolean" },
};

const normalize = (...argv: string[]) => normalizeArguments(argv, OPTIONS).map(unmarked);

describe("normalizeArguments", () => {
  it.each([
    [["core", "-n", "5", "--all", "-q"]],
    [["--symbols=FILE", "--format", "json", "core"]],
    [["-", "--all"]],
    [["-5"]],
    [["-zq"]],
    [[""]],
  ])("leaves %j alone", (argv) => {
    expect(normalize(...argv)).toEqual(argv);
  });

  it("tells a value from the short option that it hangs on", () => {
    expect(normalize("-n5")).toEqual(["-n=5"]);
    expect(normalize("-sa.map", "-s./b", "-s=c", "-s-d")).toEqual(["-s=a.map", "-s=./b", "-s=c", "-s=-d"]);
    expect(normalize("-fjson")).toEqual(["-f=json"]);
  });

  it("tells flags from the option that ends their cluster", () => {
    expect(normalize("-qn5")).toEqual(["-q", "-n=5"]);
    expect(normalize("-qs", "FILE")).toEqual(["-q", "-s", "FILE"]);
    expect(normalize("-qxn")).toEqual(["-qx", "-n"]);
  });

  it("takes a lone dash for the value of what wants one, and else for a name", () => {
    expect(normalize("core", "-s", "-")).toEqual(["core", "-s=-"]);
    expect(normalize("--symbols", "-", "core")).toEqual(["--symbols=-", "core"]);
    expect(normalize("-qs", "-")).toEqual(["-q", "-s=-"]);
    expect(normalize("--all", "-")).toEqual(["--all", "-"]);
    expect(normalize("-s=a", "-")).toEqual(["-s=a", "-"]);
    expect(normalize("-s-", "-")).toEqual(["-s=-", "-"]);
  });

  it("marks the names that yargs would not take for any", () => {
    const marked = (...argv: string[]) =>
      normalizeArguments(argv, OPTIONS).filter((word) => word !== unmarked(word));
    expect(marked("a", "-", "b", "-", "-s", "-", "-s-")).toEqual(["\0-", "\0-"]);
    expect(marked("--all", "true", "-q", "false", "-n", "true", "--symbols", "false")).toEqual([
      "\0true",
      "\0false",
    ]);
    expect(marked("--all", "--", "true", "-")).toEqual(["\0true", "\0-"]);
    expect(marked("truely", "-5", "--", "-5")).toEqual([]);
  });

  it("makes names of all that stands behind --", () => {
    expect(normalize("-n5", "--", "-core", "--all", "-", "x", "--")).toEqual([
      "-n=5",
      "./-core",
      "./--all",
      "-",
      "x",
      "./--",
    ]);
    expect(normalize("--", "-core", "--")).toEqual(["./-core", "./--"]);
  });
});
