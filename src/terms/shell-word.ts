/** The text as a shell takes it for one word: `core.1`, `'my core'`. A process is named by two: `--pid 4711`. */
export function shellWord(text: string): string {
  return /^(?:--pid \d+|[\w@%+=:,./-]+)$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
