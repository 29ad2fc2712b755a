// One text that holds all mutants of a file: each behind a switch, so that nothing is built again for another one.

/** @typedef {import("./mutants.mjs").Mutant & { number: number }} Numbered */

/**
 * The text with all mutants in it, on the lines on which they stand in the original.
 * @param {string} text
 * @param {readonly Numbered[]} mutants whose ranges nest or are apart
 */
export function withSwitches(text, mutants) {
  const sorted = [...mutants].sort((a, b) => a.start - b.start || b.end - a.end || a.number - b.number);
  let next = 0;
  /** @param {number} from @param {number} to @returns {string} */
  function render(from, to) {
    let out = "";
    let at = from;
    for (let mutant = sorted[next]; mutant && mutant.start < to; mutant = sorted[next]) {
      const { start, end, isStatement } = mutant;
      out += text.slice(at, start);
      const same = [];
      for (let one = sorted[next]; one?.start === start && one.end === end; one = sorted[next]) {
        same.push(one);
        ++next;
      }
      const original = render(start, end);
      out += isStatement ? statement(same, original) : expression(same, original);
      at = end;
    }
    return out + text.slice(at, to);
  }
  return render(0, text.length);
}

/** @param {readonly Numbered[]} mutants @param {string} original */
function expression(mutants, original) {
  const changed = mutants.map(({ number, after }) => `$mutant(${number}) ? (${oneLine(after)}) : `);
  return `(${changed.join("")}(${original}))`;
}

/** @param {readonly Numbered[]} mutants @param {string} original */
function statement(mutants, original) {
  const changed = mutants.map(({ number, after }) => `if ($mutant(${number})) { ${oneLine(after)} } else `);
  return `{ ${changed.join("")}{ ${original} } }`;
}

/** @param {string} text */
function oneLine(text) {
  return text
    .replace(/^\s*\/\/.*$/gm, "")
    .replace(/\s\/\/ .*$/gm, "")
    .replace(/\n\s*/g, " ");
}
