import { gzipSync } from "node:zlib";
import type { Frame } from "../answers/results/index.ts";
import { formatNames, printable } from "../terms/index.ts";
import { splitPath } from "./split-path.ts";

/** A step of a path, or a type; a type has the line that allocated, where that is known. */
interface Step {
  readonly name: string;
  readonly file?: string | null;
  readonly line?: number | null;
}

interface OwnerSample {
  /** From the root on. */
  readonly steps: readonly Step[];
  readonly count: number;
  readonly bytes: number;
}

/**
 * Who holds what as a profile for `go tool pprof`, Pyroscope and speedscope (google/pprof, proto/profile.proto), gzipped: a
 * stack is a path, and the types that the owner keeps are at its end. With what is in no row, all there is.
 */
export async function pprofProfile(owners: Frame<"coregram/owners@1">): Promise<Uint8Array> {
  const pprof = await import("pprof-format");
  const texts = new pprof.StringTable();
  const functions = new Map<string, InstanceType<typeof pprof.Function>>();
  const locations = new Map<string, InstanceType<typeof pprof.Location>>();
  const functionOf = ({ name, file }: Step) => {
    const key = JSON.stringify([name, file]);
    const known = functions.get(key);
    if (known !== undefined) return known;
    const text = texts.dedup(printable(name));
    const made = new pprof.Function({
      ...{ id: functions.size + 1, name: text, systemName: text },
      filename: texts.dedup(printable(file ?? "")),
    });
    functions.set(key, made);
    return made;
  };
  const locationOf = (step: Step) => {
    const key = JSON.stringify([step.name, step.file, step.line]);
    const known = locations.get(key);
    if (known !== undefined) return known.id;
    const line = new pprof.Line({ functionId: functionOf(step).id, line: step.line ?? 0 });
    const made = new pprof.Location({ id: locations.size + 1, line: [line] });
    locations.set(key, made);
    return made.id;
  };
  const valueType = (type: string, unit: string) =>
    new pprof.ValueType({ type: texts.dedup(type), unit: texts.dedup(unit) });
  const sampleType = [valueType("objects", "count"), valueType("space", "bytes")];
  const sample = [...samplesOf(owners)].map(
    ({ steps, count, bytes }) =>
      new pprof.Sample({ locationId: steps.map(locationOf).reverse(), value: [count, bytes] }),
  );
  const profile = new pprof.Profile({
    ...{ sampleType, sample },
    location: [...locations.values()],
    function: [...functions.values()],
    defaultSampleType: texts.dedup("space"),
    stringTable: texts,
  });
  return gzipSync(profile.encode());
}

const OTHER_TYPES = "(other types)";
const NATIVE_MEMORY = "native memory";
const NO_ROW = "(in no row)";

function* samplesOf({ rows, totals }: Frame<"coregram/owners@1">): Generator<OwnerSample> {
  for (const { path, holders, holds, bytes, count, nativeBytes, lines } of rows) {
    const steps =
      path === null
        ? [{ name: `held by ${formatNames(holders ?? [])}` }]
        : splitPath(path).map((name) => ({ name: name.replace(/^\.(?=.)/, "") }));
    const rest = { count, bytes: bytes + nativeBytes };
    // Several types may have one name.
    const byName = new Map<string, { count: number; bytes: number }>();
    for (const held of holds) {
      const known = byName.get(held.type);
      // Blocks of C code are no objects.
      const objects = held.type === NATIVE_MEMORY ? 0 : held.count;
      byName.set(held.type, {
        count: objects + (known?.count ?? 0),
        bytes: held.bytes + (known?.bytes ?? 0),
      });
      rest.count -= objects;
      rest.bytes -= held.bytes;
    }
    for (const [name, left] of byName) {
      for (const { type, file, line, count, bytes } of lines ?? []) {
        if (type !== name) continue;
        const objects = name === NATIVE_MEMORY ? 0 : count;
        left.count -= objects;
        left.bytes -= bytes;
        yield { steps: [...steps, { name, file, line }], count: objects, bytes };
      }
      if (left.count > 0 || left.bytes > 0) yield { steps: [...steps, { name }], ...left };
    }
    if (rest.count > 0 || rest.bytes > 0) yield { steps: [...steps, { name: OTHER_TYPES }], ...rest };
  }
  const { restCount, restBytes, restNativeBytes } = totals;
  if (restCount > 0 || restBytes + restNativeBytes > 0)
    yield { steps: [{ name: NO_ROW }], count: restCount, bytes: restBytes + restNativeBytes };
}
