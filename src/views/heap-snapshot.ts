import type { HeapSnapshot } from "../answers/index.ts";

/** What stands in the first lines of V8's own (src/profiler/heap-snapshot-generator.cc, `SerializeSnapshot`). */
const META = {
  node_fields: ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
  node_types: [
    [
      ...[
        "hidden",
        "array",
        "string",
        "object",
        "code",
        "closure",
        "regexp",
        "number",
        "native",
        "synthetic",
      ],
      ...["concatenated string", "sliced string", "symbol", "bigint", "object shape"],
    ],
    "string",
    ...["number", "number", "number", "number", "number"],
  ],
  edge_fields: ["type", "name_or_index", "to_node"],
  edge_types: [
    ["context", "element", "property", "internal", "hidden", "shortcut", "weak"],
    "string_or_number",
    "node",
  ],
  trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
  trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
  sample_fields: ["timestamp_us", "last_assigned_id"],
  location_fields: ["object_index", "script_id", "line", "column"],
};

const CHUNK_LENGTH = 64 * 1024;

/** The JSON of a `.heapsnapshot`, in chunks of about 64 KiB. */
export function* heapSnapshotText({ nodes, edges, strings }: HeapSnapshot): Generator<string> {
  const width = META.node_fields.length;
  const counts = { node_count: nodes.length, edge_count: edges.length / 3, trace_function_count: 0 };
  yield `{"snapshot":${JSON.stringify({ meta: META, ...counts })},\n"nodes":[`;
  yield* joined(nodes, ({ type, name, bytes, edgeCount }, index) =>
    // V8 has odd numbers for objects.
    [type, name, 2 * index + 1, bytes, edgeCount, 0, 0].join(","),
  );
  yield '],\n"edges":[';
  yield* joined(edges, (value, index) => String(index % 3 === 2 ? value * width : value));
  yield '],\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[],\n"strings":[';
  yield* joined(strings, (text) => JSON.stringify(text));
  yield "]}\n";
}

function* joined<Item>(
  items: readonly Item[],
  textOf: (item: Item, index: number) => string,
): Generator<string> {
  let chunk = "";
  for (const [index, item] of items.entries()) {
    chunk += index === 0 ? textOf(item, index) : `,${textOf(item, index)}`;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}
