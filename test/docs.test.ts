import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scratch, start } from "./commands/program.ts";
import { DUCKDB } from "./views/duckdb.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => join("docs", name))];
const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** A command that a page shows. */
interface Example {
  readonly page: string;
  readonly command: string;
  /** What it says that it prints; null where it shows the command alone. */
  readonly printed: string | null;
}

/** ```` ```console ````: lines `$ COMMAND`, each with what it prints. ```` ```sh ````: commands, one a line. */
function examplesOf(page: string, markdown: string): Example[] {
  const examples: Example[] = [];
  for (const [, language, block = ""] of markdown.matchAll(/^```(console|sh)\n([\s\S]*?)^```$/gm))
    if (language === "sh")
      for (const command of block.trimEnd().split("\n")) examples.push({ page, command, printed: null });
    else
      for (const part of block.split(/^\$ /m).slice(1)) {
        const [command = "", ...lines] = part.trimEnd().split("\n");
        examples.push({ page, command, printed: `${lines.join("\n")}\n` });
      }
  return examples;
}

/** `coregram …` in a sentence or a table, the shortest form of what it stands for: `[OLD]` left out, the first of `A|B`. */
function spansOf(page: string, markdown: string): Example[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/`(coregram [^`]+)`/g)].map(([, span = ""]) => {
    const command = span.replaceAll(/ ?\[[A-Z]+(?:\.\.\.)?\]/g, "").replaceAll(/\\?\|[A-Z]+|\.\.\.$/g, "");
    return { page, command, printed: null };
  });
}

/** What a reader puts in the place of these words. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  CORE: "samples/downstream-after.core.gz",
  OLD: "samples/downstream-before.core.gz",
  NEW: "samples/downstream-after.core.gz",
  PROGRAM: "/bin/true",
  PID: "12405",
  ADDR: "9587e0",
  NAME: "words",
  SQL: "'select 1'",
  PART: "part.parquet",
  FOLDER: "$(mktemp -d -p .)",
};

/** The same of what is about a process that traced. */
const TRACED: Readonly<Record<string, string>> = {
  ...STANDS_FOR,
  CORE: "samples/traced-after.core.xz",
  OLD: "samples/traced-before.core.xz",
  NEW: "samples/traced-after.core.xz",
};

function filledIn(command: string): string {
  // What is written stays out of the samples' place.
  const line = command.replace(/(-o |POD:\S+ |CONTAINER:\S+ )CORE\b/, "$1taken.core");
  const stands = /^coregram traces | --by (?:line|file|traceback)\b/.test(command) ? TRACED : STANDS_FOR;
  // A reader ends it by q.
  const ending = line.replace(/^coregram watch PID/, "$& --count 1");
  const asked = ending.replaceAll(/(--pid|coregram (?:dump|watch)) PID/g, `$1 ${living.pid}`);
  return asked.replaceAll(/(?<![\w/-])[A-Z]+(?![\w/=])/g, (word) => stands[word] ?? word);
}

// Programs that are not everywhere, or need what no test has: a cluster, a crash, rights. They check what they are told.
const STAND_INS: Readonly<Record<string, string>> = {
  coregram: `exec "$NODE" "$CLONE/bin/coregram.js" "$@"`,
  gcore: `[ "$1" = -o ] && [ "$3" = 12405 ] && cp "$SAMPLE" "$2.$3"`,
  gdb: `[ "$1 $2" = "-batch -x" ] && grep -q 'info symbol' "$3" &&
    printf '+info symbol 0x9587e0\\nPyTuple_Type in section .data\\n'`,
  coredumpctl: `[ "$1 $2 $3" = "dump 12405 -o" ] && cp "$SAMPLE" "$4"`,
  kubectl: `case "$*" in
    "debug POD -it --image=IMAGE --target=CONTAINER --profile=sysadmin -- gcore -o /proc/1/root/tmp/core 1") ;;
    "cp -c CONTAINER POD:/tmp/core.1 "*) cp "$SAMPLE" "$5" ;;
    *) exit 9 ;; esac`,
  docker: `case "$*" in
    "exec CONTAINER gcore -o /tmp/core 1") ;;
    "cp CONTAINER:/tmp/core.1 "*) cp "$SAMPLE" "$3" ;;
    *) exit 9 ;; esac`,
};

// A process to ask, that is alive while the examples run.
const living = start("python3", ["-c", "print('ready', flush=True); input()"]);

const scratch = new Scratch();
const clone = scratch.path("clone");

/** Runs a line of the shell in the root of a copy of the clone. */
async function run(command: string) {
  const line = filledIn(command);
  // Each part of a pipe has to succeed, but for one whose reader had enough (128 + SIGPIPE).
  const script = `${line}\nfor status in "\${PIPESTATUS[@]}"; do [ $status = 0 ] || [ $status = 141 ] || exit $status; done`;
  const env = {
    ...process.env,
    // As in a shell that the reader opens, and not in one that npm did.
    INIT_CWD: undefined,
    npm_config_prefix: scratch.path("prefix"),
    PATH: `${scratch.path("bin")}:${process.env.PATH}`,
    NODE: process.execPath,
    CLONE: clone,
    SAMPLE: scratch.path("sample.core"),
  };
  const running = start("bash", ["-c", script], { cwd: clone, env });
  running.stdin.end();
  const { status, stdout, stderr } = await running.ended;
  // What a run prints is bytes, here a character each.
  const [rows, notes] = [stdout, stderr].map((said) => Buffer.from(said, "latin1").toString("utf8"));
  return { status, rows, notes };
}

afterAll(() => living.kill("SIGKILL"));

beforeAll(async () => {
  await once(living.stdout, "data");
  const isLeftOut = /^(?:\.git|node_modules|dist\.\d.*|.*\.tgz)$/;
  mkdirSync(clone);
  for (const name of readdirSync(root).filter((name) => !isLeftOut.test(name)))
    cpSync(join(root, name), join(clone, name), { recursive: true });
  // No link to the folder itself: where it is out of date the examples install anew, and empty it first. Hard links, of
  // which those in the copy may go, or on another file system a copy.
  const [from, to] = [join(root, "node_modules"), join(clone, "node_modules")];
  if (spawnSync("cp", ["-al", from, to], { stdio: "ignore" }).status !== 0) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
  const core = readFileSync(join(root, "samples/downstream-after.core.gz"));
  scratch.put("sample.core", gunzipSync(core));
  const part = ["words", scratch.path("sample.core"), "--part", "1/1", "-o", join(clone, "part.parquet")];
  spawnSync(process.execPath, [join(root, "bin/coregram.js"), ...part]);
  scratch.sub("bin");
  for (const [name, script] of Object.entries(STAND_INS)) {
    scratch.put(`bin/${name}`, `#!/bin/bash\n${script}\n`);
    chmodSync(scratch.path(`bin/${name}`), 0o755);
  }
});

