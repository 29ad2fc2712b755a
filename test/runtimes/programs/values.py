"""Objects of many kinds with what each of them is worth, as the process itself says:

    values.py TRUTH.json

Runs on CPython 3.6 and later, the standard library alone. Says "ready" and waits to be dumped.
"""
import collections, enum, functools, gc, json, sys, time, types, weakref

MOST = 200
rows = []
kept = []


def value(text):
    return repr(text) if len(text) <= MOST else repr(text[:MOST]) + "\u2026"


def row(thing, value=None, length=None, items=(), **more):
    kept.append(thing)
    kept.extend(item for _, item in items)
    kind = type(thing)
    rows.append(dict(
        address=hex(id(thing)), type="%s.%s" % (kind.__module__, kind.__qualname__), bytes=sys.getsizeof(thing),
        value=value, length=length, items=[[name, hex(id(item))] for name, item in items], **more))


class Plain:
    def __init__(self, **names):
        self.__dict__.update(names) if "late" in names else self.start(**names)

    def start(self, number, label):
        self.number, self.label = number, label


class Slotted:
    __slots__ = ("left", "right", "__weakref__")

    def __init__(self, left, right):
        self.left, self.right = left, right


class Base:
    __slots__ = ("low",)


class Both(Base):
    __slots__ = ("high", "__dict__")


class Text(str):
    pass


class Number(int):
    pass


class Row(tuple):
    pass


class Trouble(Exception):
    pass


class Outer:
    class Inner:
        @staticmethod
        def method():
            pass


class Colour(enum.Enum):
    RED = 1


Point = collections.namedtuple("Point", "x y")


def generate():
    yield 1


def closure(kept):
    return lambda: kept


def code_text(code):
    return "%s at %s:%d" % (getattr(code, "co_qualname", code.co_name), code.co_filename, code.co_firstlineno)


def function_text(function):
    where = "%s:%d" % (function.__code__.co_filename, function.__code__.co_firstlineno)
    return "%s.%s at %s" % (function.__module__, function.__qualname__, where)


for number in (0, 1, -1, 255, 257, 1 << 30, -(1 << 30), (1 << 30) - 1, 1 << 60, -(1 << 64), 10 ** 50, -(10 ** 198), 1 << 62):
    row(number, repr(number))
row(10 ** 300, "1%s\u2026 (301 digits)" % ("0" * 199))
row(1 << 100000, "(an int of 100020 bits)")
for flag in (True, False, None, Ellipsis, NotImplemented):
    row(flag, repr(flag))
for number in (0.0, -0.0, 0.1, 1.0, 100.0, 1e15, 123456789012345680.0, 1e16, 1e22, 1.5e300, 1e-4, 0.00012345, 1e-5,
               5e-324, -2.5, float("inf"), float("-inf"), float("nan"), 1 / 3, 123456.789):
    row(number, repr(number))
for number in (1 + 2j, -0.5 - 3j, 2j, complex(0.0, -1.0), complex(-0.0, 1.0), complex(1e20, float("inf"))):
    row(number, repr(number))

for text in ("", "a", "plain", "caf\xe9 \xff", "\u0416\u0437 \u4f60", "\U0001f600 smile", "it's", 'say "so"', "both ' and \"", "\ufeffmark", "\x1b[31m \x7f \x85", "\ud800 lone",
             "\u2028 \u202e \xa0", "\U000e0001 tag",
             "line\nfeed\ttab\r", "back\\slash", "x" * 200, "y" * 201, "\u0416" * 300, "\U0001f600" * 250, "z" * 5000):
    row(text, value(text), len(text))
row(Text("derived"), repr("derived"), 7)
for raw in (b"", b"a", b"abc\x00\xff\n\r\t\x1b", b"it's", b"both ' and \"", b"back\\slash", bytes(range(200)), b"q" * 700):
    shown = repr(raw) if len(raw) <= MOST else repr(raw[:MOST]) + "\u2026"
    row(raw, shown, len(raw))
    array = bytearray(raw)
    row(array, "bytearray(%s)" % shown, len(raw))
shifted = bytearray(b"0123456789" * 10)
del shifted[:10]
row(shifted, "bytearray(%r)" % bytes(shifted), 90)


def indexed(items):
    return [("[%d]" % i, item) for i, item in enumerate(items)][:20]


for items in ([], [1], ["a", 2.5, None], list(range(1000, 1100))):
    row(list(items), None, len(items), indexed(items))
    row(tuple(items), None, len(items), indexed(items))
    row(collections.deque(items), None, len(items), indexed(items))
    row(Row(items), None, len(items), indexed(items))
