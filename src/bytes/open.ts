import { closeSync, fstatSync, readFileSync, readSync, type Stats } from "node:fs";
import { CoregramError } from "../terms/index.ts";
import { findCompression, HEAD_BYTES } from "./compressions.ts";
import { ioError } from "./errno.ts";
import { feedFile, feedStream } from "./feed.ts";
import { fileSource, irregularKind, openForReading, refuseIrregular, statPath } from "./file.ts";
import type { ByteSource } from "./source.ts";
import { type SpoolOptions, spoolFeed, UNKNOWN } from "./spooling.ts";

export interface OpenOptions extends SpoolOptions {
  /** The descriptor that `-` stands for. Where it is a regular file it stays open. */
  readonly stdin: number;
}

/** An open descriptor and what is known of it. */
interface Opened {
  readonly name: string;
  readonly fd: number;
  readonly stats: Stats;
  /** Whether we opened it, and so close it. */
  readonly owned: boolean;
  /** Where a regular file begins for us; null where only the system knows. */
  readonly start: number | null;
}

/**
 * Opens what the user named: a regular file as it is; a compressed one, a FIFO or a pipe spooled first.
 * @param name a path, or `-` for stdin
 * @throws CoregramError `io` where it cannot be opened or is no such thing, `format` where a compressed stream
 * is broken, `limit` where the spool does not fit
 */
export async function openSource(name: string, options: OpenOptions): Promise<ByteSource> {
  const opened = name === "-" ? standardInput(options.stdin) : openPath(name);
  return opened.stats.isFile()
    ? openRegular(opened, options)
    : spoolFeed(opened.name, feedStream(opened.name, opened.fd), UNKNOWN, options);
}

function openPath(name: string): Opened {
  refuseOthers(name, statPath(name));
  const fd = openForReading(name);
  try {
    // Once more on the descriptor: the path may lead elsewhere by now.
    const stats = fstatSync(fd);
    refuseOthers(name, stats);
    return { name, fd, stats, owned: true, start: 0 };
  } catch (error) {
    closeSync(fd);
    throw ioError(name, error);
  }
}

function refuseOthers(name: string, stats: Stats): void {
  if (!stats.isFIFO()) refuseIrregular(name, stats);
}

function standardInput(fd: number): Opened {
  let stats: Stats;
  try {
    stats = fstatSync(fd);
  } catch (error) {
    throw ioError("-", error);
  }
  const kind = irregularKind(stats);
  if (kind === "directory" || kind === "block device") {
    throw new CoregramError("io", `standard input is a ${kind}`);
  }
  return { name: "-", fd, stats, owned: false, start: kind === null ? fileOffset(fd) : null };
}

/**
 * Where the shell has left a descriptor, for `(read header; coregram -) < FILE`. Only Linux tells (proc(5), fdinfo);
 * elsewhere such a file is spooled, because a plain read starts there everywhere.
 */
function fileOffset(fd: number): number | null {
  try {
    const position = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))?.[1];
    return position === undefined ? null : Number(position);
  } catch {
    return null;
  }
}

async function openRegular(opened: Opened, options: OpenOptions): Promise<ByteSource> {
  const { name, fd, stats, owned, start } = opened;
  const feed = feedFile(name, fd, start, owned);
  if (start === null) return spoolFeed(name, feed, UNKNOWN, options);
  try {
    const size = Math.max(0, stats.size - start);
    const head = readBytes(name, fd, start);
    const compression = findCompression(head);
    // A file under /proc says that it holds 0 bytes and still has some.
    if (start === 0 && compression === null && (size > 0 || head.length === 0)) {
      return fileSource(name, fd, size, owned);
    }
    const tail = readBytes(name, fd, Math.max(start, stats.size - HEAD_BYTES));
    const leastBytes = compression ? ((await compression.load()).statedBytes?.(head, tail, size) ?? 0) : size;
    return await spoolFeed(name, feed, { inputSize: size > 0 ? size : null, leastBytes }, options);
  } catch (error) {
    feed.close();
    throw error;
  }
}

/** The bytes that tell a format, from an offset of a regular file on; fewer at its end. */
function readBytes(name: string, fd: number, position: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, position));
  } catch (error) {
    throw ioError(name, error);
  }
}
