// The man page, made from the tables of commands and options that the help is made from: man(7).
import { nameOf, optionsOf } from "./completions.mjs";

/** @typedef {import("../src/commands/shell/command.ts").Command} Command */

/**
 * The page in roff.
 * @param {readonly Command[]} commands
 * @param {string} version
 */
export function manualPage(commands, version) {
  return `.\\" Made from coregram's own tables of commands and options.
.TH COREGRAM 1 "" "coregram ${text(version)}" "User Commands"
.nh
.ad l
.SH NAME
coregram \\- what fills a process's memory, and who holds it, from one core file
.SH SYNOPSIS
${commands.map(({ usage }) => `.B coregram\n${text(usage)}`).join("\n.br\n")}
.SH DESCRIPTION
Reads a core dump, a heap file or a living process; nothing of it runs.
Rows go to standard output, all else to standard error.
In place of CORE a command takes
.B \\-\\-pid
PID, and \\- is standard input.
.SH COMMANDS
${commands.map(commandSection).join("\n")}
.SH EXIT STATUS
.TP
.B 0
Done; what was damaged was said on standard error.
.TP
.B 1
It could not be done.
.TP
.B 2
The command line is wrong.
.TP
.B 3
What
.B \\-\\-fail\\-on
names holds.
.SH ENVIRONMENT
.TP
.B NO_COLOR
No colours, unless
.B \\-\\-color
asks for them.
.TP
.B TMPDIR
Where what does not fit into memory is kept for the time of a run.
.SH SEE ALSO
.BR core (5),
.BR gcore (1),
.BR gdb (1),
.BR coredumpctl (1)
`;
}

/** @param {Command} command */
function commandSection(command) {
  const options = optionsOf(command).map(({ name, short, takesValue, choices, describe }) => {
    const value = !takesValue ? "" : ` ${choices.length > 0 ? choices.join("|") : "VALUE"}`;
    return `.TP
.B ${text(`${short === null ? "" : `-${short}, `}--${name}${value}`)}
${text(describe)}`;
  });
  const examples = command.examples.map(
    ([line, what]) => `.TP\n.B ${text(line.replaceAll("$0", "coregram"))}\n${text(what)}`,
  );
  return `.SS coregram ${text(nameOf(command) || "CORE")}
${text(command.describe)}
.PP
${command.rows.split("\n").map(text).join("\n.br\n")}
${options.join("\n")}
.PP
Examples:
${examples.join("\n")}`;
}

/**
 * Text as roff prints it as it is: a hyphen-minus stays one, and no line is a request.
 * @param {string} plain
 */
function text(plain) {
  return (
    plain
      .replaceAll("\\", "\\e")
      .replaceAll("-", "\\-")
      .replaceAll("…", "...")
      // A macro takes its arguments' quotes away.
      .replaceAll('"', "\\(dq")
      .replace(/^[.']/, "\\&$&")
  );
}
