"""Containers, what fills them ("adds:" and whose), and functions that look as if they did. Says "ready" and waits."""
import collections
import heapq
import time


class Jobs:
    def __init__(self, names):
        self.pending = {}
        self.done = []
        for name in names:
            self.done.append(name)

    def again(self, key):
        pending = self.pending
        while key not in pending:
            pending[key, 0] = (key,)  # adds: jobs.pending
            key = key, 0

    def forget(self, key):
        self.done.append(key)
        del self.pending[key]

    def describe(self):
        lines = ["jobs"]
        for key in self.pending:
            lines.append(str(self.pending[key]))
        return lines

    def snapshot(self):
        pending = dict(self.pending)
        pending["at"] = self.pending.get("at") or time.time()
        pending.update(at=len(self.pending))
        return pending

    def move(self, other):
        other.pending["moved"] = self.pending.pop("moved", None)

    def clear(self):
        self.pending = {}


class TimedJobs(Jobs):
    def submit(self, key, job):
        self.done.append(key)
        self.pending["%s-%d" % (key, len(self.pending))] = job if job else None  # adds: jobs.pending


class OtherJobs:
    pending = {}

    def submit(self, key, job):
        self.pending[key] = job


class Bus:
    handlers = {}

    @classmethod
    def on(cls, key, handler):
        cls.handlers.setdefault(key, []).append(handler)  # adds: Bus.handlers

    @staticmethod
    def off(key):
        Bus.handlers.pop(key)


class LoudBus(Bus):
    def loud(self, key):
        self.handlers.update({key: [key]})  # adds: Bus.handlers


SEEN = []
QUEUE = []
GROUPS = collections.defaultdict(list)


def note(text, more=()):
    if text:
        SEEN.append(  # adds: SEEN
            text
        )
    for each in more:
        print(each, SEEN)


def report():
    lines = list(SEEN)
    lines.append("%d" % len(SEEN))
    SEEN[0] = lines[0]
    return lines


def shadow():
    SEEN = []
    SEEN.append(1)
    return SEEN


def plan(at, what):
    heapq.heappush(QUEUE, (at, what))  # adds: QUEUE


def due():
    out = []
    out.append(heapq.heappop(QUEUE))
    return out


def group(key, what):
    GROUPS[key].append(what)  # adds: GROUPS


def regroup(add):
    for key in list(GROUPS):
        add(GROUPS[key])


jobs = TimedJobs(["first"])
for i in range(4000):
    jobs.submit("job", (i,))
    Bus.on("key-%d" % i, i)
    note("note-%d, " % i * 20)
    plan(i, "what-%d, " % i * 20)
    group("group-%d" % i, i)
jobs.again("again")
jobs.describe()
LoudBus().loud("loud")
print("ready", flush=True)
time.sleep(600)
