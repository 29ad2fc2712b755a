/** A mapping of the process: its addresses from `start` on hold `data`. */
export interface Region {
  readonly start: number;
  readonly data: Uint8Array;
  readonly permissions: "rw-" | "r--" | "r-x";
  /** How many of its bytes the core saves: the first ones. */
  savedBytes: number;
  /** The file it maps, for NT_FILE; null for anonymous memory. */
  readonly path: string | null;
  /** In pages. */
  readonly filePage: number;
  /** How many of its bytes map the file; the rest is anonymous memory that the kernel joined to it. */
  readonly fileBytes: number;
  readonly view: DataView;
}

export interface RegionPlan {
  readonly permissions?: Region["permissions"];
  readonly savedBytes?: number;
  readonly path?: string;
  readonly filePage?: number;
  readonly fileBytes?: number;
}

/** A process's memory, little-endian, filled word by word. */
export class Memory {
  readonly regions: Region[] = [];
  #last: Region | null = null;

  /** Maps memory that holds zeros. */
  map(start: number, bytes: number, plan: RegionPlan = {}): Region {
    const data = new Uint8Array(bytes);
    const region: Region = {
      start,
      data,
      permissions: plan.permissions ?? "rw-",
      savedBytes: plan.savedBytes ?? bytes,
      path: plan.path ?? null,
      filePage: plan.filePage ?? 0,
      fileBytes: plan.fileBytes ?? bytes,
      view: new DataView(data.buffer),
    };
    this.regions.push(region);
    return region;
  }

  /** More memory behind a mapping, not of its file: the kernel makes one of both. Returns where it begins. */
  extend(start: number, bytes: number): number {
    const index = this.regions.findIndex((region) => region.start === start);
    const region = this.regions[index];
    if (region === undefined) throw new RangeError(`no mapping begins at ${start.toString(16)}`);
    const data = new Uint8Array(region.data.length + bytes);
    data.set(region.data);
    this.regions[index] = { ...region, data, savedBytes: data.length, view: new DataView(data.buffer) };
    this.#last = null;
    return start + region.data.length;
  }

  u8(at: number, value: number): void {
    const region = this.#at(at, 1);
    region.view.setUint8(at - region.start, value);
  }

  u32(at: number, value: number): void {
    const region = this.#at(at, 4);
    region.view.setUint32(at - region.start, value, true);
  }

  /** A word; numbers below 0 in two's complement. */
  u64(at: number, value: number | bigint): void {
    const region = this.#at(at, 8);
    region.view.setBigUint64(at - region.start, BigInt.asUintN(64, BigInt(value)), true);
  }

  f64(at: number, value: number): void {
    const region = this.#at(at, 8);
    region.view.setFloat64(at - region.start, value, true);
  }

  bytes(at: number, bytes: Uint8Array): void {
    const region = this.#at(at, bytes.length);
    region.data.set(bytes, at - region.start);
  }

  readU8(at: number): number {
    const region = this.#at(at, 1);
    return region.view.getUint8(at - region.start);
  }

  readU32(at: number): number {
    const region = this.#at(at, 4);
    return region.view.getUint32(at - region.start, true);
  }

  readU64(at: number): number {
    const region = this.#at(at, 8);
    return Number(region.view.getBigUint64(at - region.start, true));
  }

  #at(at: number, bytes: number): Region {
    const has = ({ start, data }: Region) => at >= start && at + bytes <= start + data.length;
    if (this.#last === null || !has(this.#last)) this.#last = this.regions.find(has) ?? null;
    if (this.#last === null) throw new RangeError(`nothing is mapped at ${at.toString(16)}`);
    return this.#last;
  }
}
