"""Threads that are asleep at known places: writes what sys._current_frames() says of them, then says "ready"."""

import ctypes
import json
import sys
import threading
import time

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

asleep = threading.Semaphore(0)
DEEP = int(sys.argv[2])


def sleep():
    asleep.release()
    time.sleep(1000)


def deep(left):
    if left:
        return deep(left - 1)
    sleep()


class Worker:
    def run(self, kind):
        return (lambda: getattr(self, kind)())()

    def plain(self):
        sleep()

    def by_c(self):
        sorted([2, 1], key=lambda one: deep(3))

    def by_generator(self):
        list(self.items(2))

    def items(self, left):
        if left:
            yield from self.items(left - 1)
        deep(2)

    def by_comprehension(self):
        return [each for each in self.items(1)]

    def recursive(self):
        deep(DEEP)


def stack_of(frame):
    stack = []
    while frame is not None:
        code = frame.f_code
        stack.append([getattr(code, "co_qualname", code.co_name), code.co_filename, frame.f_lineno])
        frame = frame.f_back
    return stack


sys.setrecursionlimit(DEEP + 1000)
kinds = ["plain"] * 60 + ["by_c", "by_generator", "by_comprehension", "recursive"]
threads = [threading.Thread(target=Worker().run, args=(kind,), daemon=True, name=f"a {kind}") for kind in kinds]
for thread in threads[:-1]:
    thread.start()
threading.stack_size(2**24)  # up to 3.10 a call takes some hundred bytes of it
threads[-1].start()
for thread in threads:
    asleep.acquire()
time.sleep(0.5)
frames = sys._current_frames()
with open(sys.argv[1], "w") as truth:
    json.dump({str(ident): stack_of(frame) for ident, frame in frames.items() if ident != threading.get_ident()}, truth)
print("ready", flush=True)
sys.stdin.read()
time.sleep(1000)
