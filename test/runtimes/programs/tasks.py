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

chance = random.Random(int(sys.argv[2]))
truth = {}
kept = []


def current():
    return asyncio.current_task()


def made(task, by):
    """A task that `by` waits for, None for nobody."""
    truth[hex(id(task))] = {"awaitedBy": [] if by is None else [hex(id(by))]}
    kept.append(task)
    return task


async def leaf():
    await asyncio.get_event_loop().create_future()


async def through_generator():
    async def ticks():
        yield await asyncio.sleep(3600)

    async for _ in ticks():
        pass


async def by_await(depth):
    await child(depth)


async def by_gather(depth):
    await asyncio.gather(*[child(depth) for _ in range(chance.randint(1, 3))])


async def by_wait(depth):
    await asyncio.wait([child(depth) for _ in range(chance.randint(1, 3))])


async def by_wait_for(depth):
    await asyncio.wait_for(child(depth), 3600)


async def by_shield(depth):
    await asyncio.shield(child(depth))


kinds = [by_await, by_gather, by_wait, by_wait_for, by_shield]
if sys.version_info >= (3, 11):

    async def by_group(depth):
        async with asyncio.TaskGroup() as group:
            for _ in range(chance.randint(1, 3)):
                made(group.create_task(function(depth - 1)), current())

    kinds.append(by_group)


def function(depth):
    if depth <= 0:
        return chance.choice([leaf, leaf, through_generator])()
    return chance.choice(kinds)(depth)


def child(depth):
    return made(asyncio.ensure_future(function(depth - 1)), current())


async def ended():
    pass


async def blocked():
    finish()


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
            isCurrent=task is current(),
        )
    with open(sys.argv[1], "w") as file:
        json.dump(truth, file)
    print("ready", flush=True)
    sys.stdin.read()
    time.sleep(1000)


async def main():
    for _ in range(6):
        made(asyncio.ensure_future(chance.choice(kinds)(3)), None)
    done = made(asyncio.ensure_future(ended()), None)
    cancelled = made(asyncio.ensure_future(leaf()), None)
    await asyncio.sleep(0.2)
    cancelled.cancel()
    await asyncio.sleep(0.2)
    assert done.done() and cancelled.cancelled()
    made(asyncio.ensure_future(blocked()), None)
    # It blocks the loop before this one begins.
    made(asyncio.ensure_future(ended()), None)
    await asyncio.sleep(3600)


if chance.random() < 0.5:
    threading.Thread(target=lambda: asyncio.new_event_loop().run_until_complete(main()), daemon=True).start()
    time.sleep(1000)
asyncio.new_event_loop().run_until_complete(main())
