"""Opens drawn numbers of files, sockets and event loops, closes some, keeps garbage; writes what is there, then says "ready"."""

import asyncio
import collections
import ctypes
import gc
import io
import itertools
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

gc.disable()
chance = random.Random(int(sys.argv[2]))
folder = sys.argv[1] + "-files"
os.makedirs(folder)
kept = []


numbers = itertools.count()


def path(name):
    return os.path.join(folder, "%d-%s" % (next(numbers), name))


def existing(name):
    where = path(name)
    with open(where, "w") as file:
        file.write("something\n" * 10)
    return where


def by_descriptor():
    return io.FileIO(os.open(existing("number"), os.O_RDONLY), "r", closefd=chance.random() < 0.5)


def a_subclass():
    class Log(io.FileIO):
        pass

    return Log(path("log"), "a")


FILES = [
    lambda: open(existing("text")),
    lambda: open(existing("both"), "r+"),
    lambda: open(existing("binary"), "rb"),
    lambda: open(existing("raw"), "rb", buffering=0),
    lambda: open(path("日本 \x1b[31m"), "wb"),
    lambda: open(path("\udc80"), "w"),
    lambda: open(path("new"), "x"),
    lambda: open(path("new"), "xb+"),
    lambda: open(path("end"), "a+"),
    lambda: open(path("end"), "ab"),
    lambda: open(path("bytes").encode(), "w+b", buffering=0),
    lambda: open(path("x" * 200), "w"),
    lambda: os.fdopen(os.pipe()[0], "rb"),
    lambda: tempfile.TemporaryFile(),
    lambda: tempfile.NamedTemporaryFile(dir=folder),
    by_descriptor,
    a_subclass,
]


def timed(one):
    one.settimeout(chance.choice([None, 0, 0.0004, 2.5, chance.randint(1, 10**6)]))
    return one


def detached():
    one = socket.socket()
    one.detach()
    return one


SOCKETS = [
    lambda: timed(socket.socket()),
    lambda: timed(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    lambda: timed(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)),
    lambda: [timed(one) for one in socket.socketpair()],
    lambda: socket.socket(socket.AF_UNIX).makefile("rb"),
    detached,
]


def nothing():
    pass


def begun():
    """A loop that never ran, with callbacks and timers."""
    loop = asyncio.new_event_loop()
    for _ in range(chance.randint(0, 5)):
        loop.call_soon(nothing)
    for _ in range(chance.randint(0, 5)):
        loop.call_later(1000, nothing)
    if chance.random() < 0.3:
        loop.close()
    return loop


blocked = threading.Semaphore(0)
natives = {}


def run(loop, callbacks, timers):
    """Runs a loop, of whose callbacks one blocks those behind it."""
    natives[threading.get_ident()] = threading.get_native_id() if hasattr(threading, "get_native_id") else None

    def block():
        blocked.release()
        time.sleep(1000)

    for _ in range(timers):
        loop.call_later(1000, nothing)
    loop.call_soon(block)
    for _ in range(callbacks):
        loop.call_soon(nothing)
    loop.run_forever()


def draw(makers, least, most):
    """Of each kind some, of which some are closed and kept, and some are closed and gone."""
    for make in makers:
        for _ in range(chance.randint(least, most)):
            made = make()
            fate = chance.random()
            if fate < 0.4 and hasattr(made, "close"):
                made.close()
            if fate > 0.2 or not hasattr(made, "close"):
                kept.append(made)


class Node:
    def __init__(self):
        self.me = self


draw(FILES, 1, 4)
draw(SOCKETS, 1, 4)
kept += [begun() for _ in range(chance.randint(2, 5))]
for _ in range(chance.randint(1, 4)):
    loop = asyncio.new_event_loop()
    kept.append(loop)
    drawn = (loop, chance.randint(0, 4), chance.randint(0, 4))
    threading.Thread(target=run, args=drawn, daemon=True).start()
    blocked.acquire()

gc.collect()
if chance.random() < 0.8:
    gc.set_debug(gc.DEBUG_SAVEALL)
    for _ in range(chance.randint(1, 300)):
        Node()
    for _ in range(chance.randint(0, 20)):
        ring = []
        ring.append(ring)
        del ring
    gc.collect()
    gc.set_debug(0)


def name_of(kind):
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def all_of(kind):
    return [one for one in gc.get_objects() if isinstance(one, kind)]


def files():
    around = {}
    for one in all_of((io.BufferedReader, io.BufferedWriter, io.BufferedRandom)):
        around[id(one.raw)] = one
    for one in all_of(io.TextIOWrapper):
        around[id(one.buffer)] = one
    rows = []
    for raw in all_of(io.FileIO):
        outer = around.get(id(raw), raw)
        outer = around.get(id(outer), outer)
        name = getattr(raw, "name", None)
        fd = None if raw.closed else raw.fileno()
        rows.append(
            {
                "fd": fd,
                "path": os.fsdecode(name) if isinstance(name, (str, bytes)) else None,
                "mode": io.FileIO.mode.__get__(raw),
                "type": name_of(type(outer)),
                "address": hex(id(outer)),
            }
        )
    return rows


def millis(timeout):
    return None if timeout is None else -(-round(timeout * 10**9) // 10**6)


def sockets():
    return [
        {
            "fd": None if one.fileno() < 0 else one.fileno(),
            "family": socket.AddressFamily(one.family).name,
            "kind": socket.SocketKind(one.type).name,
            "timeoutMillis": millis(one.gettimeout()),
            "type": name_of(type(one)),
            "address": hex(id(one)),
        }
        for one in all_of(socket.socket)
    ]


def loops():
    return [
        {
            "state": "closed" if one.is_closed() else "running" if one.is_running() else "stopped",
            "ready": len(one._ready),
            "scheduled": len(one._scheduled),
            "thread": natives.get(one._thread_id),
            "type": name_of(type(one)),
            "address": hex(id(one)),
        }
        for one in all_of(asyncio.AbstractEventLoop)
    ]


truth = {"files": files(), "sockets": sockets(), "loops": loops()}
truth["garbage"] = collections.Counter(name_of(type(one)) for one in gc.garbage)
truth["links"] = {}
for row in truth["files"] + truth["sockets"]:
    if row["fd"] is not None:
        truth["links"][row["fd"]] = os.readlink("/proc/self/fd/%d" % row["fd"])
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
os.write(out, json.dumps(truth).encode())
os.close(out)
print("ready", flush=True)
time.sleep(1000)
