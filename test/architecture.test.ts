import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ROOMS } from "./layers.ts";

const root = new URL("../", import.meta.url);
const text = readFileSync(new URL("ARCHITECTURE.md", root), "utf8");
const paths = [
  ...new Set([...text.matchAll(/`((?:src|scripts|test)\/[\w./-]+)`/g)].map(([, path]) => path ?? "")),
];

describe("ARCHITECTURE.md", () => {
  it("names files and folders", () => {
    expect(paths.length).toBeGreaterThan(40);
  });

  it.each(paths)("%s is there", (path) => {
    expect(existsSync(fileURLToPath(new URL(path, root)))).toBe(true);
  });

  it.each(ROOMS)("%s/ is in the drawing", (room) => {
    const [, drawing = ""] = text.split("```");
    expect(drawing).toContain(`${room}/`);
  });
});
