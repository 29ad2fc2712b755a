import { expect, it } from "vitest";
import { whereCoresGo } from "../../../src/commands/shell/where-cores-go.ts";

const limits = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax core file size        ${soft.padEnd(20)} unlimited            bytes     \nMax data size             0                    unlimited            bytes     \n`;

const UNLIMITED = limits("unlimited");

it.each([
  [
    "|/usr/lib/systemd/systemd-coredump %P %u %g %s %t 9223372036854775808 %h\n",
    /go to systemd-coredump here: coredumpctl list/,
  ],
  [
    "|/usr/share/apport/apport -p%p -s%s -c%c -d%d -P%P -u%u -g%g -- %E\n",
    /go to apport here: apport-unpack \/var\/crash/,
  ],
  ["| /opt/catch-\u001b[2J %p\n", /go to catch-\\x1b\[2J here; gcore/],
  ["core\n", /written as core here, from the process's own folder/],
  ["/var/cores/%e.%p\n", /written as \/var\/cores\/%e\.%p here/],
])("with core_pattern %j a missing core is sought there", (pattern, text) => {
  expect(whereCoresGo("/srv/core.25867", { pattern, limits: UNLIMITED })).toMatch(text);
});

it("a limit of 0 is said, where the kernel would write the core itself", () => {
  const pattern = "core";
  expect(whereCoresGo("core", { pattern, limits: limits("0") })).toMatch(/^ \(ulimit -c is 0 here/);
  expect(whereCoresGo("core", { pattern, limits: UNLIMITED })).not.toContain("ulimit");
  expect(whereCoresGo("core", { pattern: "|/bin/apport", limits: limits("0") })).not.toContain("ulimit");
  expect(whereCoresGo("core", { pattern, limits: null })).toMatch(/^ \(cores of crashes are written/);
});

it.each(["core", "core.1", "web.core", "downstream-after.core.gz", "core-2026"])(
  "%s is a core's name",
  (name) => {
    expect(whereCoresGo(`/srv/${name}`, { pattern: "core", limits: null })).not.toBe("");
  },
);

it.each(["score", "map", "corege.txt", "core_pattern"])("%s is none", (name) => {
  expect(whereCoresGo(`core/${name}`, { pattern: "core", limits: null })).toBe("");
});

it("where the system tells nothing, nothing is said", () => {
  expect(whereCoresGo("core", { pattern: null, limits: null })).toBe("");
});
