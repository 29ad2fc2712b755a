// Run as a process of its own by output.test.ts, for what needs a real standard output.
// arguments: lines to write, output path ("" for standard output), "touch-stderr" to make 2>&1 non-blocking
import { openOutput } from "../../../src/commands/shell/open-output.ts";
import { type Output, writeChunks } from "../../../src/commands/shell/output.ts";
import { isBrokenPipe } from "../../../src/commands/shell/output-error.ts";

const [lines = "0", path = "", mode = ""] = process.argv.slice(2);
// Node's stderr makes the pipe that it shares with stdout non-blocking.
if (mode === "touch-stderr") process.stderr.write("");

function* makeChunks(): Generator<string> {
  const chunk = `${"x".repeat(63)}\n`.repeat(1024);
  for (let left = Number(lines); left > 0; left -= 1024) yield chunk.slice(0, 64 * left);
}

let output: Output | null = null;
try {
  output = await openOutput({ path: path === "" ? null : path, stdoutFd: 1 });
  await writeChunks(output, makeChunks());
  output.finish();
} catch (error) {
  output?.abandon();
  if (isBrokenPipe(error)) process.exitCode = 32;
  else {
    process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : error}\n`);
    process.exitCode = 1;
  }
}
