// A copy of the tree whose sources and dist/ hold all mutants of a sample, each behind a switch.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withSwitches } from "./schemata.mjs";

/** @typedef {import("./schemata.mjs").Numbered} Numbered */

const SWITCH = "src/mutant.ts";

// Which mutant is on is in the environment, which workers and child processes inherit. Where MUTANT_LOG names a file,
// each that is reached is noted there with the test file that is running.
const SWITCH_TEXT = `
const on = Number(process.env.MUTANT ?? 0);
const log = process.env.MUTANT_LOG;
const seen = new Set<number>();
function note(mutant: number): boolean {
  if (!seen.has(mutant)) {
    seen.add(mutant);
    try {
      process.getBuiltinModule("node:fs").appendFileSync(log ?? "", mutant + " " + process.env.MUTANT_TEST + "\\n");
    } catch {
      // Some tests forbid a program to write, or take its files from it.
    }
  }
  return false;
}
export const $mutant: (mutant: number) => boolean = log ? note : (mutant) => mutant === on;
`;
const IMPORTED = '@external("mutate", "mutant") declare function $mutant(n: i32): bool; ';

/**
 * Copies the tree at `root` to `folder`, with the mutants, and builds it.
 * @param {string} root
 * @param {string} folder is emptied before
 * @param {readonly Numbered[]} mutants
 * @returns {Numbered[]} those that do not compile, which are not in it
 */
export function makeTree(root, folder, mutants) {
  rmSync(folder, { recursive: true, force: true });
  const files = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const path of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, SWITCH), SWITCH_TEXT);
  giveSwitchToKernel(join(folder, "src/kernel/kernel.ts"));

  let left = [...mutants];
  /** @type {Numbered[]} */
  const broken = [];
  for (;;) {
    write(root, folder, left);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (status === 0) return broken;
    const faulty = left.filter(faultOf(`${stdout}${stderr}`));
    if (faulty.length === 0) throw new Error(`the tree with mutants does not build:\n${stdout}${stderr}`);
    broken.push(...faulty);
    left = left.filter((mutant) => !faulty.includes(mutant));
    for (const path of new Set(faulty.map((mutant) => mutant.path)))
      cpSync(join(root, path), join(folder, path));
  }
}

/** @param {string} root @param {string} folder @param {readonly Numbered[]} mutants */
function write(root, folder, mutants) {
  for (const path of new Set(mutants.map((mutant) => mutant.path))) {
    const text = readFileSync(join(root, path), "utf8");
    const changed = withSwitches(
      text,
      mutants.filter((mutant) => mutant.path === path),
    );
    const up = "../".repeat(path.split("/").length - 2) || "./";
    const isAssembly = path.startsWith("src/kernel/assembly/");
    const head = isAssembly ? IMPORTED : `import { $mutant } from "${up}mutant.ts"; `;
    writeFileSync(join(folder, path), head + changed);
  }
}

// The kernel's loops ask the same switch.
/** @param {string} path */
function giveSwitchToKernel(path) {
  const text = readFileSync(path, "utf8");
  const changed = text.replace("{ env: { memory } }", "{ env: { memory }, mutate: { mutant: $mutant } }");
  if (changed === text) throw new Error(`${path}: where the kernel is instantiated is not found`);
  writeFileSync(path, `import { $mutant } from "../mutant.ts"; ${changed}`);
}

// asc: `in src/kernel/assembly/x.ts(12,5)`; esbuild: `src/x.ts:12:5`.
const PLACE = /(src\/[\w/.-]+\.ts)[(:](\d+)/g;
// asc, where an assignment upstream may be left out: the place is not the fault's.
const UNASSIGNED = /TS2454: Variable '(\w+)' is used before being assigned[\s\S]*?(src\/[\w/.-]+\.ts)/g;

/** @param {string} said @returns {(mutant: Numbered) => boolean} */
function faultOf(said) {
  const unassigned = [...said.matchAll(UNASSIGNED)].map(([, name, path]) => `${path}:${name}`);
  if (unassigned.length > 0)
    return ({ path, before, isStatement }) => {
      const assigned = isStatement ? /^(\w+) = /.exec(before)?.[1] : undefined;
      return assigned !== undefined && unassigned.includes(`${path}:${assigned}`);
    };
  const places = [...said.matchAll(PLACE)].map(([, path, line]) => `${path}:${line}`);
  return ({ path, line, before }) => {
    const lines = before.split("\n").length;
    for (let n = 0; n < lines; ++n) if (places.includes(`${path}:${line + n}`)) return true;
    return false;
  };
}
