"""Greenlets that wait at drawn depths, in two threads: writes where each said it was as it switched away, then says "ready"."""

import ctypes
import json
import random
import sys
import threading
import time

import greenlet

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

chance = random.Random(int(sys.argv[2]))
stacks = []
kept = []


def stack_of(frame):
    stack = []
    while frame is not None:
        code = frame.f_code
        stack.append([getattr(code, "co_qualname", code.co_name), code.co_filename, frame.f_lineno])
        frame = frame.f_back
    return stack


def away(to):
    stacks.append(stack_of(sys._getframe())), to.switch()


def leave():
    away(greenlet.getcurrent().parent)


class Step:
    """What is called by C: the frames below it begin anew on the C stack."""

    def __init__(self, left):
        self.left = left

    def __lt__(self, other):
        go(self.left - 1)
        return True

    def __repr__(self):
        go(self.left - 1)
        return ""


def items(left):
    go(left - 1)
    yield left


async def coroutine(left):
    go(left - 1)


def by_sort(left):
    sorted([Step(left), Step(left)])


def by_repr(left):
    "%r" % Step(left)


def by_generator(left):
    return [each for each in items(left)]


def by_coroutine(left):
    try:
        coroutine(left).send(None)
    except StopIteration:
        pass


def by_lambda(left):
    (lambda: go(left - 1))()


def go(left):
    if left <= 0:
        return leave()
    chance.choice([go_on, by_sort, by_repr, by_generator, by_coroutine, by_lambda])(left)


def go_on(left):
    go(left - 1)


def deep(left):
    return deep(left - 1) if left else leave()


def child_of_its_own():
    one = greenlet.greenlet(go)
    kept.append(one)
    one.switch(3)
    leave()


def begin(function, *args):
    one = greenlet.greenlet(function)
    kept.append(one)
    one.switch(*args)


def some():
    for _ in range(chance.randint(10, 20)):
        begin(go, chance.randint(0, 12))
    for _ in range(60):
        begin(leave)
    begin(deep, 600)
    begin(child_of_its_own)
    # Those that have ended, and not begun, have no stack.
    begin(int)
    kept.append(greenlet.greenlet(go))


begun = threading.Semaphore(0)


def other():
    some()
    begun.release()
    time.sleep(1000)


def finish():
    if sys.argv[3] == "looked at":
        # From 3.12 on that links their frames anew.
        looked = [stack_of(one.gr_frame) for one in kept if one.gr_frame is not None]
        own = sorted(stack for stack in stacks if stack[0][0] == "away")
        main = stack_of(greenlet.getcurrent().parent.gr_frame)
        assert sorted(looked + [main]) == own, (looked, own)
    with open(sys.argv[1], "w") as file:
        json.dump(stacks, file)
    print("ready", flush=True)
    time.sleep(1000)


threading.Thread(target=other, daemon=True).start()
begun.acquire()
some()
away(greenlet.greenlet(finish))
