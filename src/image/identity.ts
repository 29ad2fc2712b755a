import { statSync } from "node:fs";
import type { Core } from "./core.ts";
import type { Image } from "./image.ts";
import { readModules } from "./modules/modules.ts";
import { randomOf, readProcess } from "./process.ts";
import type { Target } from "./target.ts";

/** What a target is of, for whoever finds its tables later. Null for what it does not say; all text is untrusted. */
export interface Identity {
  /** As it was given. */
  readonly path: string;
  /** When the file was written last, in ISO 8601; null for what is no file. */
  readonly time: string | null;
  readonly pid: number | null;
  readonly name: string | null;
  readonly commandLine: string | null;
  /** HOSTNAME in the environment that the program was started with. */
  readonly host: string | null;
  /** SHA-256 of the 16 bytes that the kernel made up when the program started: the same for no two processes. */
  readonly randomDigest: string | null;
  /** Of the program and its libraries, as far as they are saved. */
  readonly buildIds: readonly { readonly path: string; readonly buildId: string }[];
}

/** @throws CoregramError as reading does */
export function identifyTarget(target: Target): Promise<Identity> {
  return target.ask(async ({ core }) => {
    const process = core && readProcess(core);
    const random = core && randomOf(core);
    return {
      path: target.name,
      time: target.kind === "process" ? null : timeOf(target.name),
      pid: process?.pid ?? null,
      name: process?.name ?? null,
      commandLine: process?.commandLine ?? null,
      host: core && hostOf(core),
      randomDigest: random && (await digest(random)),
      buildIds: core === null ? [] : buildIdsOf(core),
    };
  });
}

async function digest(bytes: Uint8Array): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(bytes).digest("hex");
}

function buildIdsOf(core: Core) {
  return readModules(core).flatMap(({ path, buildId }) => (buildId === null ? [] : [{ path, buildId }]));
}

function timeOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mtime.toISOString() : null;
}

/** What is farther from its end is not looked at. */
const MOST_ENVIRONMENT_BYTES = 65_536;
const MOST_HOST_BYTES = 253;

/** The kernel puts the environment's texts right below the program's path (Linux fs/exec.c, `do_execveat_common`). */
function hostOf({ notes, image }: Core): string | null {
  const end = notes.auxiliary?.execName ?? null;
  if (end === null) return null;
  const text = Buffer.from(bytesBefore(image, end)).toString("latin1");
  const [, host = null] = /\0HOSTNAME=([\w.-]+)\0/.exec(text) ?? [];
  return host === null || host.length > MOST_HOST_BYTES ? null : host;
}

function bytesBefore(image: Image, end: bigint): Uint8Array {
  const segment = image.segmentAt(end);
  if (segment === null) return new Uint8Array(0);
  const room = end - segment.start;
  const bytes = new Uint8Array(Math.min(Number(room), MOST_ENVIRONMENT_BYTES));
  return bytes.subarray(0, image.read(end - BigInt(bytes.length), bytes));
}
