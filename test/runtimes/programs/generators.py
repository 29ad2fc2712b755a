"""Generators, coroutines and async generators in each state: writes what inspect says of them, then says "ready"."""

import ctypes
import gc
import inspect
import json
import sys
import time
import types
from collections import Counter

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it


def numbers(n):
    for i in range(n):
        yield i


def delegating(n):
    yield "first"
    yield from numbers(n)


class Stuck:
    def __await__(self):
        return (yield "stuck")


async def fetch(stuck):
    await stuck


async def call(stuck):
    try:
        await fetch(stuck)
    finally:
        stuck = None


async def ticks(stuck):
    yield 1
    await stuck
    yield 2


@types.coroutine
def old():
    yield "old"


async def awaits_old():
    await old()


def running(out):
    made = out
    yield made()


kept = []


def begun(coroutine, steps=1):
    for _ in range(steps):
        coroutine.send(None)
    kept.append(coroutine)


for i in range(200):
    kept.append(numbers(3))
    kept.append(fetch(Stuck()))
    begun(numbers(3), 1 + i % 3)
    begun(call(Stuck()))
for i in range(30):
    begun(delegating(2), 1 + i % 2)
    begun(awaits_old())
    kept.append(ticks(Stuck()))
    ended = numbers(0)
    list(ended)
    kept.append(ended)
for i in range(20):
    # One that stands at its yield, and one that awaits.
    for awaits in (False, True):
        agen = ticks(Stuck())
        kept.append(agen)
        for _ in range(1 + awaits):
            step = agen.asend(None)
            try:
                step.send(None)
            except StopIteration:
                pass
        kept.append(step)

KINDS = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)


def state_of(one):
    if isinstance(one, types.GeneratorType):
        return inspect.getgeneratorstate(one), one.gi_frame, one.gi_code, one.gi_yieldfrom
    if isinstance(one, types.CoroutineType):
        return inspect.getcoroutinestate(one), one.cr_frame, one.cr_code, one.cr_await
    frame = one.ag_frame
    if frame is None:
        state = "AGEN_CLOSED"
    elif one.ag_running and one.ag_await is None:
        state = "AGEN_RUNNING"
    else:
        state = "AGEN_CREATED" if frame.f_lasti < 0 or frame.f_lineno == one.ag_code.co_firstlineno else "AGEN_SUSPENDED"
    return state, frame, one.ag_code, one.ag_await


def make_truth():
    gc.collect()
    rows = Counter()
    finished = 0
    for one in gc.get_objects():
        if not isinstance(one, KINDS):
            continue
        state, frame, code, awaited = state_of(one)
        state = state.split("_")[1].lower()
        if state == "closed":
            finished += 1
            continue
        # frozen modules and the like have theirs, too
        if code.co_filename != __file__:
            continue
        kind = type(awaited)
        rows[
            type(one).__name__,
            state,
            getattr(code, "co_qualname", code.co_name),
            frame.f_lineno,
            None if awaited is None else "%s.%s" % (kind.__module__, kind.__qualname__),
        ] += 1
    with open(sys.argv[1], "w") as file:
        json.dump({"rows": [[*key, count] for key, count in rows.items()], "finished": finished, "file": __file__}, file)
    print("ready", flush=True)
    time.sleep(1000)


begun(running(make_truth))
