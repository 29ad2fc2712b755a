"""Threads whose functions have variables of all kinds: writes what sys._current_frames() says of these, then "ready"."""

import ctypes
import json
import sys
import threading
import time

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

asleep = threading.Semaphore(0)


def sleep():
    asleep.release()
    time.sleep(1000)


class Point:
    def __init__(self, x):
        self.x = x

    def method(self, first, *args, key=5, **more):
        text, wide, number, big, half = "a text", "t\xe9xt", 42, 2**100, 1.5
        yes, nothing, data = True, None, b"by\x00tes"
        items, pair, mapping, numbers = [1, "two", [3]], (1, 2), {"k": 1}, {7}
        point, kind, function = Point(3), Point, sleep
        gone = 1
        del gone
        sleep()
        return text, wide, number, big, half, yes, nothing, data, items, pair, mapping, numbers, point, kind, function


def plain():
    Point(1).method("one", 2, 3, other="x")


def shared():
    def outer(argument, untouched):
        own = "of a cell"
        later = None

        def inner(mine):
            nonlocal later
            later = [own, argument]
            sleep()
            return mine

        return inner("inner"), untouched

    outer("shared", 9)


def comprehension():
    seen = 1
    return [sleep() for each in range(3) if each + seen]


def generator():
    def items(first):
        held = first + 1
        sleep()
        yield held

    return list(items(41))


def many():
    names = {}
    exec("def made():\n" + "".join(f"  v{i} = {i}\n" for i in range(300)) + "  sleep()\n", globals(), names)
    names["made"]()


PLAIN = (int, float, str, bytes, type(None))


def describe(value):
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return [name, hex(id(value)), sys.getsizeof(value), repr(value) if isinstance(value, PLAIN) else None]


def stack_of(frame):
    stack = []
    while frame is not None:
        code = frame.f_code
        arguments = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        stack.append(
            {
                "function": code.co_name,
                "arguments": sorted(code.co_varnames[:arguments]),
                "cells": sorted(code.co_cellvars),
                "free": sorted(code.co_freevars),
                "locals": {name: describe(value) for name, value in frame.f_locals.items()},
            }
        )
        frame = frame.f_back
    return stack


kinds = [plain, shared, comprehension, generator, many]
threads = [threading.Thread(target=kind, daemon=True, name=kind.__name__) for kind in kinds]
for thread in threads:
    thread.start()
for thread in threads:
    asleep.acquire()
time.sleep(0.5)
frames = sys._current_frames()
truth = {str(thread.ident): stack_of(frames[thread.ident]) for thread in threads}
with open(sys.argv[1], "w") as file:
    json.dump(truth, file)
# What f_locals were kept in goes away again.
del frames, truth
print("ready", flush=True)
sys.stdin.read()
time.sleep(1000)
