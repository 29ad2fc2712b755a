// Writes src/runtimes/cpython/structs/v3*.ts: where the fields of CPython's structs are, by the compiler and the
// headers of each version. Run: node scripts/structs.mjs [--free-threaded] [--to FOLDER] INCLUDE_FOLDER ...
// An INCLUDE_FOLDER is what sysconfig.get_path("include") says: .../include/python3.11. With --free-threaded, the files
// are of the builds without the GIL, v3*t.ts: their headers are the same, and one macro tells them apart.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CONSTANTS, STRUCTS } from "./structs/fields.mjs";

const TEMPLATES = fileURLToPath(new URL("structs", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/runtimes/cpython/structs", import.meta.url));
const COMPILER = process.env.CC ?? "cc";
/** How the lines of fields are called in the compiler's errors. */
const FIELDS = "fields";
const WIDTH = 110;

/**
 * @typedef {{ readonly name: string, readonly spelling: string, readonly expression: string }} Probe
 * @typedef {{ readonly file: string, readonly line: number, readonly text: string }} SourceLine
 */

/** Whether there is a compiler to ask. */
export function hasCompiler() {
  return spawnSync(COMPILER, ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * The text of a version's file, by the headers in `include`.
 * @param {string} include
 * @param {boolean} [isFreeThreaded] as pyconfig.h of the build without the GIL has it (PEP 703)
 * @returns {{ readonly minor: number, readonly text: string }}
 * @throws Error with what the compiler says, where the headers cannot be compiled
 */
export function structsOf(include, isFreeThreaded = false) {
  const folder = mkdtempSync(join(tmpdir(), "structs-"));
  try {
    const flags = ["-w", "-I", include, "-idirafter", dirname(include), "-I", TEMPLATES];
    if (isFreeThreaded) flags.push("-DPy_GIL_DISABLED=1");
    const [, full = "", minor = ""] = /"((?:3\.)(\d+)[^"]*)"/.exec(versionLine(include)) ?? [];
    const probes = probesOf();
    const source = join(folder, "structs.c");
    writeFileSync(source, programOf(probes));
    const absent = absentProbes(source, flags);
    const present = probes.filter((_, index) => !absent.has(index));
    writeFileSync(source, programOf(present));
    const program = join(folder, "structs");
    execFileSync(COMPILER, [...flags, "-o", program, source], { stdio: "pipe" });
    const numbers = execFileSync(program, { encoding: "utf8" }).trim().split("\n").map(Number);
    const values = new Map(present.map(({ spelling }, index) => [spelling, numbers[index] ?? 0]));
    const lines = preprocessed(source, flags);
    return {
      minor: Number(minor),
      text: fileOf(full, `${minor}${isFreeThreaded ? "t" : ""}`, values, lines, include),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} include */
function versionLine(include) {
  const patchLevel = readFileSync(join(include, "patchlevel.h"), "utf8");
  return /#define\s+PY_VERSION\s.*/.exec(patchLevel)?.[0] ?? "";
}

/** What is asked of the compiler: sizes, each spelling of each field, constants. @returns {Probe[]} */
function probesOf() {
  const probes = Object.entries(STRUCTS).flatMap(([struct, fields]) => [
    { name: "sizeof", spelling: `sizeof ${struct}`, expression: `sizeof(${struct})` },
    ...fields.split(/[ |]/).map((field) => ({
      name: nameOf(field),
      spelling: `${struct}.${field}`,
      expression: `offsetof(${struct}, ${field})`,
    })),
  ]);
  return [...probes, ...CONSTANTS.map((name) => ({ name, spelling: name, expression: name }))];
}

/** @param {string} field */
function nameOf(field) {
  return field.slice(field.lastIndexOf(".") + 1);
}

/** @param {readonly Probe[]} probes */
function programOf(probes) {
  const lines = probes.flatMap(({ expression }, index) => [
    `#line ${index + 1} "${FIELDS}"`,
    `printf("%lld\\n", (long long)(${expression}));`,
  ]);
  return ['#include "headers.h"', "int main(void) {", ...lines, "return 0;", "}", ""].join("\n");
}

/** The probes that the version has not got, by their index. @param {string} source @param {readonly string[]} flags */
function absentProbes(source, flags) {
  const options = [...flags, "-fsyntax-only", "-fmax-errors=0", "-fdiagnostics-color=never", source];
  const { stderr } = spawnSync(COMPILER, options, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  const errors = stderr.split("\n").filter((line) => /: (fatal )?error: /.test(line));
  const other = errors.find((line) => !line.startsWith(`${FIELDS}:`));
  if (other !== undefined) throw new Error(other);
  return new Set(errors.map((line) => Number(line.split(":")[1]) - 1));
}

/** The lines that the compiler sees, each with where it stands. @param {string} source @param {readonly string[]} flags */
function preprocessed(source, flags) {
  const text = execFileSync(COMPILER, [...flags, "-E", source], { encoding: "utf8", maxBuffer: 2 ** 28 });
  /** @type {SourceLine[]} */
  const lines = [];
  let [file, line] = ["", 0];
  for (const row of text.split("\n")) {
    const mark = /^# (\d+) "(.*?)"/.exec(row);
    if (mark) [file, line] = [mark[2] ?? "", Number(mark[1])];
    else lines.push({ file, line: line++, text: row });
  }
  return lines;
}

/** Where the struct is defined: `Include/object.h`. @param {readonly SourceLine[]} lines @param {string} struct @param {string} include */
function sourceOf(lines, struct, include) {
  const alias = lines.map(({ text }) => new RegExp(`^typedef struct (\\w+) ${struct};`).exec(text)?.[1]);
  const tag = alias.find((found) => found !== undefined) ?? struct;
  // With attributes the name may stand on a line of its own.
  const start = new RegExp(`^\\s*(typedef )?struct ${tag}\\s*(\\{|$)|^${tag} \\{`);
  const end = new RegExp(`^\\s*\\}\\s*${struct};`);
  const found = lines.find(({ text }) => end.test(text)) ?? lines.find(({ text }) => start.test(text));
  if (found === undefined) throw new Error(`where ${struct} is defined was not found`);
  if (dirname(found.file) !== TEMPLATES)
    return `Include/${relative(realpathSync(include), realpathSync(found.file))}`;
  const above = readFileSync(found.file, "utf8").split("\n").slice(0, found.line);
  const notes = above
    .map((text) => /^\/\* by hand: (\S+), /.exec(text)?.[1])
    .filter((note) => note !== undefined);
  return `by hand: ${notes.at(-1)}`;
}

/**
 * @param {string} full
 * @param {string} version as in python3.14t
 * @param {ReadonlyMap<string, number>} values
 * @param {readonly SourceLine[]} lines
 * @param {string} include
 */
function fileOf(full, version, values, lines, include) {
  const structs = Object.entries(STRUCTS).flatMap(([struct, fields]) => {
    const size = values.get(`sizeof ${struct}`);
    if (size === undefined) return [];
    /** @type {[string, number][]} */
    const entries = [["sizeof", size]];
    for (const field of fields.split(" ")) {
      const spelling = field.split("|").find((one) => values.has(`${struct}.${one}`));
      if (spelling !== undefined) entries.push([nameOf(spelling), values.get(`${struct}.${spelling}`) ?? 0]);
    }
    return [`  /** ${sourceOf(lines, struct, include)} */`, ...objectOf(struct, entries)];
  });
  const constants = CONSTANTS.flatMap((name) =>
    values.has(name) ? [`  ${name}: ${values.get(name)},`] : [],
  );
  return [
    `// Made by scripts/structs.mjs from the headers of ${full}: do not edit.`,
    `/** CPython 3.${version}: sizes of its structs and offsets of their fields in bytes, all by its own names. */`,
    `export const V3${version.toUpperCase()} = {`,
    `  minor: ${Number.parseInt(version, 10)},`,
    ...structs,
    ...constants,
    "} as const;",
    "",
  ].join("\n");
}

/** As Biome writes it. @param {string} name @param {readonly (readonly [string, number])[]} entries */
function objectOf(name, entries) {
  const fields = entries.map(([field, value]) => `${field}: ${value}`);
  const one = `  ${name}: { ${fields.join(", ")} },`;
  return one.length <= WIDTH ? [one] : [`  ${name}: {`, ...fields.map((field) => `    ${field},`), "  },"];
}

function main() {
  const given = process.argv.slice(2);
  const isFreeThreaded = given[0] === "--free-threaded" && given.shift() !== undefined;
  const to = given[0] === "--to" ? (given.splice(0, 2)[1] ?? TARGET) : TARGET;
  for (const include of given) {
    try {
      const { minor, text } = structsOf(include, isFreeThreaded);
      const name = `v3${minor}${isFreeThreaded ? "t" : ""}.ts`;
      writeFileSync(join(to, name), text);
      process.stdout.write(`${name}: from ${include}\n`);
    } catch (error) {
      process.stderr.write(`${include}: not made: ${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
