import { formatCount } from "../terms/index.ts";
import type { StackThread } from "./results/index.ts";

/**
 * What threads that are at the same place have and wait for, in a line: `waits for lock app.pool._lock`; null where there is nothing
 * to say. Where they differ, how many do what.
 * @param all all threads, for those that have what others wait for
 */
export function stateOf(threads: readonly StackThread[], all: readonly StackThread[]): string | null {
  const counts = new Map<string, number>();
  for (const thread of threads) {
    const text = stateText(thread, all);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const told = [...counts].filter(([text]) => text !== "");
  if (counts.size === 1) return told[0]?.[0] ?? null;
  return told.map(([text, count]) => `${formatCount(count)} of them: ${text}`).join("; ");
}

function stateText(thread: StackThread, all: readonly StackThread[]): string {
  const { gil, call, waits, raises, handles } = thread;
  const parts: string[] = [];
  if (gil === "holds") parts.push("holds the GIL");
  if (waits !== null) parts.push(waitText(waits, all));
  else if (call !== null)
    parts.push(
      `in ${call.name ?? `system call ${call.number}`}${call.file === null ? "" : `(${call.file})`}`,
    );
  if (raises !== null) parts.push(`raises ${exceptionText(raises)}`);
  if (handles.length > 0) parts.push(`handles ${handles.map(exceptionText).join(", in the handler of ")}`);
  return parts.join(", ");
}

function waitText(
  { kind, address, path, owner, depth }: NonNullable<StackThread["waits"]>,
  all: readonly StackThread[],
): string {
  if (kind === "gil") return "waits for the GIL";
  if (kind === "futex") return `waits for a futex at ${address}`;
  const lock = `waits for ${kind === "lock" ? "lock" : "RLock"} ${path ?? address}`;
  if (owner === null) return lock;
  const holder = all.find(({ ident }) => ident === owner);
  const name = holder?.name == null ? "" : ` ${holder.name}`;
  const times = depth !== null && depth > 1 ? `, taken ${formatCount(depth)} times` : "";
  return `${lock} of thread ${holder?.thread ?? owner}${name}${times}`;
}

function exceptionText({ type, text }: NonNullable<StackThread["raises"]>): string {
  return text ?? type.replace(/^builtins\./, "");
}
