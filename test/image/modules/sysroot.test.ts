import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveInside } from "../../../src/image/index.ts";

const root = mkdtempSync(join(tmpdir(), "coregram-sysroot-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, "usr/lib"), { recursive: true });
writeFileSync(join(root, "usr/lib/real.so"), "");
symlinkSync("usr/lib", join(root, "lib"));
symlinkSync("/usr/lib/real.so", join(root, "absolute.so"));
symlinkSync("../../../../../../usr/lib/real.so", join(root, "usr/lib/up.so"));
symlinkSync("/etc/passwd", join(root, "outside"));
symlinkSync("/proc/self/exe", join(root, "magic"));
symlinkSync("loop2", join(root, "loop1"));
symlinkSync("loop1", join(root, "loop2"));
symlinkSync("/dev", join(root, "devices"));
mkdirSync(join(root, "proc/self"), { recursive: true });
writeFileSync(join(root, "proc/self/exe"), "");
execFileSync("mkfifo", [join(root, "usr/lib/fifo")]);

const real = join(root, "usr/lib/real.so");

describe("resolveInside", () => {
  it.each([
    "/usr/lib/real.so",
    "/lib/real.so",
    "/absolute.so",
    "/lib/up.so",
    "/../usr/./lib//real.so",
    "/usr/lib/../../lib/../lib/real.so",
  ])("keeps %s inside of the root, links and all", (path) => {
    // `lib/..` is `usr`, since `lib` is a link to `usr/lib`.
    expect(resolveInside(root, path)).toBe(real);
  });

  it.each([
    "/outside",
    "/magic",
    "/devices/null",
    "/loop1",
    "/proc/self/exe",
    "/dev/zero",
    "/sys/kernel/notes",
    "/usr/lib/fifo",
    "/usr/lib",
    "/usr/lib/missing.so",
    "/usr/lib/real.so/more",
    "usr/lib/real.so",
    "",
    "/",
    "/usr/lib/real.so\0",
    `/${"a/".repeat(5000)}b`,
    `/${"a".repeat(5000)}`,
  ])("finds nothing at %s", (path) => {
    expect(resolveInside(root, path)).toBeNull();
  });

  it("takes this machine as the root, and a root with a slash at its end", () => {
    expect(resolveInside("/", real)).not.toBeNull();
    expect(resolveInside("/", "/proc/self/exe")).toBeNull();
    expect(resolveInside("/", "/dev/null")).toBeNull();
    expect(resolveInside(`${root}/`, "/lib/real.so")).toBe(real);
  });
});
