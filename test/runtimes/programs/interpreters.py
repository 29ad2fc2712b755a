"""Three more interpreters, from 3.12 on each with a GIL and an allocator of its own, and what each has made, the second of them gone again:

    interpreters.py TRUTH.json [COUNT]

Runs on CPython 3.8 and later. Says "ready" and waits to be dumped.
"""
import json, os, sys, time

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 800
CODE = """
class Own{0}:
    def __init__(self, i):
        self.number, self.label = i + 1000, "own-%d" % i

hoard = [Own{0}(i) for i in range({1} + {0})]
cache = {{"key-%d" % i: ("row-%d" % i, float(i)) for i in range({1})}}
class Holds:
    kept = ["kept-%d" % i for i in range({1})]
"""

try:
    from concurrent import interpreters

    def create(code):
        made.append(interpreters.create())
        made[-1].exec(code)

    def end(one):
        one.close()
except ImportError:
    try:
        import _interpreters as low
    except ImportError:
        import _xxsubinterpreters as low

    def create(code):
        made.append(low.create())
        (low.exec if hasattr(low, "exec") else low.run_string)(made[-1], code)

    def end(one):
        low.destroy(one)

made = []
for number in (1, 2, 3):
    create(CODE.format(number, COUNT))
end(made.pop(1))

hoard = [object() for i in range(COUNT)]
json.dump({"numbers": [1, 3], "count": COUNT}, open(sys.argv[1], "w"))
print("ready %d" % os.getpid(), flush=True)
time.sleep(600)
