import type { Chunks, Progress } from "../kernel/index.ts";
import type { Listener } from "../terms/index.ts";

/** Progress of a stage that counts in items of its own. */
export function stageProgress(listener: Listener, target: string): (stage: string) => Progress {
  return (stage) => (done, all) => listener({ kind: "progress", target, stage, done, all, bytes: null });
}

/** Progress of a pass over chunks of words, in bytes. */
export function chunkProgress(listener: Listener, chunks: Chunks): Progress {
  const { chunkBytes, from } = chunks;
  const target = from.name;
  return (done, all) => {
    const bytes = done * chunkBytes;
    listener({ kind: "progress", target, stage: "counting", done: bytes, all: all * chunkBytes, bytes });
  };
}
