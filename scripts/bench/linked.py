# A process of so many objects with 1.5 references each: rows of a list, a tuple and two floats, where each tuple also
# points to some earlier row. Says "ready" and waits to be dumped.
import ctypes
import gc
import sys

PR_SET_PTRACER = 0x59616D61  # prctl(2): lets a gcore that is not our parent attach
ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)

OBJECTS_OF_A_ROW = 4
gc.disable()
rows = [None] * (int(sys.argv[1]) // OBJECTS_OF_A_ROW)
for number in range(len(rows)):
    # Knuth's multiplicative hash: earlier rows all over memory.
    earlier = rows[number * 2654435761 % number] if number else None
    rows[number] = [float(number), (float(-number), earlier), "row"]

print("ready", flush=True)
sys.stdin.read()
