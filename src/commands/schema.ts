import { defineCommand } from "./shell/command.ts";
import { outputOptions } from "./shell/options.ts";

/** `coregram schema`. */
export const schema = defineCommand({
  line: "schema [name]",
  usage: "schema NAME [--row]",
  describe: "print the JSON Schema of what --format json prints",
  rows: 'NAME is what stands in "schema": "coregram/NAME@1", or a table of coregram export, such as objects',
  positionals: {
    name: { type: "string", describe: "words, info, types, …: what stands for a result's schema" },
  },
  options: {
    row: { type: "boolean", describe: "of a row instead, a line of --format ndjson", group: "Rows:" },
    output: outputOptions.output,
  },
  examples: [["$0 schema types > types.schema.json", "to check, or make code from"]],
  run: async (args) => (await import("./run/schema.ts")).runSchema(args),
});
