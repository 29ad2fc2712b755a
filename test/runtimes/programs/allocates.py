"""Allocates and frees without a rest in several threads, with tracemalloc on; says "ready" as soon as it does."""

import ctypes
import random
import sys
import threading
import tracemalloc

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

sys.setswitchinterval(0.0001)
tracemalloc.start(8)
track = ctypes.pythonapi.PyTraceMalloc_Track
untrack = ctypes.pythonapi.PyTraceMalloc_Untrack


def deep(left, make):
    return deep(left - 1, make) if left else make()


MAKERS = [
    lambda: [None] * random.randint(0, 300),
    lambda: {number: str(number) for number in range(random.randint(0, 30))},
    lambda: bytearray(random.randint(0, 2**12)),
    lambda: bytes(random.randint(0, 3000)) + b"x",
    lambda: (object(), random.random(), "%d" % random.getrandbits(60)),
    lambda: {random.random() for _ in range(random.randint(0, 50))},
]


def allocate(number):
    kept = []
    while True:
        # Tables grow and shrink again.
        for _ in range(random.randint(0, 4000)):
            kept.append(deep(random.randint(0, 10), random.choice(MAKERS)))
            kept[-1:] = [kept[-1]] * random.randint(0, 2)
        at = 0x10000 * (1 + number) + 16 * random.randint(0, 1000)
        track(ctypes.c_uint(4711 + number), ctypes.c_size_t(at), ctypes.c_size_t(random.randint(1, 10**6)))
        if random.random() < 0.5:
            untrack(ctypes.c_uint(4711 + number), ctypes.c_size_t(at))
        random.shuffle(kept)
        del kept[random.randint(0, len(kept)) :]


for number in range(3):
    threading.Thread(target=allocate, args=(number,), daemon=True).start()
print("ready", flush=True)
allocate(3)
