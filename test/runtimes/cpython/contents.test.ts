import { describe, expect, it } from "vitest";
import { openCore, readModules } from "../../../src/image/index.ts";
import { Crew } from "../../../src/kernel/index.ts";
import { Containers, ObjectTable, readPython, StringGroups } from "../../../src/runtimes/cpython/index.ts";
import { readStr } from "../../../src/runtimes/cpython/layout/text.ts";
import { openCoreFile, pathOf } from "../read-core.ts";

async function openPython(version: string) {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  const core = openCore(source);
  if (core === null) throw new Error("no core");
  const crew = new Crew(2);
  const python = await readPython(crew, core, readModules(core), { root: null });
  await crew.close();
  if ("reason" in python) throw new Error(python.reason);
  const strings = new StringGroups(crew.memory, python);
  const containers = new Containers(crew.memory, python);
  return { source, python, strings, containers, table: new ObjectTable(crew.memory, python.records) };
}

// The tests of a version are one, so that it is read once, and versions one after the other.
describe.each(["3.9", "3.11", "3.13", "3.14", "3.15"])("CPython %s", (version) => {
  it("has as many of each text as a plain count says, and as many bytes of them", async () => {
    const { python, strings, table, source } = await openPython(version);
    const { reader, layout, types } = python;
    const counts = new Map<string, { count: number; bytes: number; largest: number }>();
    let all = 0;
    let bytes = 0;
    for (let object = 0; object < table.count; object += 1) {
      const type = types[table.type(object)]?.type;
      const flags = type?.flags ?? 0;
      const at = table.address(object);
      const isStr = (flags & (1 << 28)) !== 0;
      if (!isStr && (flags & (1 << 27)) === 0) continue;
      all += 1;
      bytes += table.bytes(object);
      const length = reader.u64(at + 16);
      const text = isStr
        ? readStr(reader, layout, at, length)
        : Buffer.from(reader.bytes(at + 32, length)).toString("hex");
      const key = `${type?.address} ${isStr} ${text}`;
      const sum = counts.get(key) ?? { count: 0, bytes: 0, largest: 0 };
      counts.set(key, sum);
      sum.count += 1;
      sum.bytes += table.bytes(object);
      sum.largest = Math.max(sum.largest, table.bytes(object));
    }
    const many = [...counts.values()].filter(({ count }) => count > 1);
    const wastedBytes = many.reduce((sum, group) => sum + group.bytes - group.largest, 0);
    expect(strings.totals).toEqual({
      count: all,
      bytes,
      distinct: counts.size,
      groups: many.length,
      wastedBytes,
      notCompared: 0,
    });
    const rows = strings.duplicates("bytes", Number.POSITIVE_INFINITY);
    expect(rows.length).toBe(many.length);
    expect(rows.map((row) => row.count).sort()).toEqual(many.map(({ count }) => count).sort());
    rows.forEach((row, index) => {
      const next = rows[index + 1];
      if (next) expect(row.wastedBytes).toBeGreaterThanOrEqual(next.wastedBytes);
    });
    expect(strings.duplicates("count", 3)).toEqual(
      [...rows]
        .sort((a, b) => b.count - a.count || b.wastedBytes - a.wastedBytes || a.address - b.address)
        .slice(0, 3),
    );
    source.close();
  });

  it("has the containers that the program made, as long and as full as they are", async () => {
    const { containers, table, source } = await openPython(version);
    const all = containers.biggest("bytes", Number.POSITIVE_INFINITY);
    expect(containers.totals.count).toBe(all.length);
    expect(containers.totals.bytes).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(containers.totals.length).toBe(all.reduce((sum, { length }) => sum + length, 0));
    for (const { length, capacity, bytes, address } of all) {
      expect(capacity).toBeGreaterThanOrEqual(length);
      expect(table.bytes(table.find(address))).toBe(bytes);
    }
    // programs/kinds.py: 60 of each; dict.fromkeys(range(i % 300)), deque(range(i % 200)).
    const lengths = (name: string) =>
      all.filter(({ typeName }) => typeName === name).map(({ length }) => length);
    const deques = lengths("collections.deque");
    for (let length = 1; length < 60; length += 1) expect(deques).toContain(length);
    expect(lengths("__main__.Table")).toEqual(new Array(60).fill(1));
    expect(lengths("collections.OrderedDict").filter((length) => length === 2).length).toBeGreaterThanOrEqual(
      60,
    );
    expect(containers.biggest("length", 5)).toEqual(
      [...all].sort((a, b) => b.length - a.length || b.bytes - a.bytes || a.address - b.address).slice(0, 5),
    );
    source.close();
  });
});
