"""The sample's leak, traced: PYTHONTRACEMALLOC=3 traced.py TRUTH REQUESTS...

Before the first and after each number of requests it says "ready" and waits for a line. A forked child writes what
tracemalloc says to TRUTH: the lines of its statistics, and what grew since the time before.
"""

import _tracemalloc
import os
import sys

from downstream.profiler import Profiler


def handle(number):
    profiler = Profiler()
    profiler.begin("/orders/%d" % (1000 + number * 7 % 600))
    profiler.end(200)


def write_truth(path):
    child = os.fork()
    if child == 0:
        try:
            write_in_child(path)
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)


def write_in_child(path):
    # As tracemalloc.py does it, which is not loaded here: what loading takes would be traced as well.
    traced, peak = _tracemalloc.get_traced_memory()
    traces = _tracemalloc._get_traces()
    _tracemalloc.stop()

    import json
    import tracemalloc

    snapshot = tracemalloc.Snapshot(traces, 3)
    truth = {"traced": traced, "peak": peak, "traces": len(snapshot.traces), "grew": []}
    for by in "lineno", "filename", "traceback":
        truth[by] = [str(each) for each in snapshot.statistics(by)]
    kept = path + ".snapshot"
    if os.path.exists(kept):
        truth["grew"] = [str(each) for each in snapshot.compare_to(tracemalloc.Snapshot.load(kept), "lineno")]
    snapshot.dump(kept)
    with open(path + ".part", "w") as file:
        json.dump(truth, file, indent=1)
        file.write("\n")
    os.rename(path + ".part", path)


number = 0
for requests in sys.argv[2:]:
    for number in range(number, number + int(requests)):
        handle(number)
    write_truth(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
