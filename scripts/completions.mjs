// Completion for shells, made from the tables of commands and options that the help is made from.

/**
 * @typedef {import("../src/commands/shell/command.ts").Command} Command
 * @typedef {{ name: string; short: string | null; takesValue: boolean; choices: string[]; describe: string }} Option
 */

/** What every command has; see `read-line.ts`. */
const EVERYWHERE = /** @type {const} */ ([
  ["help", "h", "show this help"],
  ["version", "V", "show the version"],
]);

/**
 * The options of a command, those that all have at the end.
 * @param {Command} command
 * @returns {Option[]}
 */
export function optionsOf(command) {
  const own = Object.entries(command.options).map(([name, option]) => ({
    name,
    short: typeof option.alias === "string" ? option.alias : null,
    takesValue: option.type !== "boolean",
    choices: (option.choices ?? []).map(String),
    describe: option.describe ?? "",
  }));
  const shared = EVERYWHERE.map(([name, short, describe]) => ({
    ...{ name, short, describe },
    ...{ takesValue: false, choices: [] },
  }));
  return [...own, ...shared];
}

/**
 * @param {Command} command
 * @returns {string} its name on a command line, empty for the default
 */
export function nameOf({ line }) {
  const [name = ""] = line.split(" ");
  return name === "$0" ? "" : name;
}

/**
 * @param {Command} command
 * @returns {string} what it is offered as; without a name all is the default's, which therefore needs no case for it
 */
const offeredAs = (command) => nameOf(command) || (command.alias ?? "");

/**
 * For bash, by its own `complete`; where there is nothing of ours to offer, files are.
 * @param {readonly Command[]} commands
 */
export function bashCompletion(commands) {
  const names = commands.map(nameOf).filter(Boolean);
  /** @param {Command} command */
  const values = (command) =>
    optionsOf(command)
      .filter(({ takesValue }) => takesValue)
      .map(({ name, short, choices }) => {
        const patterns = [`--${name}`, ...(short === null ? [] : [`-${short}`])].map(
          (option) => `${nameOf(command)}:${option}`,
        );
        const offer = name === "pid" ? "$(ps -eo pid=)" : choices.join(" ");
        return `    ${patterns.join(" | ")}) _coregram_offer "${offer}"; return ;;`;
      });
  /** @param {Command} command */
  const offered = (command) =>
    optionsOf(command).flatMap(({ name, short }) => [`--${name}`, ...(short === null ? [] : [`-${short}`])]);
  return `# Completion for coregram in bash: source this file.

_coregram_offer() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_coregram() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
    ${names.join(" | ")}) command=$word && break ;;
    esac
  done
  COMPREPLY=()
  case $command:$previous in
${commands.flatMap(values).join("\n")}
  esac
  case $command:$current in
${commands.map((command) => `    ${nameOf(command)}:-*) _coregram_offer "${offered(command).join(" ")}" ;;`).join("\n")}
    :*) ((COMP_CWORD == 1)) && _coregram_offer "${commands.map(offeredAs).join(" ")}" ;;
  esac
}

complete -o default -F _coregram coregram
`;
}

/**
 * For zsh, as the function that its \`compinit\` looks for.
 * @param {readonly Command[]} commands
 */
export function zshCompletion(commands) {
  const named = commands.filter((command) => nameOf(command) !== "");
  /** @param {string} text */
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  /** @param {string} text  Colons end a description there, and brackets do in an option's. */
  const plain = (text) => text.replaceAll(/[[\]:\\]/g, "\\$&");
  /** @param {Option} option */
  const spec = ({ name, short, takesValue, choices, describe }) => {
    const action = name === "pid" ? "_pids" : choices.length > 0 ? `(${choices.join(" ")})` : "_files";
    const rest = `[${plain(describe)}]${takesValue ? `:${name}:${action}` : ""}`;
    return short === null ? quote(`--${name}${rest}`) : `{-${short},--${name}}${quote(rest)}`;
  };
  /** @param {Command} command */
  const branch = (command) =>
    `    ${nameOf(command) || "*"})
      _arguments -s -S ${optionsOf(command).map(spec).join(" \\\n        ")} \\
        '*:core:_files'
      ;;`;
  return `#compdef coregram
# Completion for coregram in zsh: put it into a folder of $fpath, by the name _coregram.

_coregram() {
  local -a commands=(
${commands.map((command) => `    ${quote(`${offeredAs(command)}:${plain(command.describe)}`)}`).join("\n")}
  )
  if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then
    _alternative 'commands:command:{_describe command commands}' 'files:core:_files'
    return
  fi
  case $words[2] in
${named.map(branch).join("\n")}
${commands
  .filter((command) => nameOf(command) === "")
  .map(branch)
  .join("\n")}
  esac
}

# Loaded by compinit it is called at once; sourced by hand it is told of.
if [[ $funcstack[1] == _coregram ]]; then _coregram "$@"; else compdef _coregram coregram; fi
`;
}

/**
 * For fish, which reads what stands in ~/.config/fish/completions.
 * @param {readonly Command[]} commands
 */
export function fishCompletion(commands) {
  const names = commands.map(nameOf).filter(Boolean);
  /** @param {string} text */
  const quote = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const all = names.join(" ");
  const lines = commands.flatMap((command) => {
    const name = nameOf(command);
    const where = quote(
      name === "" ? `not __fish_seen_subcommand_from ${all}` : `__fish_seen_subcommand_from ${name}`,
    );
    const options = optionsOf(command).map(({ name: option, short, takesValue, choices, describe }) => {
      const offer = option === "pid" ? "(__fish_complete_pids)" : choices.join(" ");
      const value = !takesValue ? "" : offer === "" ? " -r" : ` -x -a ${quote(offer)}`;
      return `complete -c coregram -n ${where} -l ${option}${short === null ? "" : ` -s ${short}`}${value} -d ${quote(describe)}`;
    });
    const self = `complete -c coregram -n __fish_use_subcommand -a ${offeredAs(command)} -d ${quote(command.describe)}`;
    return [self, ...options];
  });
  return `# Completion for coregram in fish: put it into ~/.config/fish/completions.
${lines.join("\n")}
`;
}