turned = collections.deque(range(2000, 2200))
turned.rotate(70)
row(turned, None, 200, indexed(turned))
point = Point(7000, "y")
row(point, None, 2, indexed(point))
for items in (set(), {5000}, set(range(6000, 6012)), frozenset(("f", 1.25)), set(range(9000, 9500))):
    row(items, None, len(items), members=[hex(id(item)) for item in items])
shrunk = set(range(8000, 8020))
shrunk -= set(range(8000, 8015))
row(shrunk, None, 5, members=[hex(id(item)) for item in shrunk])


def keyed(mapping):
    return [("[%s]" % (repr(key) if not isinstance(key, tuple) else ""), item) for key, item in mapping.items()][:20]


for mapping in ({}, {"a": 1, "b": [2]}, {1: "one", "two": 2, None: 3.5, b"b": 4}, {"k%d" % i: i + 3000 for i in range(100)},
                {i: str(i) for i in range(60)}):
    row(mapping, None, len(mapping), keyed(mapping))
    ordered = collections.OrderedDict(mapping)
    row(ordered, None, len(ordered), keyed(ordered))
holes = {i: "hole %d" % i for i in range(30)}
for i in range(0, 30, 2):
    del holes[i]
row(holes, None, 15, keyed(holes))
defaults = collections.defaultdict(list, {"d": 4000})
row(defaults, None, 1, keyed(defaults))


def attributes(thing):
    return [(".%s" % name, value) for name, value in vars(thing).items()][:20]


plain = Plain(number=1234, label="plain")
row(plain, None, None, [(".number", plain.number), (".label", plain.label)])
late = Plain(late=1, other=77777)
row(late, None, None, attributes(late))
opened = Plain(number=4321, label="opened")
vars(opened)["extra"] = 98765
row(opened, None, None, attributes(opened))
dropped = Plain(number=8888, label="dropped")
del dropped.number
row(dropped, None, None, [(".label", dropped.label)])
slotted = Slotted(54321, ("t",))
row(slotted, None, None, [(".left", slotted.left), (".right", slotted.right)])
both = Both()
both.low, both.high, both.free = 11111, 22222, 33333
row(both, None, None, [(".low", both.low), (".high", both.high), (".free", both.free)])
numbered = Number(99999)
numbered.tag = "tagged"
row(numbered, "99999", None, [(".tag", numbered.tag)])
row(Colour.RED, None, None, [("._value_", 1), ("._name_", "RED")])
row(types.SimpleNamespace(a=44444), None, None)

for function in (generate, Outer.Inner.method, closure(1), value):
    row(function, function_text(function), None, [(".__code__", function.__code__), (".__globals__", globals())])
    row(function.__code__, code_text(function.__code__))
started = generate()
next(started)
row(started, code_text(generate.__code__))
row(closure("inner").__closure__[0], None, None, [(".cell_contents", "inner")])
row(plain.start, None, None, [(".__func__", Plain.start), (".__self__", plain)])
row(weakref.ref(slotted), None, None, [(".<referent>", slotted)])
for thing in (range(70000, 80000, 3), slice(60000, None, 2)):
    row(thing, None, None, [(".start", thing.start), (".stop", thing.stop), (".step", thing.step)])
row(len, "len")
row(str.upper, "upper")
row(property(generate), None, None, [(".fget", generate)])
row(sys, "sys", None, [(".__dict__", vars(sys))])
row(json, "json")
for kind in (Plain, Outer.Inner, int, collections.OrderedDict, Trouble, Colour):
    row(kind, "%s.%s" % (kind.__module__, kind.__qualname__), None, [(".__base__", kind.__base__)])
for error, text in ((ValueError("boom"), "ValueError('boom')"), (KeyError(17, 18), "KeyError(17, \u2026)"), (Trouble(), "__main__.Trouble()"),
                    (Trouble("long " * 30), "__main__.Trouble(%r)" % ("long " * 30))):
    row(error, text, None, [(".args", error.args)])

# Cycles and deep nests: what shows them must come to an end.
loop = []
loop.append(loop)
row(loop, None, 1, [("[0]", loop)])
knot = {}
knot["self"] = knot
row(knot, None, 1, [("['self']", knot)])
deep = []
for _ in range(100000):
    deep = [deep]
row(deep, None, 1, [("[0]", deep[0])])
fault = ValueError()
fault.args = ({"key": fault}, fault)
row(fault, "ValueError(1 item, \u2026)")

freed = [Slotted(i, i + 1) for i in range(3000)]
freed_addresses = [hex(id(thing)) for thing in freed]
del freed[10:2990]

with open(sys.argv[1], "w") as file:
    json.dump({"version": sys.version.split()[0], "rows": rows, "freed": freed_addresses[10:2990],
               "survivors": freed_addresses[:10] + freed_addresses[2990:]}, file)
print("ready", flush=True)
time.sleep(600)
