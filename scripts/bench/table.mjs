/**
 * A line of the result.
 * @typedef {object} Line
 * @property {string} what
 * @property {string} ours what coregram took
 * @property {string} theirs what it is compared to
 * @property {number | null} ratio ours / theirs, or null where it could not be measured
 * @property {number | null} limit what the ratio may be at most, or null where it only informs
 */

/**
 * Whether the line's limit holds, as far as it was measured.
 * @param {Pick<Line, "ratio" | "limit">} line
 */
export function holds({ ratio, limit }) {
  return ratio === null || limit === null || ratio <= limit;
}

/**
 * The result as a Markdown table.
 * @param {readonly Line[]} lines
 */
export function formatTable(lines) {
  const rows = lines.map((line) => {
    const { what, ours, theirs, ratio, limit } = line;
    const verdict = ratio === null || limit === null ? "–" : holds(line) ? "yes" : "**no**";
    return [what, ours, theirs, formatRatio(ratio), formatRatio(limit), verdict];
  });
  const head = ["what", "coregram", "compared to", "ratio", "at most", "holds"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * `2.04`; below a tenth as a fraction, `1/150`.
 * @param {number | null} ratio
 */
function formatRatio(ratio) {
  if (ratio === null) return "–";
  if (ratio < 0.1) return `1/${Math.round(1 / ratio)}`;
  return String(Number(ratio.toFixed(2)));
}

/** @param {number} millis */
export function formatMillis(millis) {
  return millis < 10_000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}

/** @param {number} bytes */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
