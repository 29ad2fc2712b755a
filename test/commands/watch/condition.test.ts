import { describe, expect, it } from "vitest";
import { parseCondition } from "../../../src/commands/watch/condition.ts";

describe("a condition", () => {
  it.each([
    ["rss>1.5G", { subject: "rss", is: "above", value: 1.5 * 2 ** 30, unit: "bytes" }],
    [" rss > 512M ", { subject: "rss", is: "above", value: 2 ** 29, unit: "bytes" }],
    ["rss+100M/min", { subject: "rss", is: "growth", value: 100 * 2 ** 20, unit: "bytes" }],
    ["cgroup>90%", { subject: "cgroup", is: "above", value: 90, unit: "percent" }],
    ["cgroup>1G", { subject: "cgroup", is: "above", value: 2 ** 30, unit: "bytes" }],
    ["pressure>12.5%", { subject: "pressure", is: "above", value: 12.5, unit: "percent" }],
    ["app.Session>100000", { subject: { type: "app.Session" }, is: "above", value: 1e5, unit: "objects" }],
    [
      "app.f.<locals>.C>10",
      { subject: { type: "app.f.<locals>.C" }, is: "above", value: 10, unit: "objects" },
    ],
    ["app.RSS>10", { subject: { type: "app.RSS" }, is: "above", value: 10, unit: "objects" }],
    ["Session+5/min", { subject: { type: "Session" }, is: "growth", value: 5, unit: "objects" }],
  ])("%s", (text, expected) => {
    expect(parseCondition(text)).toEqual({ text: text.trim(), ...expected });
  });

  it.each([
    ["", 1, "a subject is missing"],
    [">5", 1, "a subject is missing"],
    ["RSS>100", 1, '"RSS" is close to rss'],
    [" ress>1000", 2, '"ress" is close to rss'],
    ["cgoup>90%", 1, '"cgoup" is close to cgroup'],
    ["app.<locals>>5", 4, '> or + is missing behind "app"'],
    ["rss", 4, '> or + is missing behind "rss"'],
    ["rss=5G", 4, '> or + is missing behind "rss"'],
    ["rss>", 5, "a value is missing"],
    ["rss>1.5X", 5, '"1.5X" is no size such as 512M or 1.5G'],
    ["rss > -5", 7, '"-5" is no size'],
    ["rss>90%", 5, "a share, which only cgroup and pressure have"],
    ["rss>5M/min", 4, "growth is written with +"],
    ["rss+5M", 7, "/min is missing"],
    ["cgroup+5M/min", 7, "growth is of rss or of a type's objects"],
    ["cgroup>100%", 8, "never exceeded"],
    ["pressure>5M", 10, '"5M" is no share such as 10%'],
    ["app.Session>5M", 13, '"5M" is no number of objects of app.Session'],
    ["app.Session>1e400", 13, "is no number of objects"],
  ])("%s is wrong at a place", (text, place, what) => {
    const message = new RegExp(`^--when '.*', at character ${place}: `);
    expect(() => parseCondition(text)).toThrow(message);
    expect(() => parseCondition(text)).toThrow(what);
  });
});
