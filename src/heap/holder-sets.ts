/** Sets of more holders than this are not told apart: what so many hold is nobody's. */
const MOST_HOLDERS = 16;
/** Sets that are told apart; later ones count as too large. */
const MOST_SETS = 2 ** 20;
/** The number of all sets that are too large. */
export const MANY = 0;

/** Sets of a few numbers, each once, by a number of its own: a hash table in flat arrays. */
export class HolderSets {
  #firsts = new Uint32Array(1024);
  #members = new Uint32Array(4096);
  #slots = new Uint32Array(4096);
  #count = 1;

  /** How many there are; numbers are below it. */
  get count(): number {
    return this.#count;
  }

  /** The members of a set, ascending; none of `MANY`. */
  membersOf(set: number): Uint32Array {
    return this.#members.subarray(this.#firsts[set] ?? 0, this.#firsts[set + 1] ?? 0);
  }

  /** The number of a set. */
  numberOf(union: SmallSet): number {
    if (union.isMany) return MANY;
    const slot = this.#find(union.members, union.size);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known;
    if (this.#count >= MOST_SETS) return MANY;
    const set = this.#count++;
    const first = this.#firsts[set] ?? 0;
    this.#firsts = grown(this.#firsts, set + 2);
    this.#members = grown(this.#members, first + union.size);
    this.#members.set(union.members.subarray(0, union.size), first);
    this.#firsts[set + 1] = first + union.size;
    this.#slots[slot] = set;
    if (2 * this.#count > this.#slots.length) this.#rehash();
    return set;
  }

  #find(members: Uint32Array, size: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(members, size) & mask;
    for (let set = this.#slots[slot] ?? 0; set !== 0; set = this.#slots[slot] ?? 0) {
      if (this.#isSame(set, members, size)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isSame(set: number, members: Uint32Array, size: number): boolean {
    const first = this.#firsts[set] ?? 0;
    if ((this.#firsts[set + 1] ?? 0) - first !== size) return false;
    for (let i = 0; i < size; ++i) if (this.#members[first + i] !== members[i]) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let set = 1; set < this.#count; ++set) {
      const members = this.membersOf(set);
      this.#slots[this.#find(members, members.length)] = set;
    }
  }
}

/** A set that is put together, ascending, up to what is told apart. */
export class SmallSet {
  readonly members = new Uint32Array(MOST_HOLDERS);
  size = 0;
  isMany = false;

  clear(): void {
    this.size = 0;
    this.isMany = false;
  }

  add(member: number): void {
    const { members } = this;
    let at = this.size;
    while (at > 0 && (members[at - 1] ?? 0) >= member) --at;
    if (at < this.size && members[at] === member) return;
    if (this.size === MOST_HOLDERS) {
      this.isMany = true;
      return;
    }
    members.copyWithin(at + 1, at, this.size);
    members[at] = member;
    ++this.size;
  }
}

/** FNV-1a over words. */
function hashOf(members: Uint32Array, size: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < size; ++i) {
    hash = Math.imul(hash ^ (members[i] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function grown(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
