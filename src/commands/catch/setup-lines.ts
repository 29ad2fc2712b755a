import { CoregramError, shellWord } from "../../terms/index.ts";

/** What kernel.core_pattern holds at the most: CORENAME_MAX_SIZE less its NUL (Linux fs/coredump.c). */
const MOST_PATTERN = 127;
/** Processes that crash at once and are all kept until they have been read; further ones are let go unread. */
const PIPE_LIMIT = 4;
const SETTINGS = "/etc/sysctl.d/60-coregram.conf";

/**
 * The pattern for the kernel, which has no PATH and runs it as root in the first namespaces (core(5)).
 * @param program words of the program, with absolute paths
 * @throws CoregramError `usage` where the kernel would cut it off
 */
export function patternOf(program: readonly string[]): string {
  const spaced = program.find((word) => /\s/.test(word));
  if (spaced !== undefined)
    throw new CoregramError(
      "usage",
      `the kernel cuts ${shellWord(spaced)} at its spaces: make a link to it at a path without`,
    );
  // Behind -- a program's name is no option, whatever it is called.
  const pattern = `|${[...program, "catch", "--", "%P", "%p", "%s", "%t", "%e"].join(" ")}`;
  if (Buffer.byteLength(pattern) <= MOST_PATTERN) return pattern;
  throw new CoregramError(
    "usage",
    `the kernel takes ${MOST_PATTERN} bytes of core_pattern, and these are ${Buffer.byteLength(pattern)}: ${pattern}; make a link with a short path, as ln -s ${shellWord(program.at(-1) ?? "")} /usr/local/bin/coregram, and ask /usr/local/bin/coregram for it`,
  );
}

/** What to run, and to write where. */
export function setupLines(pattern: string, folder: string, current: string | null): string {
  const settings = [`kernel.core_pattern=${pattern}`, `kernel.core_pipe_limit=${PIPE_LIMIT}`];
  return `# As root. Each process that a signal kills with a core is then read in place, and let go.
install -d -m 700 ${shellWord(folder)}
${settings.map((setting) => `sysctl -w ${shellWord(setting)}`).join("\n")}

# To have it after a restart, too:
cat > ${SETTINGS} <<'END'
${settings.join("\n")}
END

# systemd sets a pattern of its own where systemd-coredump is installed; a file of the same name in /etc is in place of its:
ln -s /dev/null /etc/sysctl.d/50-coredump.conf

# Containers: core_pattern is the host's, and so is what it runs. Set it on the host; %P is the process as the host numbers it.
# A process leaves no core where its limit is 1 (ulimit -c), or it is not dumpable (fs.suid_dumpable): for a pipe 0 is as good as any.
${current === null ? "" : `\n# To have it as it was before:\n# sysctl -w ${shellWord(`kernel.core_pattern=${current}`)}\n`}`;
}
