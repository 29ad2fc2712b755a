import { type Compress, compressedMembers, gzipMember, zstdFrame } from "../../bytes/index.ts";
import { dumpProcess, writeProcess } from "../../image/index.ts";
import { CoregramError, formatBytes, formatCount } from "../../terms/index.ts";
import { stopProcess } from "../pause/stop-process.ts";
import { answer } from "../shell/answer.ts";
import { type RedactArgs, refuseRedacted } from "../shell/redaction.ts";
import { memoryOf } from "../shell/settings.ts";
import { requirePid } from "../shell/subject.ts";

export interface DumpArgs extends RedactArgs {
  readonly pid: string | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
  readonly memory: number | undefined;
}

/** Compressions that a name may promise, and that are not made. */
const OTHERS = /\.(?:xz|lz4|bz2|zip)$/;

/** `coregram dump PID -o FILE`: a core of a living process. */
export async function runDump(args: DumpArgs): Promise<undefined> {
  const { pid: given, output, quiet, memory } = args;
  refuseRedacted(args, "a core is all that the process had in memory: dump takes no --redact");
  const pid = requirePid(given, "coregram dump PID -o FILE");
  const isTerminal = output === undefined || output === "-";
  if (isTerminal && process.stdout.isTTY)
    throw new CoregramError("usage", `a core is no text for a terminal: coregram dump ${pid} -o core.${pid}`);
  const compress = compressionOf(output ?? "");
  return answer({ output, quiet, isSecret: true }, async ({ listener, keep, places }) => {
    const target = `--pid ${pid}`;
    const note = (text: string) => listener({ kind: "note", target, text });
    const stop = () => stopProcess(pid, (text) => note(`pid ${pid} ${text}`));
    const options = { memory: memoryOf(memory), stop };
    const say = (bytes: number) => note(`a core of ${formatBytes(bytes)} (${formatCount(bytes)} bytes)`);
    if (places !== null && compress === null) {
      const bytes = await writeProcess(pid, options, places, listener);
      say(bytes);
      return [bytes];
    }
    const { bytes, chunks } = keep(await dumpProcess(pid, options, listener));
    say(bytes);
    return compress === null ? chunks : compressedMembers(chunks, compress);
  });
}

/** How what is written is compressed, by its name. @throws CoregramError `usage` where it cannot be */
function compressionOf(output: string): Compress | null {
  const other = OTHERS.exec(output)?.[0];
  if (other !== undefined)
    throw new CoregramError("usage", `--output ${output}: it is .gz or .zst that is written, not ${other}`);
  if (!output.endsWith(".zst")) return output.endsWith(".gz") ? gzipMember : null;
  if (zstdFrame === null)
    throw new CoregramError(
      "usage",
      `--output ${output}: zstd comes with Node 22.15, here is ${process.version}: .gz`,
    );
  return zstdFrame;
}
