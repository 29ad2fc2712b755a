// Writes src/runtimes/cpython/opcodes/v3*.ts: what each number of an instruction stands for, by the headers of each
// version. Run: node scripts/opcodes.mjs [--to FOLDER] INCLUDE_FOLDER ...
// An INCLUDE_FOLDER is what sysconfig.get_path("include") says: .../include/python3.11.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = fileURLToPath(new URL("../src/runtimes/cpython/opcodes", import.meta.url));
const WIDTH = 106;
const NUMBERS = ["opcode_ids.h", "opcode.h"];
const TABLES = ["internal/pycore_opcode_metadata.h", "internal/pycore_opcode.h"];

/**
 * The text of a version's file, by the headers in `include`.
 * @param {string} include
 * @returns {{ readonly minor: number, readonly text: string }}
 * @throws Error where the headers have no opcodes
 */
export function opcodesOf(include) {
  const version = readFileSync(join(include, "patchlevel.h"), "utf8");
  const [, full = "", minor = ""] = /#define\s+PY_VERSION\s+"((?:3\.)(\d+)[^"]*)"/.exec(version) ?? [];
  const numbers = NUMBERS.find((name) => existsSync(join(include, name)));
  if (numbers === undefined) throw new Error("no header with opcodes");
  const names = namesOf(readFileSync(join(include, numbers), "utf8"));
  if (names.size === 0) throw new Error(`${numbers} has no opcodes`);
  const tables = TABLES.find((name) => existsSync(join(include, name)));
  const metadata = tables === undefined ? "" : readFileSync(join(include, tables), "utf8");
  const bases = new Map(tableOf(metadata, "_PyOpcode_Deopt"));
  const caches = tableOf(metadata, "_PyOpcode_Caches").filter(([, count]) => count !== "0");
  const words = Array.from({ length: 256 }, (_, number) => {
    const name = names.get(number);
    return name === undefined ? "-" : baseOf(name, bases);
  });
  const sources = [`Include/${numbers}`, ...(caches.length > 0 ? [`Include/${tables}`] : [])];
  return { minor: Number(minor), text: fileOf(full, Number(minor), sources.join(", "), words, caches) };
}

/** By number; what compilers have for themselves lies above 255. @param {string} text */
function namesOf(text) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (const [, name = "", number] of text.matchAll(/^#define ([A-Z][A-Za-z_0-9]*)\s+(\d+)\s*$/gm))
    if (!/^(HAVE_ARGUMENT|MIN_|MAX_|NB_)/.test(name) && Number(number) < 256) names.set(Number(number), name);
  return names;
}

/** The pairs of `const uint8_t NAME[256] = { [A] = B, ... };`. @param {string} text @param {string} name @returns {[string, string][]} */
function tableOf(text, name) {
  const body = new RegExp(`${name}\\[256\\] = \\{(.*?)\\};`, "s").exec(text)?.[1] ?? "";
  return [...body.matchAll(/\[(\w+)\] = (\w+),/g)].map(([, key = "", value = ""]) => [key, value]);
}

/**
 * What an instruction is without what the interpreter learned of it, and without a monitor.
 * @param {string} name
 * @param {ReadonlyMap<string, string>} bases
 */
function baseOf(name, bases) {
  const base = bases.get(name) ?? name;
  // These two stand for any instruction (Python/instrumentation.c).
  return /^INSTRUMENTED_(LINE|INSTRUCTION)$/.test(base) ? base : base.replace(/^INSTRUMENTED_/, "");
}

/**
 * @param {string} full
 * @param {number} minor
 * @param {string} sources
 * @param {readonly string[]} words
 * @param {readonly (readonly [string, string])[]} caches
 */
function fileOf(full, minor, sources, words, caches) {
  const last = words.findLastIndex((word) => word !== "-");
  const cells = caches.map(([name, count]) => `${name}=${count}`).sort();
  return [
    `// Made by scripts/opcodes.mjs from the headers of ${full} (${sources}): do not edit.`,
    'import type { OpcodeTable } from "./opcode-table.ts";',
    "",
    `/** CPython 3.${minor}: the instruction that each number stands for, specialised or not, from 0 on; "-" for none. */`,
    `export const OPCODES_3${minor}: OpcodeTable = {`,
    "  names: `",
    ...wrapped(words.slice(0, last + 1)),
    "`,",
    "  /** Units of two bytes that follow an instruction, which are none. */",
    "  caches: `",
    ...wrapped(cells),
    "`,",
    "};",
    "",
  ].join("\n");
}

/** @param {readonly string[]} words */
function wrapped(words) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function main() {
  const given = process.argv.slice(2);
  const to = given[0] === "--to" ? (given.splice(0, 2)[1] ?? TARGET) : TARGET;
  for (const include of given) {
    try {
      const { minor, text } = opcodesOf(include);
      writeFileSync(join(to, `v3${minor}.ts`), text);
      process.stdout.write(`v3${minor}.ts: from ${include}\n`);
    } catch (error) {
      process.stderr.write(`${include}: not made: ${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
