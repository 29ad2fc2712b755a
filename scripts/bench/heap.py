# A process whose memory looks like a busy service's: some 450 MB of dicts, strings, numbers, instances and
# buffers, a quarter of it zero words and a quarter distinct ones. Says "ready", and waits to be dumped; to each line on
# stdin, a number, it serves so many requests and says "done".
import ctypes
import os
import random
import sys

PR_SET_PTRACER = 0x59616D61  # prctl(2): lets a gcore that is not our parent attach
ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)

random.seed(1)
PLANS = ["free", "team", "business"]


class Session:
    def __init__(self, number):
        self.number = number
        self.user = f"user-{number}@example.org"
        self.plan = PLANS[number % 3]
        self.token = random.getrandbits(128)
        self.seen = [random.random() for _ in range(12)]
        self.flags = (number % 2 == 0, None, number % 7)
        self.cart = {f"item-{number}-{i}": i * 100 for i in range(number % 4)}
        self.body = bytes(96)


sessions = {number: Session(number) for number in range(int(sys.argv[1]))}
blobs = [os.urandom(4096) for _ in range(12_000)]
rows = [[0] * 200 for _ in range(30_000)]
cleared = bytearray(40_000_000)

print("ready", flush=True)
for line in sys.stdin:
    for number in range(int(line)):
        session = sessions[number * 2654435761 % len(sessions)]  # Knuth's multiplicative hash
        session.seen[number % 12] = sum(session.seen) / 12
        session.cart = {**session.cart, "last": number}
    print("done", flush=True)
