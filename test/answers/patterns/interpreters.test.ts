import { expect, it } from "vitest";
import { diagnoseProgram, PYTHONS } from "./processes.ts";

/** From 3.12 on, whose interpreters each have an allocator of their own. */
const PYTHON = PYTHONS.filter((path) => /3\.1[2-9]$/.test(path)).at(-1);

it.skipIf(PYTHON === undefined)(
  "what another interpreter's module gathers is told of as the first one's is",
  async () => {
    const { rows } = await diagnoseProgram(
      PYTHON ?? "",
      `CODE = '''
import sys, types
store = types.ModuleType("store")
sys.modules["store"] = store
exec("""
import functools
class Store:
  def remember(self, key): gathered[key] = bytes(700) + b"%d" % key
gathered = {}
@functools.lru_cache(maxsize=None)
def looked_up(key): return bytes(900) + b"%d" % key
""", store.__dict__)
for key in range(4000):
  store.Store().remember(key)
  store.looked_up(key)
'''
try:
  from concurrent import interpreters
  one = interpreters.create()
  one.exec(CODE)
except ImportError:
  try: import _interpreters as low
  except ImportError: import _xxsubinterpreters as low
  one = low.create()
  (low.exec if hasattr(low, "exec") else low.run_string)(one, CODE)`,
    );
    const found = (path: string) => rows.find((row) => row.path?.startsWith(path));
    const gathered = "<interpreter 1>.store.gathered";
    expect(found(gathered)).toMatchObject({ path: gathered, length: 4000, verdict: "looks like a leak" });
    const cache = found("<interpreter 1>.store.looked_up");
    expect(cache).toMatchObject({ kind: "cache" });
    expect(cache?.next).toContain(`--of '<interpreter 1>.store.looked_up`);
  },
  60_000,
);
