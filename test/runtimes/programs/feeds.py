"""Containers that functions fill: an attribute of an instance, of a class, a global. Says "ready" and waits."""
import time


class Cache:
    def __init__(self):
        self._entries = []

    def remember(self, entry):
        self._entries.append(entry)


class Bus:
    handlers = {}

    @classmethod
    def on(cls, key, handler):
        cls.handlers[key] = handler


SEEN = set()


def note(text):
    SEEN.add(text)


cache = Cache()
for i in range(20000):
    cache.remember("entry-%d" % i)
    Bus.on("key-%d" % i, [i])
    note("note-%d" % i)
print("ready", flush=True)
time.sleep(600)
