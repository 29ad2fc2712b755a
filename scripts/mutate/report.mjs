// What came of the mutants: the figure of each room, and the survivors.

/**
 * @typedef {object} Outcome
 * @property {string} key
 * @property {string} path
 * @property {number} line
 * @property {string} before
 * @property {string} after
 * @property {"killed" | "late" | "survived" | "unreached" | "equivalent" | "invalid"} status
 * @property {string} [by] the test file that failed
 * @property {number} [left] test files that reach it and were not run for want of time
 */

/** @param {readonly Outcome[]} outcomes @returns {string} */
export function report(outcomes) {
  const lines = [];
  const survivors = outcomes
    .filter(isAlive)
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
  for (const { path, line, status, before, after, left } of survivors) {
    const cut = left ? `, ${left} test files not run` : "";
    lines.push(`${path}:${line} ${status}${cut}`, `  - ${shown(before)}`, `  + ${shown(after)}`);
  }
  const rooms = new Map([["all", outcomes]]);
  for (const outcome of outcomes) {
    const room = roomOf(outcome.path);
    rooms.set(room, [...(rooms.get(room) ?? []), outcome]);
  }
  lines.push("", `${"room".padEnd(28)}  mutants  equivalent  killed  alive  figure`);
  for (const [room, of] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const valid = of.filter(({ status }) => status !== "invalid");
    const equivalent = valid.filter(({ status }) => status === "equivalent").length;
    const alive = valid.filter(isAlive).length;
    const killed = valid.length - equivalent - alive;
    const figure = killed + alive === 0 ? "–" : `${((killed / (killed + alive)) * 100).toFixed(1)} %`;
    const cells = [
      [valid.length, 9],
      [equivalent, 12],
      [killed, 8],
      [alive, 7],
    ];
    lines.push(
      room.padEnd(28) +
        cells.map(([n, width]) => String(n).padStart(width ?? 0)).join("") +
        figure.padStart(9),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** @param {Outcome} outcome */
function isAlive({ status }) {
  return status === "survived" || status === "unreached";
}

/** @param {string} path */
function roomOf(path) {
  return path.startsWith("src/kernel/") ? "kernel/assembly/cpython" : (path.split("/")[1] ?? "");
}

/** @param {string} text */
function shown(text) {
  const line = text.replace(/\s+/g, " ");
  if (line === "") return "(removed)";
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
