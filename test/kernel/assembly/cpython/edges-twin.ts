/** How instances of a type are read, as the kernel's edges.ts lists it. */
export interface Scan {
  /** Bytes [from, to) of the struct may point to objects. */
  readonly from: number;
  readonly to: number;
  /** Bits of the first 64 words: what holds nothing alive, and what leads to the object's namespace. */
  readonly skip: bigint;
  readonly part: bigint;
  /** 1 list, 2 dict, 3 set, 4 what the caller reads. */
  readonly table: number;
  readonly hasItems: boolean;
  /** Where a managed dict or values are: as in 3.11, 3.12, 3.13. */
  readonly managed: number;
  readonly visitsType: boolean;
  readonly values: number;
  readonly dictFromEnd: number;
  readonly item: number;
  readonly basic: number;
  readonly hasInline: boolean;
}

export interface Graph {
  readonly scans: readonly Scan[];
  readonly objects: readonly { readonly address: number; readonly type: number }[];
  /** The memory from `address` on. */
  readonly words: readonly bigint[];
  readonly address: number;
  readonly isNew: boolean;
  readonly valuesHeader: number;
  readonly immortal: number;
}

export interface Job {
  readonly address: number;
  readonly kind: number;
  readonly owner: number;
  readonly count: number;
  readonly more: bigint;
}

export interface Followed {
  readonly edges: [number, number][];
  readonly jobs: Job[];
}

const ATTRIBUTES = 8;
const [WORDS, PAIRS, ENTRIES_24, ENTRIES_16, KEYS, SPLIT, SPECIAL] = [0, 1, 2, 3, 4, 5, 6];
const MOST_ENTRIES = 2n ** 32n;
const SPACE = 2n ** 48n;

/** What one owner holds, as it is found. */
class Finder implements Followed {
  readonly edges: [number, number][] = [];
  readonly jobs: Job[] = [];
  readonly parts: number[] = [];
  readonly #graph: Graph;
  readonly #owner: number;

  constructor(graph: Graph, owner: number) {
    this.#graph = graph;
    this.#owner = owner;
  }

