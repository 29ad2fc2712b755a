import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  findMemoryCgroup,
  parsePressure,
  placeOfCgroup,
  readCgroup,
  shareOf,
} from "../../../src/image/live/memory-cgroup.ts";

const OLD = `24 23 0:21 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
30 24 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
31 24 0:27 /kubepods /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
40 24 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;
const NEW = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

describe("where a cgroup's files are", () => {
  it("in version 2", () => {
    expect(placeOfCgroup("0::/system.slice/app.service\n", NEW)).toEqual({
      path: "/system.slice/app.service",
      folder: "/sys/fs/cgroup/system.slice/app.service",
      top: "/sys/fs/cgroup",
      version: 2,
    });
    expect(placeOfCgroup("0::/\n", NEW)?.folder).toBe("/sys/fs/cgroup");
  });

  it("in version 1, also beside version 2, and of a part that is mounted", () => {
    expect(placeOfCgroup("4:memory:/kubepods/pod1\n1:cpu:/x\n0::/y\n", OLD)).toEqual({
      path: "/kubepods/pod1",
      folder: "/sys/fs/cgroup/memory/pod1",
      top: "/sys/fs/cgroup/memory",
      version: 1,
    });
    expect(placeOfCgroup("4:hugetlb,memory:/kubepods\n", OLD)?.folder).toBe("/sys/fs/cgroup/memory");
  });

  it("nowhere, where it is not mounted here, or outside of what is", () => {
    expect(placeOfCgroup("0::/a\n", OLD.replace(/.*cgroup2.*\n/, ""))).toBeNull();
    expect(placeOfCgroup("4:memory:/elsewhere\n", OLD)).toBeNull();
    expect(placeOfCgroup("4:memory:/kubepods/../../etc\n", OLD)).toBeNull();
    expect(placeOfCgroup("", NEW)).toBeNull();
    expect(findMemoryCgroup(2 ** 22 + 1)).toBeNull();
  });
});

describe("what a cgroup uses", () => {
  const top = mkdtempSync(join(tmpdir(), "coregram-cgroup-"));
  afterAll(() => rmSync(top, { recursive: true, force: true }));
  const put = (folder: string, files: Record<string, string>) => {
    mkdirSync(join(top, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(top, folder, name), text);
  };

  it("is without file pages that were not used lately, and compared with the nearest limit, version 2", () => {
    put("new", {
      "memory.current": "900\n",
      "memory.max": "1000\n",
      "memory.stat": "anon 5\ninactive_file 100\n",
    });
    put("new/worker", {
      "memory.current": "300\n",
      "memory.max": "max\n",
      "memory.stat": "inactive_file 50\n",
    });
    const at = (folder: string) => ({
      path: "/",
      folder: join(top, folder),
      top: join(top, "new"),
      version: 2 as const,
    });
    expect(readCgroup(at("new"))).toEqual({ usedBytes: 800, limitBytes: 1000 });
    // Its own has no limit: that of the one around it is what counts.
    expect(readCgroup(at("new/worker"))).toEqual({ usedBytes: 800, limitBytes: 1000 });
    put("new/worker", { "memory.max": "260\n" });
    expect(readCgroup(at("new/worker"))).toEqual({ usedBytes: 250, limitBytes: 260 });
  });

  it("version 1, where no limit is a large number", () => {
    const files = {
      "memory.usage_in_bytes": "700\n",
      "memory.stat": "inactive_file 9\ntotal_inactive_file 100\n",
    };
    put("old", { ...files, "memory.limit_in_bytes": "9223372036854771712\n" });
    const at = { path: "/", folder: join(top, "old"), top: join(top, "old"), version: 1 as const };
    expect(readCgroup(at)).toEqual({ usedBytes: 600, limitBytes: null });
    put("old", { "memory.limit_in_bytes": "1200\n" });
    const use = readCgroup(at);
    expect(use).toEqual({ usedBytes: 600, limitBytes: 1200 });
    expect(use && shareOf(use)).toBe(0.5);
  });

  it("is not known where it is gone", () => {
    const folder = join(top, "gone");
    expect(readCgroup({ path: "/", folder, top: folder, version: 2 })).toBeNull();
  });
});

it("pressure is what some task waited of the last ten seconds", () => {
  const text =
    "some avg10=12.34 avg60=0.00 avg300=0.00 total=5\nfull avg10=3.00 avg60=0.00 avg300=0.00 total=1\n";
  expect(parsePressure(text)).toBe(12.34);
  expect(parsePressure("")).toBeNull();
});