describe.each(pages)("%s", (page) => {
  const markdown = textOf(page);

  it("says of each block what it is", () => {
    const fences = markdown.split("\n").filter((line) => line.startsWith("```"));
    const opening = fences.filter((_, index) => index % 2 === 0);
    expect(opening.filter((fence) => !/^```(?:console|sh|json|js|sql|text)$/.test(fence))).toEqual([]);
  });

  it("links to files that are there", () => {
    const links = [...markdown.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = ""]) => to);
    const here = join(root, page, "..");
    for (const to of links)
      expect(readdirSync(join(here, to, "..")), to).toContain(to.split("/").findLast(Boolean));
  });

  const examples = [...examplesOf(page, markdown), ...spansOf(page, markdown)];
  const needsDuckDb = ({ command }: Example) => command.startsWith("coregram query ");
  if (examples.length > 0)
    it.for(examples)("$command", async (example, { skip }) => {
      skip(needsDuckDb(example) && DUCKDB === null, "DuckDB is not there");
      const { command, printed } = example;
      const { status, rows, notes } = await run(command);
      expect(status, notes).toBe(0);
      if (printed === null) return;
      const isNote = (line: string) => line.startsWith("coregram: ");
      const lines = printed.split("\n");
      expect(rows).toBe(lines.filter((line) => !isNote(line)).join("\n"));
      // Notes are on stderr, and a page leaves out those that are about the run alone.
      expect(notes?.split("\n")).toEqual(expect.arrayContaining(lines.filter(isNote)));
    });
});

it("the README is short, and has both halves of the hunt", () => {
  const lines = textOf("README.md").split("\n");
  expect(lines.length).toBeLessThan(220);
  const shown = examplesOf("README.md", textOf("README.md")).map(({ command }) => command.split(" ")[1]);
  expect(shown).toEqual(expect.arrayContaining(["whatis", "types", "diff", "owners", "diagnose"]));
});

it("examples are found with what they print, and other commands are not", () => {
  const markdown =
    "```console\n$ coregram a --b\n 1 x\n\n 2 y\n\n$ coregram c\n 3\n```\ntext `coregram d [OLD] A\\|B...` `e`\n```sh\ncoregram f\n```\n";
  expect(examplesOf("p", markdown)).toEqual([
    { page: "p", command: "coregram a --b", printed: " 1 x\n\n 2 y\n" },
    { page: "p", command: "coregram c", printed: " 3\n" },
    { page: "p", command: "coregram f", printed: null },
  ]);
  expect(spansOf("p", markdown)).toEqual([{ page: "p", command: "coregram d A", printed: null }]);
  expect(filledIn("coregram CORE -o CORE")).toBe("coregram samples/downstream-after.core.gz -o taken.core");
  expect(filledIn("coregram traces CORE")).toBe("coregram traces samples/traced-after.core.xz");
});
