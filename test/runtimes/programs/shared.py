"""Shared memory that no mmap object has: of no file, of memfd_create, and where one of these was mapped by an object as well.

    shared.py TRUTH.json

Writes how many bytes it has mapped so, says "ready" and waits.
"""
import ctypes, json, mmap, os, sys, time

PAGES = 300
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]


def share(pages, file=-1):
    bytes = pages * mmap.PAGESIZE
    flags = mmap.MAP_SHARED | (mmap.MAP_ANONYMOUS if file < 0 else 0)
    at = libc.mmap(None, bytes, mmap.PROT_READ | mmap.PROT_WRITE, flags, file, 0)
    libc.memset(at, 1, bytes)
    return bytes


file = os.memfd_create("shared")
os.ftruncate(file, 7 * mmap.PAGESIZE)
total = share(PAGES) + share(7, file)
kept = mmap.mmap(-1, 5 * mmap.PAGESIZE)
kept.write(b"x" * len(kept))
with open(sys.argv[1], "w") as out:
    json.dump({"shared": total + len(kept), "own": len(kept)}, out)
print("ready", flush=True)
time.sleep(600)
