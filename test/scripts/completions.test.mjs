import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  bashCompletion,
  fishCompletion,
  nameOf,
  optionsOf,
  zshCompletion,
} from "../../scripts/completions.mjs";
import { manualPage } from "../../scripts/manual.mjs";
import { COMMANDS } from "../../src/commands/shell/commands.ts";

const folder = mkdtempSync(join(tmpdir(), "coregram-completions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether there is such a program; its tests are skipped where there is none. */
const has = (name) => spawnSync(name, ["--version"]).status === 0;

function put(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Commands as they are typed; the default one has a name beside none. */
const names = COMMANDS.map((command) => nameOf(command) || command.alias);
const bash = put("coregram.bash", bashCompletion(COMMANDS));

/** What bash offers behind these words, the last of which is being typed. */
function offered(...words) {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _coregram; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync("bash", ["-c", script, "bash", bash, "coregram", ...words], { encoding: "utf8" });
  return text.split("\n").filter(Boolean);
}

describe("bash", () => {
  it("is offered the commands, and those that begin so", () => {
    expect(offered("")).toEqual(names);
    expect(offered("di")).toEqual(["diagnose", "diff"]);
    // What begins like no command is a file, which bash completes.
    expect(offered("core.2")).toEqual([]);
  });

  it.each(COMMANDS.map((command) => [nameOf(command), command]))(
    "is offered the options of %s",
    (name, command) => {
      const before = name === "" ? ["core"] : [name, "core"];
      const options = optionsOf(command);
      const long = options.map((option) => `--${option.name}`);
      expect(offered(...before, "--").sort()).toEqual(long.sort());
      for (const { name: option, short, choices } of options)
        if (choices.length > 0) {
          expect(offered(...before, `--${option}`, "")).toEqual(choices);
          if (short !== null) expect(offered(...before, `-${short}`, "")).toEqual(choices);
        }
    },
  );

  it("is offered the default command's options by its name, too", () => {
    expect(offered("words", "core", "--sco")).toEqual(["--scope"]);
  });

  it("is offered processes where one is asked for", () => {
    expect(offered("types", "--pid", "")).toContain(String(process.pid));
  });
});

describe.skipIf(!has("fish"))("fish", () => {
  const script = put("coregram.fish", fishCompletion(COMMANDS));
  const complete = (line) =>
    execFileSync("fish", ["--no-config", "-c", `source ${script}; complete -C '${line}'`], {
      encoding: "utf8",
    })
      .split("\n")
      .map((offer) => offer.split("\t")[0])
      .filter(Boolean);

  it("is offered commands, options and choices", () => {
    expect(complete("coregram dia")).toEqual(["diagnose"]);
    expect(complete("coregram wor")).toEqual(["words"]);
    expect(complete("coregram words core --sco")).toEqual(["--scope"]);
    expect(complete("coregram types --so")).toEqual(["--sort"]);
    expect(complete("coregram types --sort ").sort()).toEqual(["bytes", "count", "freed", "name"]);
    expect(complete("coregram core --sco")).toEqual(["--scope"]);
  });
});

describe.skipIf(!has("zsh"))("zsh", () => {
  it("reads it, and takes it for coregram's", () => {
    put("_coregram", zshCompletion(COMMANDS));
    const script = `fpath=(${folder} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[coregram]; autoload +X -Uz _coregram; zsh -n ${folder}/_coregram`;
    expect(execFileSync("zsh", ["-fc", script], { encoding: "utf8" })).toBe("_coregram\n");
  });
});

describe("the man page", () => {
  const page = manualPage(COMMANDS, "1.2.3");

  it.skipIf(!has("groff"))("is roff without a fault, with every command and option on it", () => {
    const run = spawnSync("groff", ["-ww", "-man", "-Tascii", "-P-cbou", "-rLL=400n"], {
      input: page,
      encoding: "utf8",
    });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    for (const command of COMMANDS) {
      const [, section = ""] = run.stdout.split(`   coregram ${nameOf(command) || "CORE"}\n`);
      const [own = ""] = section.split(/\n {3}\S/);
      for (const { name } of optionsOf(command))
        expect(own).toMatch(new RegExp(`^ {7}(-\\w, )?--${name}\\b`, "m"));
      for (const [line] of command.examples) expect(own).toContain(line.replaceAll("$0", "coregram"));
    }
  });

  it("takes no text of ours for a request or an escape", () => {
    const [command] = COMMANDS;
    const odd = { ...command, describe: ".so /etc/passwd", rows: "'\\n[x]", examples: [["$0 \\fB", "-"]] };
    const lines = manualPage([odd], "1").split("\n");
    expect(lines).toContain("\\&.so /etc/passwd");
    expect(lines).toContain("\\&'\\en[x]");
    expect(lines).toContain(".B coregram \\efB");
  });
});
