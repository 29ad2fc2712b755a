"""A program that keeps tracemalloc.Snapshots; a twin of it, made by fork, writes what compare_to() says.

The fork is libc's own, which runs no Python: what the twin says is true of this process but for the lines of `twin`.
"""

import ctypes
import gc
import json
import os
import sys
import time
import tracemalloc

libc = ctypes.PyDLL(None)
libc.prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it
fork, waitpid = libc.fork, libc.waitpid  # looked up once: that allocates
track = ctypes.pythonapi.PyTraceMalloc_Track
DOMAIN, FIRST = ctypes.c_uint(4711), 0x10000

tracemalloc.start(3)
ODD = ["módulo ü.py", "日本.py", "<string>", "x" * 3000 + ".py", "a:b:12.py", "\U0001f40d.py"]
SOURCE = "def f(n):\n  r = []\n  for i in range(n):\n    r.append((i, [i]))\n  return r\n"
spaces = []
for name in ODD:
    spaces.append({})
    exec(compile(SOURCE, name, "exec"), spaces[-1])
kept = {}


def work(times):
    for space in spaces:
        kept.setdefault("odd", []).append(space["f"](times))
    kept[times] = [bytes(times + i % 9) for i in range(times)]
    kept[-times] = bytearray(times << 8)
    for i in range(times // 10):
        address = FIRST + 64 * (len(kept) * 1000 + i)
        track(DOMAIN, ctypes.c_size_t(address), ctypes.c_size_t(1000 + times))


def grow(times):
    work(times)


class Keeper:
    def __init__(self):
        self.first = None
        self.later = []


OWN = Keeper.__init__.__code__.co_firstlineno


# What follows takes snapshots and makes the truth, to the last line: blocks on free lists are used for both.
keeper = Keeper()
grow(100)
keeper.first = tracemalloc.take_snapshot()
grow(2000)
keeper.later.append(tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__, all_frames=True)]))
grow(300)
del kept[100]
keeper.later.append(tracemalloc.take_snapshot())
grow(70)


def twin():
    gc.collect()
    gc.disable()
    child = fork()
    if child:
        waitpid(child, None, 0)
        return
    now = tracemalloc.take_snapshot()
    tracemalloc.stop()
    grew = {}
    kept = [("first", keeper.first)] + [("later[%d]" % i, one) for i, one in enumerate(keeper.later)]
    for name, snapshot in kept:
        for by in ("lineno", "filename", "traceback"):
            grew["%s %s" % (name, by)] = [str(one) for one in now.compare_to(snapshot, by)]
        grew["%s cumulative" % name] = [str(one) for one in now.compare_to(snapshot, "lineno", True)]
    truth = {
        "own": OWN,
        "traces": [len(snapshot.traces) for _, snapshot in kept],
        "bytes": [sum(trace.size for trace in snapshot.traces) for _, snapshot in kept],
        "grew": grew,
    }
    with open(sys.argv[1], "w") as out:
        json.dump(truth, out)
    os._exit(0)


twin()
print("ready", flush=True)
time.sleep(1000)
