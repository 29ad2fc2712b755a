"""Objects of many kinds, live, freed and in cycles, with what the process itself knows of them:

    kinds.py TRUTH.json [COUNT]

Runs on CPython 3.9 and later, the standard library alone. Says "ready" and waits to be dumped.
"""
import array, builtins, collections, datetime, decimal, enum, gc, os, re, sys, time, types, weakref

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import truth

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 2000


class Plain:
    def __init__(self, i):
        self.number, self.label = i + 1000, "plain-%d" % i


class Slotted:
    __slots__ = ("left", "right", "__weakref__")

    def __init__(self, i):
        self.left, self.right = i + 5000, (i, str(i))


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    def __init__(self, i):
        self.i = i


class Outer:
    class Inner:
        def __init__(self, i):
            self.value = i + 0.5


class Text(str):
    pass


class Number(int):
    pass


class Table(dict):
    pass


class Colour(enum.Enum):
    RED, GREEN, BLUE = 1, 2, 3


Point = collections.namedtuple("Point", "x y")


def generate(i):
    yield i
    yield i + 1


async def wait(i):
    await Awaited(i)


class Awaited:
    def __init__(self, i):
        self.i = i

    def __await__(self):
        yield self.i


def fail(i):
    raise ValueError("failed-%d" % i)


def caught(i):
    try:
        fail(i)
    except ValueError as error:
        return error


def started(i):
    generator = generate(i)
    next(generator)
    return generator


def waiting(i):
    coroutine = wait(i)
    coroutine.send(None)
    return coroutine


MAKERS = {
    "plain": Plain,
    "slotted": Slotted,
    "metas": WithMeta,
    "inners": lambda i: Outer.Inner(i),
    "texts": lambda i: Text("text-%d" % i),
    "numbers": Number,
    "tables": lambda i: Table(a=i),
    "points": lambda i: Point(i, float(i)),
    "tuples": lambda i: (i, "t%d" % i, float(i)),
    "lists": lambda i: list(range(i % 20)),
    "dicts": lambda i: {"id": i + 700000, "when": float(i), i: None},
    "growing": lambda i: dict.fromkeys(range(i % 300)),
    "ints": lambda i: 1 << (60 + i % 400),
    "latin": lambda i: "caf\xe9-%d" % i,
    "ucs2": lambda i: "\u0416\u0437-%d" % i,
    "ucs4": lambda i: "\U0001f600-%d" % i,
    "long": lambda i: "x" * (i % 5000),
    "bytes": lambda i: bytes(16 + i % 40),
    "bytearrays": lambda i: bytearray(b"x" * (i % 100)),
    "sets": lambda i: set(range(i, i + i % 12)),
    "frozen": lambda i: frozenset((i, "f%d" % i)),
    "deques": lambda i: collections.deque(range(i % 200)),
    "ordered": lambda i: collections.OrderedDict(a=i, b=i),
    "defaults": lambda i: collections.defaultdict(list, a=i),
    "dates": lambda i: datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=i),
    "times": lambda i: datetime.time(i % 24, i % 60),
    "decimals": lambda i: decimal.Decimal(10 ** (i % 80)) / 7,
    "arrays": lambda i: array.array("d", [float(i)] * (i % 9)),
    "closures": lambda i: (lambda: i),
    "generators": started,
    "coroutines": waiting,
    "errors": caught,
    "complexes": lambda i: complex(i, 1),
    # Ranges and matches lead the collector nowhere: what they hold is shared, so that nobody misses it.
    "ranges": lambda i: range(i % 200),
    "slices": lambda i: slice(i + 300, None),
    "methods": lambda i: Plain(i).__init__,
    "namespaces": lambda i: types.SimpleNamespace(a=i),
    "matches": lambda i: re.match(r"(\d+)-(\w+)", "12-abc"),
    "classes": lambda i: type("Made%d" % i, (Plain,), {"at": i}) if i % 20 == 0 else None,
}

# From 3.15 on.
if hasattr(builtins, "frozendict"):

    class Frozen(builtins.frozendict):
        pass

    MAKERS["frozendicts"] = lambda i: builtins.frozendict({"id": i + 600000, "row": "frozen-%d" % i, i: None})
    MAKERS["frozens"] = lambda i: Frozen(a=i)

held = {name: [make(i) for i in range(COUNT)] for name, make in MAKERS.items()}
held["references"] = [weakref.ref(object) for object in held["slotted"]]

freed = [Plain(i) for i in range(COUNT)]
kept = freed[::50]
del freed

gc.disable()
for i in range(COUNT // 10):
    a, b = [i], {"peer": None}
    a.append(b)
    b["peer"] = a
    del a, b

truth.write(sys.argv[1], {"kept": len(kept)})
print("ready", flush=True)
time.sleep(600)
