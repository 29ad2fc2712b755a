"""Containers of several kinds, and what adds to each: methods of bases, names of one letter, what begins with a copy. Says "ready" and waits."""
import collections
import time


class Base:
    def __init__(self):
        self.kept = collections.deque()

    def look(self):
        return list(self.kept)


class Store(Base):
    def keep(self, item):
        self.kept.appendleft((item, "kept %s, " % item * 30))


class Shelf:
    items = collections.OrderedDict()

    def __init__(self):
        self.log = []

    def put(self, key, item):
        self.items[key] = ("item %s, " % item * 30,)

    def extend(self, more):
        self.log += ["more %s, " % each * 30 for each in more]

    def size(self):
        return len(self.items) + len(self.log)


COUNTS = collections.Counter()
NAMES = set()
QUEUE = collections.deque()
SORTED = []
MERGED = {}
STARTED = {}


def count(name):
    COUNTS[name] += 1


def remember(name):
    NAMES.add(name * 30)


def queue(job):
    QUEUE.append(("job %d, " % job * 30,))


def insert(number):
    at = len(SORTED) // 2
    SORTED.insert(at, "number %d, " % number * 30)


def merge(more):
    global MERGED
    MERGED.update(more)


def start(name):
    return STARTED.setdefault(name, [name])


def show():
    return sorted(NAMES), dict(MERGED), list(QUEUE), len(STARTED)


store, shelf = Store(), Shelf()
for i in range(6000):
    store.keep(i)
    shelf.put("key %d" % i, i)
    shelf.extend([i])
    count("count %d, " % i * 30)
    remember("name %d" % i)
    queue(i)
    insert(i)
    merge({"merge %d" % i: "merged %d, " % i * 30})
    start("start %d, " % i * 30)
print("ready", flush=True)
time.sleep(600)
