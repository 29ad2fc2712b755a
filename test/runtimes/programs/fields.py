"""Holds a list in each field of a C struct that keeps one, and writes which path leads to it, and its address; and the sizes of instances of those types."""
import asyncio, contextvars, csv, functools, itertools, json, operator, queue, sys, time

class Kept:
    pass


kept = Kept()
paths = {}


def text(n):
    return "%08d" % n


def big(path):
    """A list that nothing else has, and that is to be found by that path below `kept`."""
    items = [text(len(paths) * 1000 + n) * 8 for n in range(500)]
    paths["__main__.kept." + path] = id(items)
    return items


class Late(asyncio.Future):
    pass


loop = asyncio.new_event_loop()
kept.queue = queue.SimpleQueue()
for item in big("-"):
    kept.queue.put(item)
del paths["__main__.kept.-"]
# Since 3.13 in a ring, which goes on at its start.
for _ in range(400 if sys.version_info >= (3, 13) else 0):
    kept.queue.put(kept.queue.get())
kept.queue.put(big("queue[500]"))
kept.future = loop.create_future()
kept.future.set_result(big("future._result"))
kept.late = Late(loop=loop)
kept.late.set_result(big("late._result"))
kept.failed = loop.create_future()
kept.failed.set_exception(ValueError(big("failed._exception.args[0]")))
kept.waits = loop.create_future()
for n in range(2):
    kept.waits.add_done_callback(functools.partial(print, big("waits._callbacks[0][0].args[0]" if n else "waits.<fut_callback0>.args[0]")))
kept.waited = [Late(loop=loop)]
kept.waited[0].mine = big("-")
# What a task that has not ended holds is told from it on.
paths["<task wait fields.py:%d>._fut_waiter.mine" % (sys._getframe().f_lineno + 4)] = paths.pop("__main__.kept.-")


async def wait(future):
    await future.pop()


kept.task = loop.create_task(wait(kept.waited))
loop.run_until_complete(asyncio.sleep(0, loop=loop) if sys.version_info < (3, 9) else asyncio.sleep(0))
kept.variable = contextvars.ContextVar("variable", default=big("variable.<var_default>"))
asked, others = contextvars.ContextVar("asked"), [contextvars.ContextVar("other %d" % n) for n in range(100)]
# One node of the map, and many below each other.
kept.one, kept.many = contextvars.Context(), contextvars.Context()
kept.one.run(asked.set, big("one[<ContextVar 'asked'>]"))
kept.many.run(asked.set, big("many[<ContextVar 'asked'>]"))
for n, other in enumerate(others):
    kept.many.run(other.set, n if n % 25 else big("many[<ContextVar 'other %d'>]" % n))
kept.slice = slice(big("slice.start"), None)
kept.stop = StopIteration(big("stop.value"))
kept.stop.args = ()
kept.error = OSError(1, "no", big("error.filename"))
kept.error.args = ()
kept.iter = iter(big("iter.<it_seq>"))
kept.tuple_iter = iter((big("tuple_iter.<it_seq>[0]"),))
kept.dict_iter = iter({1: big("dict_iter.<di_dict>[1]"), 2: 2})
kept.call_iter = iter(functools.partial(print, big("call_iter.<it_callable>.args[0]")), None)
kept.reversed = reversed((big("reversed.<seq>[0]"), 1))
kept.enum = enumerate(big("enum.<en_sit>.<it_seq>"))
kept.map = map(str, big("map.<iters>[0].<it_seq>"))
kept.filter = filter(None, big("filter.<it>.<it_seq>"))
kept.zip = zip(big("zip.<ittuple>[0].<it_seq>"), [1])
kept.chain = itertools.chain(big("chain.<active>.<it_seq>"), [1])
next(kept.chain)
kept.islice = itertools.islice(big("islice.<it>.<it_seq>"), 9)
kept.cycle = itertools.cycle(big("cycle.<it>.<it_seq>"))
kept.tee = itertools.tee(big("tee.<dataobj>.<it>.<it_seq>"))[0]
kept.group = itertools.groupby(big("group.<it>.<it_seq>"))
for _, members in kept.group:
    break
del members
kept.repeat = itertools.repeat(big("repeat.<element>"))
kept.accumulate = itertools.accumulate(big("accumulate.<it>.<it_seq>"))
kept.product = itertools.product((big("product.<pools>[0][0]"),), [1])
kept.combinations = itertools.combinations((big("combinations.<pool>[0]"),), 1)
kept.starmap = itertools.starmap(print, big("starmap.<it>.<it_seq>"))
kept.reader = csv.reader(big("reader.<input_iter>.<it_seq>"))
kept.getter = operator.itemgetter(1, tuple(big("-")))
del paths["__main__.kept.-"]
kept.partial = functools.partial(print, big("partial.args[0]"))

types = [
    queue.SimpleQueue, asyncio.Future, asyncio.Task, *map(type, (kept.iter, kept.tuple_iter, kept.dict_iter, kept.call_iter, reversed([]), iter(""))),
    type(iter(set())), enumerate, reversed, map, filter, zip, itertools.chain, itertools.islice, itertools.cycle, type(kept.tee),
    itertools._tee_dataobject, itertools.groupby, itertools.repeat, itertools.accumulate, itertools.product, itertools.combinations,
    itertools.starmap, type(kept.reader), operator.itemgetter, operator.methodcaller, contextvars.Context, contextvars.ContextVar, contextvars.Token,
]
sizes = {("" if "." in str(t).split("'")[1] else "builtins.") + str(t).split("'")[1]: t.__basicsize__ for t in types}
with open(sys.argv[1], "w") as out:
    json.dump({"paths": {path: hex(at) for path, at in paths.items()}, "length": kept.queue.qsize(), "sizes": sizes}, out)
print("ready", flush=True)
time.sleep(600)
