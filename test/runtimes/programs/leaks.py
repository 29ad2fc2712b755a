"""Leaks of many kinds, each of another length: what holds them is known. Says "ready" and waits to be dumped."""
import asyncio, collections, functools, gc, itertools, logging, sys, threading, time, weakref

CACHE = {}
for i in range(3000):
    CACHE["key-%d" % i] = [i + 1000]


@functools.lru_cache(maxsize=None)
def fetch(i):
    return "fetched-%d" % i


for i in range(2900):
    fetch(i)


def make_visit():
    seen = ["seen-%d" % i for i in range(2800)]

    def visit():
        return seen

    return visit


visit = make_visit()


class Listener:
    def __init__(self, i):
        self.number = i + 2000

    def on_event(self):
        pass


CALLBACKS = [Listener(i).on_event for i in range(2700)]

local = threading.local()
local.rows = ["row-%d" % i for i in range(2600)]


def fail():
    payload = ["payload-%d" % i for i in range(2500)]
    raise ValueError(len(payload))


try:
    fail()
except ValueError as error:
    ERROR = error


class Keeper(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record.getMessage())


keeper = Keeper()
logging.root.addHandler(keeper)
for i in range(2400):
    logging.warning("message %d", i)
del keeper


async def work():
    rows = ["work-%d" % i for i in range(2300)]
    await asyncio.sleep(3600)
    return rows


loop = asyncio.new_event_loop()
loop.create_task(work())
loop.call_soon(loop.stop)
loop.run_forever()
loop.call_soon(loop.stop)
loop.run_forever()


class Node:
    def __init__(self):
        self.me = self
        self.lost = ["lost-%d" % i for i in range(2200)]

    def __del__(self):
        pass


gc.disable()
Node()

CYCLE = itertools.cycle(["turn-%d" % i for i in range(2100)])
RECENT = collections.deque("recent-%d" % i for i in range(2000))


class Registry:
    references = []

    @classmethod
    def register(cls, thing):
        cls.references.append(weakref.ref(thing))


for i in range(1900):
    Registry.register(Listener(i))

NAMES = [sys.intern("name-%d" % i) for i in range(1800)]


def handle():
    held = ["held-%d" % i for i in range(1700)]
    print("ready", flush=True)
    time.sleep(600)
    return held


thread = threading.Thread(target=handle, daemon=True)
thread.start()
time.sleep(600)
