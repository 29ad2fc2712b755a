import { type NameUser, withoutInterpreter } from "../runtimes/index.ts";
import { Role } from "../terms/index.ts";
import { type FanOut, FEW_ITEMS } from "./fan-out.ts";
import type { OwnerDescription, OwnerGroup } from "./owner-groups.ts";
import type { Heap } from "./read-heap.ts";
import type { DiagnosePlace } from "./results/index.ts";
import type { Running } from "./running.ts";

/** So many threads or tasks that stand at one place are waiting for something that does not come. */
const LEAST_ALIKE = 20;
/** A variable of the program's own module, and nothing in it. */
const MAIN_VARIABLE = /^__main__\.[^.[<]+$/;

/** A function whose code names a container. */
export type Place = DiagnosePlace & Pick<NameUser, "once" | "callers" | "object">;

/** What of an owner tells whether it may grow for ever. */
export interface Evident extends OwnerDescription {
  readonly group: OwnerGroup;
  readonly fanOut: FanOut | null;
  readonly places: readonly Place[];
  /** The largest of the bounds that its containers have for their items; null where one has none. */
  readonly mostItems: number | null;
}

/**
 * Whether one core shows that something may grow for ever: it is no variable of a running function, it has many items, the
 * code adds to it one by one as it is called, takes nothing from it, gives it to no other code that might, and compares its
 * length with nothing. That is so too of what a job fills and then works
 * on, and of a table that is filled once, so:
 * - what drops an item for each that comes, once it has its bound, is not taken for it;
 * - what is filled in a loop, by a function that runs, or by one that only sets up is not taken for it;
 * - nor is what the program's own module holds, unless a server waits for more, or its code is done with it.
 */
export function mayGrow(
  heap: Heap,
  running: Running,
  { group, path, folded, length, fanOut, places, mostItems }: Evident,
): boolean {
  const alike = /^<(thread|stack|task|coroutine)s? in /.exec(group.like);
  if (alike !== null && folded !== null) {
    // What one of them has many of is folded as well.
    const [, many = String(folded)] = /^<([\d,]+) /.exec(path ?? "") ?? [];
    return Number(many.replaceAll(",", "")) >= LEAST_ALIKE && !areIdle(heap, running, group);
  }
  // A variable of a running function is gone when it returns.
  const like = withoutInterpreter(group.like);
  if (like.startsWith("<")) return false;
  if (mostItems !== null || (fanOut?.items ?? length ?? 0) < FEW_ITEMS) return false;
  const adding = places.filter(({ adds, mayAdd, function: name }) => (adds || mayAdd) && name !== "<module>");
  if (adding.length === 0 || places.some(mayBound)) return false;
  if (adding.some(({ function: name, file }) => running.runs(lastOf(name, "."), lastOf(file, "/"))))
    return false;
  if (!adding.some((place) => addsAsCalled(heap, place))) return false;
  if (!like.startsWith("__main__.") || running.serves) return true;
  return !MAIN_VARIABLE.test(like) && !adding.some(({ file }) => running.runs(null, lastOf(file, "/")));
}

/** Whether a container may have a bound by what a function does; what only makers call replaces nothing that was filled. */
function mayBound({ removes, replaces, mayRemove, callers }: Place): boolean {
  return mayRemove || (removes && !(replaces && callers === "makers"));
}

/** Whether a function adds once a call, and the program calls it again and again, as far as names tell. */
function addsAsCalled(heap: Heap, { once, callers, object, function: name }: Place): boolean {
  if (!once || callers === "makers") return false;
  // Nobody calls by its name what a framework calls: a method, what is kept as a handler.
  return callers === "others" || name.includes(".") || isKept(heap, object);
}

/** Whether anything but a module or a class has a function: keeps it to call it. */
function isKept({ graph: { reverse, objects, roles } }: Heap, node: number): boolean {
  return reverse.ends
    .subarray(reverse.firsts[node] ?? 0, reverse.firsts[node + 1] ?? 0)
    .some((holder) => holder < objects && roles[holder] !== Role.part && roles[holder] !== Role.scope);
}

/** Whether those that stand at one place wait for something to do. */
function areIdle({ references: { roots }, graph }: Heap, running: Running, { members }: OwnerGroup): boolean {
  const nodes = new Set(members.map(({ node }) => node));
  return roots.nodes.some((node, root) => {
    if (!nodes.has(node) || graph.roles[node] === Role.task) return false;
    const [, stack] = /^<(?:thread|stack) (\S+) /.exec(roots.nameOf(root)) ?? [];
    return stack !== undefined && (running.isIdle(stack) || running.waitsForInput(stack));
  });
}

function lastOf(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
