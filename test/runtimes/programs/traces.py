"""Traced memory: a twin of it, made by fork, writes what tracemalloc says of both; then it says "ready".

The fork is libc's own, which runs no Python: what the twin says is true of this process but for the lines of `twin`.
"""

import collections
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

FRAMES = int(sys.argv[2])
KIND = sys.argv[3]
tracemalloc.start(FRAMES)


class Profiler:
    results = []

    def end(self, name):
        self.results.append((name, len(self.results), (time.time(), [name])))


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


def deep(left, keep):
    if left:
        return deep(left - 1, keep)
    keep.append([None] * 50)


ODD = ["módulo ü.py", "日本.py", "<string>", "x" * 3000 + ".py", "a:b:12.py", "\U0001f40d.py", "\uff5e.py"]
SOURCE = "def f(n):\n  r = []\n  for i in range(n):\n    r.append((i, [i]))\n  return r\n"
kept, cache, queue = [], {}, collections.deque()


def work(times):
    for i in range(times):
        Profiler().end("request %d" % i)
        if i % 2:
            cache["key %d" % i] = {"i": i, "s": str(i) * 3}
        if i % 5 == 0:
            kept.append(Slotted(i + 0.5, bytes(700)))
        queue.append(bytearray(i % 300))
        if len(queue) > 1000:
            queue.popleft()
        if i % 50 == 0:
            deep(i % 40, kept)
    kept.append(bytearray(1 << 20))
    for i, name in enumerate(ODD):
        space = {}
        exec(compile(SOURCE, name, "exec"), space)
        kept.append(space["f"](40 + i))


def track(times):
    for i in range(times):
        ctypes.pythonapi.PyTraceMalloc_Track(
            ctypes.c_uint(4711), ctypes.c_size_t(0x10000 + 64 * i), ctypes.c_size_t(1000 + i)
        )


if KIND == "on":
    work(2000)
    track(300)


# What follows makes the truth, to the last line.
def rows(snapshot, by, cumulative=False):
    statistics = snapshot.statistics(by, cumulative)
    return [[[list(frame) for frame in s.traceback._frames], s.size, s.count, str(s)] for s in statistics]


def held(root):
    """How many objects of each type and line a list leads to through lists and tuples."""
    counts, seen, todo = collections.Counter(), set(), list(root)
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, (list, tuple)):
            todo.extend(one)
        traceback = tracemalloc.get_object_traceback(one)
        if traceback is not None:
            frame = traceback[-1]
            counts["%s %s:%d" % (type(one).__name__, frame.filename, frame.lineno)] += 1
    return counts


def twin():
    gc.collect()
    gc.disable()
    child = fork()
    if child:
        waitpid(child, None, 0)
        return
    traced, peak = tracemalloc.get_traced_memory()
    overhead = tracemalloc.get_tracemalloc_memory()
    snapshot = tracemalloc.take_snapshot()
    results = held(Profiler.results)
    tracemalloc.stop()
    truth = {
        "results": results,
        "traced": traced,
        "peak": peak,
        "overhead": overhead,
        "traces": len(snapshot.traces),
        "own": rows.__code__.co_firstlineno,
        "line": rows(snapshot, "lineno"),
        "file": rows(snapshot, "filename"),
        "traceback": rows(snapshot, "traceback"),
        "cumulative line": rows(snapshot, "lineno", True),
        "cumulative file": rows(snapshot, "filename", True),
    }
    with open(sys.argv[1], "w") as out:
        json.dump(truth, out)
    os._exit(0)


if KIND == "off":
    work(100)
    tracemalloc.stop()
    with open(sys.argv[1], "w") as out:
        json.dump({}, out)
else:
    twin()
print("ready", flush=True)
time.sleep(1000)
