"""Memory in whole pages, whatever a page has: chunks that malloc maps on their own, heaps of its arenas, mmap objects.

    pages.py TRUTH.json COUNT

Writes what malloc and the objects say of it, says "ready" and waits.
"""
import ctypes, json, mmap, os, sys, threading, time

COUNT = int(sys.argv[2])
libc = ctypes.CDLL(None)


class Kept:
    pass


kept = Kept()
kept.buffers = [bytearray(200_000 + 70_001 * i) for i in range(COUNT)]
# Pages that nothing was written to are in no core of some writers.
for buffer in kept.buffers:
    for at in range(0, len(buffer), 4096):
        buffer[at] = 1
kept.maps = [mmap.mmap(-1, 1000 + 5000 * i) for i in range(COUNT)]
for mapped in kept.maps:
    mapped.write(b"x" * len(mapped))


class Blocks:
    def __init__(self, i):
        self.left, self.right = bytes(600 + i), bytearray(b"x" * (5000 + i))


kept.blocks = []
started, stay = threading.Barrier(5), threading.Event()


def work(n):
    mine = [Blocks(n * COUNT + i) for i in range(COUNT)]
    kept.blocks.extend(mine)
    started.wait()
    stay.wait()


for n in range(4):
    threading.Thread(target=work, args=(n,), daemon=True).start()
started.wait()


class Info(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


libc.mallinfo2.restype = Info
libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
into = libc.fopen(b"malloc_info", b"w")
libc.malloc_info(0, into)
libc.fclose(into)
info = libc.mallinfo2()
page = mmap.PAGESIZE
truth = {
    "page": page,
    "mappedChunks": info.hblks,
    "mappedChunkBytes": info.hblkhd,
    "maps": [len(mapped) for mapped in kept.maps],
    "malloc": open("malloc_info").read(),
}
os.remove("malloc_info")
with open(sys.argv[1], "w") as file:
    file.write(json.dumps(truth))
print("ready", flush=True)
time.sleep(600)
