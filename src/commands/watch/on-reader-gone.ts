import { spawn } from "node:child_process";
import { fstatSync } from "node:fs";

/**
 * Calls back once nobody reads from a pipe any more (`| head -1`): a write would tell, but there may be none for minutes, and
 * Node has no poll(2). tail has (coreutils 8.28 and later), and dies of SIGPIPE then. Where there is no such tail, nothing is
 * told, and the next write does.
 * @returns looks no longer
 */
export function onReaderGone(fd: number, gone: () => void): () => void {
  if (!fstatSync(fd).isFIFO()) return () => {};
  // With --pid it does not outlive us, and the pipe is closed when we are gone.
  const tail = spawn("tail", ["-f", `--pid=${process.pid}`, "/dev/null"], {
    stdio: ["ignore", fd, "ignore"],
  });
  tail.on("error", () => undefined);
  tail.on("exit", (_status, signal) => {
    if (signal === "SIGPIPE") gone();
  });
  tail.unref();
  return () => tail.kill();
}
