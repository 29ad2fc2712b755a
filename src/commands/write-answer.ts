import { type Output, openOutput, writeChunks } from "../views/index.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Standard output's descriptor. */
const STDOUT = 1;

/**
 * Opens the output (`-` is standard output, as elsewhere), lets `work` make the answer's chunks, writes them. Opened first, so that an output that
 * cannot be written is known before the long work. Whatever happens, no temporary file stays.
 * @throws what `work` throws, CoregramError `io` where the answer cannot be written
 */
export async function writeAnswer(
  path: string | undefined,
  work: () => Promise<Iterable<Uint8Array | string>>,
): Promise<void> {
  const output = await openOutput({ path: path === "-" ? null : (path ?? null), stdoutFd: STDOUT });
  const release = cleanUpOnSignals(output);
  try {
    await writeChunks(output, await work());
    output.finish();
  } catch (error) {
    output.abandon();
    throw error;
  } finally {
    release();
  }
}

// Without a temporary file there is nothing to clean up, and the signals keep their default action, which ends
// even a busy process at once. With one: unlink, then die by the same signal, so that the shell sees it.
function cleanUpOnSignals(output: Output): () => void {
  if (output.temporaryPath === null) return () => {};
  const onSignal = (signal: NodeJS.Signals) => {
    output.abandon();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return release;
}
