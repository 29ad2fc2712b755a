import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ByteSource, openSource } from "../../src/bytes/index.ts";
import { openCore, readModules } from "../../src/image/index.ts";
import { Crew } from "../../src/kernel/index.ts";
import { ObjectTable, type Python, readPython, typeTotals } from "../../src/runtimes/cpython/index.ts";
import type { NotDetected, TypeTotals } from "../../src/runtimes/index.ts";

/** What a process wrote of itself, see programs/truth.py. */
export interface Truth {
  readonly version: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** Names by address, `0x…`. */
  readonly types: Readonly<Record<string, string>>;
}

/** A path in test/runtimes/. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

export function readTruth(path: string): Truth {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The source of a core, decompressed where it is compressed. */
export async function openCoreFile(path: string): Promise<ByteSource> {
  const folder = mkdtempSync(join(tmpdir(), "coregram-test-"));
  try {
    return await openSource(path, { temporaryFolder: folder, stdin: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What its program headers say of a core of 64 bits, without the program: the bytes of all that is loaded. */
export async function savedBytesOf(path: string): Promise<number> {
  const source = await openCoreFile(path);
  try {
    const read = (position: number, bytes: number) => {
      const into = new Uint8Array(bytes);
      source.read(position, into);
      return new DataView(into.buffer);
    };
    const header = read(0, 64);
    const headers = read(Number(header.getBigUint64(32, true)), header.getUint16(56, true) * 56);
    let saved = 0;
    for (let at = 0; at < headers.byteLength; at += 56)
      if (headers.getUint32(at, true) === 1) saved += Number(headers.getBigUint64(at + 32, true));
    return saved;
  } finally {
    source.close();
  }
}

export interface Reading {
  readonly python: Python;
  readonly totals: readonly TypeTotals[];
  readonly objects: ObjectTable;
}

/** All that is found in a core; `root` null for the core alone. */
export async function readSource(
  source: ByteSource,
  options: {
    readonly root: string | null;
    readonly threads?: number;
    /** Those that are known, if not all. */
    readonly layouts?: NonNullable<Parameters<typeof readPython>[3]["layouts"]>;
  },
): Promise<Reading | NotDetected> {
  const core = openCore(source);
  if (core === null) throw new Error(`${source.name} is no core`);
  const crew = new Crew(options.threads ?? 1);
  try {
    const python = await readPython(crew, core, readModules(core), options);
    if ("reason" in python) return python;
    return { python, totals: typeTotals(python), objects: new ObjectTable(crew.memory, python.records) };
  } finally {
    await crew.close();
  }
}

/** The same, of a core that must have a Python in it. */
export async function readCore(
  path: string,
  options: { readonly root: string | null; readonly threads?: number },
): Promise<Reading> {
  const source = await openCoreFile(path);
  try {
    const reading = await readSource(source, options);
    if ("reason" in reading) throw new Error(reading.reason);
    return reading;
  } finally {
    source.close();
  }
}

/** Counts and bytes of all types that the truth calls by one name, whatever the core alone calls them. */
export function byTrueName(
  totals: readonly TypeTotals[],
  truth: Truth,
): Map<string, { count: number; bytes: number; freedCount: number }> {
  const sums = new Map<string, { count: number; bytes: number; freedCount: number }>();
  for (const { address, name, count, bytes, freedCount } of totals) {
    const key = truth.types[`0x${address.toString(16)}`] ?? name;
    const sum = sums.get(key) ?? { count: 0, bytes: 0, freedCount: 0 };
    sums.set(key, {
      count: sum.count + count,
      bytes: sum.bytes + bytes,
      freedCount: sum.freedCount + (freedCount ?? 0),
    });
  }
  return sums;
}

/**
 * What a reading has that is not as the truth: for each type its counts and bytes. Types of the program are exact.
 * Objects that only C code holds are missing from the truth: hundreds of interned str, some int, bytes and types, a
 * handful of others.
 */
export function differences(
  { totals, python }: Reading,
  truth: Truth,
  options: { readonly sizes: (name: string) => boolean } = { sizes: () => true },
): string[] {
  const found = byTrueName(totals, truth);
  const known = new Set(python.types.map(({ type }) => `0x${type.address.toString(16)}`));
  const faults = Object.entries(truth.types)
    .filter(([address]) => !known.has(address))
    .map(([address, name]) => `${name} at ${address} is missing`);
  for (const [name, count] of Object.entries(truth.counts)) {
    const mine = found.get(name) ?? { count: 0, bytes: 0, freedCount: 0 };
    const isOwn = name.startsWith("__main__.");
    const slack = isOwn ? 0 : Math.max(SLACK[name] ?? 12, count * 0.01);
    if (Math.abs(mine.count - count) > slack) faults.push(`${name}: ${mine.count} for ${count}`);
    if (!options.sizes(name)) continue;
    const mean = mine.bytes / Math.max(1, mine.count);
    const trueMean = (truth.sizes[name] ?? 0) / count;
    const sizeSlack = isOwn ? 0 : count > 40 ? (SLACK[name] === undefined ? 0.01 : 0.03) : 0.5;
    if (Math.abs(mean - trueMean) > trueMean * sizeSlack)
      faults.push(`${name}: ${mean.toFixed(2)} bytes each for ${trueMean.toFixed(2)}`);
  }
  return faults;
}

const SLACK: Readonly<Record<string, number>> = {
  "builtins.str": 1200,
  "builtins.int": 200,
  "builtins.bytes": 60,
  "builtins.dict": 16,
  "builtins.moduledef": 60,
  "builtins.type": 20,
};
