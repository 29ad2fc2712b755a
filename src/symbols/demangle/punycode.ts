/** RFC 3492, section 5; Rust writes `_` where it has `-`. */
const BASE = 36;
const FIRST_CODE = 0x80;
const LAST_CODE = 0x10ffff;

/**
 * Identifiers that are not ASCII, as Rust's v0 mangling has them: the ASCII characters, and where the others go.
 * Null where it makes no sense.
 */
export function decodePunycode(ascii: string, deltas: string): string | null {
  const characters = [...ascii];
  let code = FIRST_CODE;
  let place = 0;
  let bias = 72;
  for (let at = 0; at < deltas.length; ) {
    const before = place;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(deltas[at++]);
      if (digit < 0) return null;
      place += digit * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= BASE - threshold;
      if (place > Number.MAX_SAFE_INTEGER / BASE || weight > Number.MAX_SAFE_INTEGER / BASE) return null;
    }
    const count = characters.length + 1;
    bias = adapt(place - before, count, before === 0);
    code += Math.floor(place / count);
    place %= count;
    if (code > LAST_CODE || (code >= 0xd800 && code < 0xe000)) return null;
    characters.splice(place, 0, String.fromCodePoint(code));
    place += 1;
  }
  return characters.join("");
}

function digitOf(character: string | undefined): number {
  if (character === undefined) return -1;
  if (/[a-z]/.test(character)) return character.charCodeAt(0) - 0x61;
  return /[0-9]/.test(character) ? character.charCodeAt(0) - 0x30 + 26 : -1;
}

function adapt(change: number, count: number, isFirst: boolean): number {
  let delta = Math.floor(change / (isFirst ? 700 : 2));
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > 455; k += BASE) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}