  /** A word that may be an object's address. */
  word(value: bigint, isPart = false): void {
    const target = this.#graph.objects.findIndex(({ address }) => BigInt(address) === value);
    if (target < 0) return;
    this.edges.push([this.#owner, target]);
    if (isPart) this.parts.push(target);
  }

  /** What is left to do elsewhere; an address above user space, or nothing, is no job. */
  job(address: bigint, kind: number, count: bigint, more = 0n): void {
    const at = BigInt.asUintN(64, address);
    if (at >= SPACE || count === 0n) return;
    const most = count < MOST_ENTRIES ? count : MOST_ENTRIES - 1n;
    this.jobs.push({ address: Number(at), kind, owner: this.#owner, count: Number(most), more });
  }
}

/** What the object holds: edges in the order of its words, jobs, its namespaces, and its count of references. */
export function followObject(graph: Graph, object: number) {
  const { address, type } = graph.objects[object] ?? { address: 0, type: 0 };
  const scan = graph.scans[type];
  const found = new Finder(graph, object);
  const first = (address - graph.address) / 8;
  const left = graph.words.length - first;
  const word = (index: number) => graph.words[first + index] ?? 0n;
  if (scan === undefined || left < 2) return { ...found, references: 0 };
  const at = BigInt(address);
  const count = word(0);
  const references = count >= BigInt(graph.immortal) ? 0xffff_ffff : Number(count);
  if (scan.visitsType) found.word(word(1));
  for (let index = scan.from / 8; index < scan.to / 8 && index < left; index += 1) {
    const bit = index < 64 ? 1n << BigInt(index) : 0n;
    if ((scan.skip & bit) === 0n) found.word(word(index), (scan.part & bit) !== 0n);
  }
  if (scan.to / 8 > left) {
    const rest = Math.max(scan.from / 8, left);
    found.job(at + BigInt(8 * rest), WORDS ?? 0, BigInt(scan.to / 8 - rest));
  }
  const basic = scan.basic / 8;
  if (scan.hasItems && left >= 3 && word(2) < MOST_ENTRIES) {
    const room = BigInt(Math.max(0, left - basic));
    const inside = word(2) < room ? word(2) : room;
    for (let item = 0; item < inside; item += 1) found.word(word(basic + item));
    found.job(at + BigInt(scan.basic) + inside * 8n, WORDS ?? 0, word(2) - inside);
  }
  if (scan.dictFromEnd > 0 && left >= 3) {
    const signed = BigInt.asIntN(64, word(2));
    const items = signed < 0n ? -signed : signed;
    if (items < MOST_ENTRIES) {
      const end = ((BigInt(scan.basic) + items * BigInt(scan.item) + 7n) / 8n) * 8n;
      const dict = end - BigInt(scan.dictFromEnd);
      if (dict + 8n <= BigInt(8 * left)) found.word(word(Number(dict / 8n)), true);
      else found.job(at + dict, WORDS ?? 0, 1n);
    }
  }
  if (scan.managed > 0 && first < 4) found.job(at, SPECIAL ?? 0, 1n);
  else if (scan.managed > 0) {
    const header = BigInt(graph.valuesHeader);
    const values = BigInt(scan.values);
    if (scan.managed === 2 && word(-3) % 2n === 1n) found.job(word(-3) + 1n + header, ATTRIBUTES, values);
    else found.word(word(-3), true);
    if (scan.managed === 1 && word(-4) !== 0n) found.job(word(-4) + header, ATTRIBUTES, values);
  }
  // PyDictValues: capacity, size, embedded, valid.
  if (scan.hasInline && basic + 1 <= left && ((word(basic) >> 24n) & 0xffn) !== 0n)
    for (let value = 0; value < Number(word(basic) % 256n) && basic + 1 + value < left; value += 1)
      found.word(word(basic + 1 + value));
  if (scan.table === 4) found.job(at, SPECIAL ?? 0, 1n);
  else if (left >= 6) {
    if (scan.table === 1) found.job(word(3), WORDS ?? 0, word(2));
    if (scan.table === 2 && word(2) !== 0n)
      found.job(word(4), (word(5) === 0n ? KEYS : SPLIT) ?? 0, 1n, word(5));
    if (scan.table === 3 && word(3) !== 0n) found.job(word(5), PAIRS ?? 0, BigInt.asUintN(64, word(4) + 1n));
  }
  return { edges: found.edges, jobs: found.jobs, parts: found.parts, references };
}

/** What a table's words hold, and what is left to do for it. */
export function followJob(graph: Graph, { address, kind, owner, count, more }: Job): Followed {
  const found = new Finder(graph, owner);
  const first = (address - graph.address) / 8;
  const left = graph.words.length - first;
  const word = (index: number) => graph.words[first + index] ?? 0n;
  if (left <= 0) return found;
  if (kind === WORDS || kind === ATTRIBUTES || kind === PAIRS) {
    const step = kind === PAIRS ? 2 : 1;
    for (let item = 0; item < count && (item + 1) * step <= left; item += 1) found.word(word(item * step));
    return found;
  }
  const entries = (start: number, most: number, size: number) => {
    for (let entry = 0; entry < most && start + (entry + 1) * size <= left; entry += 1) {
      const key = start + entry * size + size - 2;
      if (word(key + 1) === 0n) continue;
      found.word(word(key));
      found.word(word(key + 1));
    }
  };
  if (kind === ENTRIES_24 || kind === ENTRIES_16) {
    entries(0, count, kind === ENTRIES_24 ? 3 : 2);
    return found;
  }
  if (left < 5) return found;
  const table = readHeader(graph.isNew, word);
  if (table === null) return found;
  if (kind === SPLIT) {
    const values = table.used < 65_536n ? table.used : 65_536n;
    found.job(more + BigInt(graph.valuesHeader), WORDS ?? 0, values);
    return found;
  }
  const size = table.isWide ? 3 : 2;
  const room = BigInt(8 * left) > table.header ? (BigInt(8 * left) - table.header) / BigInt(8 * size) : 0n;
  const inside = table.used < room ? table.used : room;
  const beyond = BigInt(address) + table.header + inside * BigInt(8 * size);
  found.job(beyond, (table.isWide ? ENTRIES_24 : ENTRIES_16) ?? 0, table.used - inside);
  if (table.header % 8n === 0n) entries(Number(table.header / 8n), Number(inside), size);
  else unaligned(graph, found, first * 8 + Number(table.header), Number(inside), size);
  return found;
}

/** The bytes of a table's header and indices, how many entries are used, and whether those have hashes. */
function readHeader(isNew: boolean, word: (index: number) => bigint) {
  if (isNew) {
    const log2Index = (word(1) >> 8n) % 256n;
    if (log2Index > 43n || word(3) >= MOST_ENTRIES) return null;
    return { header: 32n + 2n ** log2Index, used: word(3), isWide: (word(1) >> 16n) % 256n === 0n };
  }
  const slots = word(1);
  if (slots > MOST_ENTRIES || word(4) >= MOST_ENTRIES) return null;
  const perIndex = slots <= 0xffn ? 1n : slots <= 0xffffn ? 2n : 4n;
  return { header: 40n + slots * perIndex, used: word(4), isWide: true };
}

/** Entries of a table whose indices do not end at a word: what no real one has. */
function unaligned(graph: Graph, found: Finder, start: number, most: number, size: number): void {
  const view = new DataView(BigUint64Array.from(graph.words).buffer);
  const word = (at: number) => (at + 8 <= view.byteLength ? view.getBigUint64(at, true) : 0n);
  for (let entry = 0; entry < most; entry += 1) {
    const key = start + entry * size * 8 + (size - 2) * 8;
    if (word(key + 8) === 0n) continue;
    found.word(word(key));
    found.word(word(key + 8));
  }
}
