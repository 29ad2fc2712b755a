"""Random trees of asyncio's tasks: writes who waits for whom, as it made them, and where each is, then says "ready"."""

import asyncio
import ctypes
import gc
import json
import random
import sys
import threading
import time

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

truth = {}
kept = []


class OfLoop(threading.local):
    """What each loop's thread has of its own: its draws, and tasks that several may wait for."""

    def __init__(self):
        self.leaves = []

    def start(self, seed):
        self.chance = random.Random(seed)


own = OfLoop()


def current():
    return asyncio.current_task()


def made(task, by):
    """A task that `by` waits for, None for nobody."""
    truth[hex(id(task))] = {"awaitedBy": [] if by is None else [hex(id(by))]}
    kept.append(task)
    return task


async def leaf():
    own.leaves.append(current())
    await asyncio.get_event_loop().create_future()


async def through_generator():
    async def ticks():
        yield await asyncio.sleep(3600)

    async for _ in ticks():
        pass


async def by_await(depth):
    await child(depth)


async def by_gather(depth):
    await gathered(depth)


async def by_wait(depth):
    await asyncio.wait(children(depth))


async def by_wait_first(depth):
    await asyncio.wait(children(depth), timeout=3600, return_when=asyncio.FIRST_COMPLETED)


async def by_wait_for(depth):
    await asyncio.wait_for(child(depth), 3600)


async def by_shield(depth):
    await asyncio.shield(child(depth))


async def by_shielded_gather(depth):
    await asyncio.shield(gathered(depth))


async def by_wait_for_gather(depth):
    await asyncio.wait_for(gathered(depth), 3600)


async def by_wait_for_shield(depth):
    await asyncio.wait_for(asyncio.shield(child(depth)), 3600)


async def by_gathered_shields(depth):
    await asyncio.gather(*[asyncio.shield(each) for each in children(depth)], gathered(depth))


async def by_shared(depth):
    """Waits for what others wait for as well."""
    one = own.chance.choice(own.leaves) if own.leaves else child(0)
    if hex(id(current())) not in truth[hex(id(one))]["awaitedBy"]:
        truth[hex(id(one))]["awaitedBy"].append(hex(id(current())))
    await (one if own.chance.random() < 0.5 else asyncio.shield(one))


kinds = [
    by_await,
    by_gather,
    by_wait,
    by_wait_first,
    by_wait_for,
    by_shield,
    by_shielded_gather,
    by_wait_for_gather,
    by_wait_for_shield,
    by_gathered_shields,
    by_shared,
]
if sys.version_info >= (3, 11):

    async def by_group(depth):
        async with asyncio.TaskGroup() as group:
            for _ in range(own.chance.randint(1, 3)):
                made(group.create_task(function(depth - 1)), current())

    async def by_timeout(depth):
        async with asyncio.timeout(3600):
            await gathered(depth)

    kinds += [by_group, by_timeout]


def function(depth):
    if depth <= 0:
        return own.chance.choice([leaf, leaf, through_generator])()
    return own.chance.choice(kinds)(depth)


def child(depth):
    return made(asyncio.ensure_future(function(depth - 1)), current())


def children(depth):
    return [child(depth) for _ in range(own.chance.randint(1, 3))]


def gathered(depth):
    return asyncio.gather(*children(depth))


async def ended():
    pass


blocking = threading.Semaphore(0)
running = []


async def blocked():
    running.append(current())
    blocking.release()
    time.sleep(1000)


def chain_of(task):
    chain, coroutine = [], task._coro if hasattr(task, "_coro") else task.get_coro()
    while coroutine is not None:
        if type(coroutine).__name__ == "async_generator_asend":
            # Python's own chain ends here: what it holds is the generator.
            coroutine = gc.get_referents(coroutine)[0]
        for kind in ("cr", "gi", "ag"):
            if hasattr(coroutine, kind + "_frame"):
                frame = getattr(coroutine, kind + "_frame")
                code = getattr(coroutine, kind + "_code")
                if frame is None:
                    return chain
                name = getattr(code, "co_qualname", code.co_name)
                chain.append([name, code.co_filename, frame.f_lineno])
                coroutine = getattr(coroutine, "gi_yieldfrom" if kind == "gi" else kind + "_await")
                break
        else:
            return chain
    return chain


def finish():
    for task in list(kept):
        waiter = getattr(task, "_fut_waiter", None)
        kind = type(waiter)
        of = {"address": hex(id(waiter)), "type": f"{kind.__module__}.{kind.__qualname__}"}
        truth[hex(id(task))].update(
            name=task.get_name() if hasattr(task, "get_name") else None,
            frames=chain_of(task),
            waitsFor=None if waiter is None else of,
            isDone=task.done(),
            isCurrent=task in running,
        )
    for task in truth.values():
        task["awaitedBy"].sort(key=lambda address: int(address, 16))
    with open(sys.argv[1], "w") as file:
        json.dump({"loops": LOOPS, "tasks": truth}, file)
    print("ready", flush=True)
    time.sleep(1000)


async def main():
    for _ in range(6):
        made(asyncio.ensure_future(own.chance.choice(kinds)(3)), None)
    done = made(asyncio.ensure_future(ended()), None)
    cancelled = made(asyncio.ensure_future(through_generator()), None)
    await asyncio.sleep(0.2)
    cancelled.cancel()
    await asyncio.sleep(0.2)
    assert done.done() and cancelled.cancelled()
    made(asyncio.ensure_future(blocked()), None)
    # It blocks the loop before this one begins.
    made(asyncio.ensure_future(ended()), None)
    await asyncio.sleep(3600)


def run(seed):
    own.start(seed)
    asyncio.new_event_loop().run_until_complete(main())


LOOPS = int(sys.argv[3])
for number in range(LOOPS):
    threading.Thread(target=run, args=(int(sys.argv[2]) + number,), daemon=True).start()
    blocking.acquire()
finish()
