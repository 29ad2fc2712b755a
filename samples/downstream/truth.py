"""What this process really holds, for tests of what coregram says of its core.

A forked child does the counting: it is an exact copy of the process, and what
counting needs and leaves behind (a set of all objects, freed integers) stays
out of the process that is dumped.
"""

import gc
import os
import sys

from downstream.profiler import Profiler


def write(path):
    """Writes the truth as JSON to `path`, all at once."""
    child = os.fork()
    if child == 0:
        try:
            write_in_child(path)
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)


def write_in_child(path):
    # In this order: a list of all objects would be one more reference to each.
    retained = only_held_by(Profiler.results)
    results = {
        "path": "downstream.profiler.Profiler.results",
        "type": "builtins.list",
        "address": hex(id(Profiler.results)),
        "length": len(Profiler.results),
        "retainedBytes": sum(map(sys.getsizeof, retained)),
        "retainedCount": len(retained),
        "holds": by_type(retained),
    }
    del retained
    types = by_type(reachable(gc.get_objects()))

    import json

    truth = {"python": sys.version.split()[0], "results": results, "reachable": types}
    with open(path + ".part", "w") as file:
        json.dump(truth, file, indent=2)
        file.write("\n")
    os.rename(path + ".part", path)


def reachable(roots):
    """All objects that the collector knows or that can be reached from those."""
    seen = {id(one): one for one in roots}
    pending = list(roots)
    while pending:
        for one in gc.get_referents(pending.pop()):
            if id(one) not in seen:
                seen[id(one)] = one
                pending.append(one)
    return list(seen.values())


def only_held_by(root):
    """`root` and all that would go with it: objects whose references all come from such objects."""
    held, found, pending = {id(root): root}, {}, [root]
    while pending:
        referents = gc.get_referents(pending.pop())
        here = {}
        for one in referents:
            here[id(one)] = here.get(id(one), 0) + 1
        for number, count in here.items():
            found[number] = found.get(number, 0) + count
        for one in referents:
            # Not the application's: the references from `referents`, from `one` and from the call.
            others = sys.getrefcount(one) - here[id(one)] - 2
            if id(one) not in held and found[id(one)] == others:
                held[id(one)] = one
                pending.append(one)
    return list(held.values())


def by_type(objects):
    """Rows of type, type's address, count and bytes as sys.getsizeof says, most bytes first."""
    rows = {}
    for one in objects:
        kind = type(one)
        name = f"{kind.__module__}.{kind.__qualname__}"
        row = rows.setdefault(id(kind), {"type": name, "address": hex(id(kind)), "count": 0, "bytes": 0})
        row["count"] += 1
        row["bytes"] += sys.getsizeof(one)
    return sorted(rows.values(), key=lambda row: (-row["bytes"], row["type"], row["address"]))
