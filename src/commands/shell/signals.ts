const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Where there is something to clean up, what ends the program does that first, then lets it die by the same signal, so
 * that the shell sees it. Where there is nothing, signals keep their default action, which ends even a busy process at
 * once: call what this returns.
 */
export function onSignals(cleanUp: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    cleanUp();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return release;
}
