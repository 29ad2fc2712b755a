import { closeSync, fstatSync, readFileSync, readSync, type Stats } from "node:fs";
import { CoregramError } from "../terms/index.ts";
import { findCompression, HEAD_BYTES } from "./compressions.ts";
import { ioError } from "./errno.ts";
import { fileSource, irregularKind, openForReading, refuseIrregular, statPath } from "./file.ts";
import type { SharedSource } from "./source.ts";
import type { Expectation, SpoolOptions } from "./spooling.ts";

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
export async function openSource(name: string, options: OpenOptions): Promise<SharedSource> {
  const opened = name === "-" ? standardInput(options.stdin) : openPath(name);
  let expectation: Expectation | null;
  try {
    expectation = await examine(opened);
  } catch (error) {
    if (opened.owned) closeSync(opened.fd);
    throw error;
  }
  if (expectation === null) return fileSource(opened.name, opened.fd, opened.stats.size, opened.owned);
  // Loaded when they are needed: with node's sockets and terminals they take longer than a small file does.
  const [{ feedFile, feedStream }, { spoolFeed }] = await Promise.all([
    import("./feed.ts"),
    import("./spooling.ts"),
  ]);
  const feed = opened.stats.isFile()
    ? feedFile(opened.name, opened.fd, opened.start, opened.owned)
    : feedStream(opened.name, opened.fd);
  return spoolFeed(opened.name, feed, expectation, options);
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

/** What to expect of an input that must be spooled; null for a file that can be read in place. */
async function examine({ name, fd, stats, start }: Opened): Promise<Expectation | null> {
  if (!stats.isFile() || start === null) return { inputSize: null, leastBytes: 0 };
  const size = Math.max(0, stats.size - start);
  const head = readBytes(name, fd, start);
  const compression = findCompression(head);
  // A file under /proc says that it holds 0 bytes and still has some.
  if (start === 0 && compression === null && (size > 0 || head.length === 0)) return null;
  const tail = readBytes(name, fd, Math.max(start, stats.size - HEAD_BYTES));
  const leastBytes = compression ? ((await compression.load()).statedBytes?.(head, tail, size) ?? 0) : size;
  return { inputSize: size > 0 ? size : null, leastBytes };
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
