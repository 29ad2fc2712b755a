"""Memory that no object is, held in all ways: three levels of blocks, in pools, inside, in circles, by two, by none, mapped. Says "ready" and waits."""
import ctypes
import json
import mmap
import sys
import time

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
ctypes.pythonapi.PyMem_Malloc.restype = ctypes.c_void_p
ctypes.pythonapi.PyMem_Malloc.argtypes = [ctypes.c_size_t]
ctypes.pythonapi.Py_IncRef.argtypes = [ctypes.py_object]

COUNT = 40


def block(*words, size=1000, malloc=libc.malloc):
    at = malloc(size)
    ctypes.memset(at, 0, size)
    for place, word in enumerate(words):
        ctypes.c_uint64.from_address(at + 8 * place).value = word
    return at


def hold(address):
    """An object with the address in its struct."""
    return ctypes.c_void_p(address)


def leak(text):
    """The address of an object with a reference that nothing in Python has."""
    ctypes.pythonapi.Py_IncRef(text)
    return id(text)



class Box:
    def __init__(self, text):
        self.text = text


levels, pooled, inside, circles, left, right, boxes, known, maps = [], [], [], [], [], [], [], [], []


def fill():
    for i in range(COUNT):
        levels.append(hold(block(block(block(leak("level %d " % i * 40))))))
        pooled.append(hold(block(leak("pooled %d " % i * 40), size=200, malloc=ctypes.pythonapi.PyMem_Malloc)))
        inside.append(hold(block(leak("inside %d " % i * 40)) + 64))
        first = block()
        second = block(first)
        ctypes.c_uint64.from_address(first).value = second
        circles.append(hold(second))
        shared = block()
        left.append(hold(shared))
        right.append(hold(shared))
        # An object that C code alone has, and what it has.
        boxes.append(hold(block(leak(Box("boxed %d " % i * 40)))))
        # A list has this one as well, and keeps it.
        text = "known %d " % i * 40
        known.append(text)
        pooled.append(hold(block(leak(text))))
        block(size=3000)
        # Private, and shared with whoever is forked.
        flags = mmap.MAP_ANONYMOUS | (mmap.MAP_PRIVATE if i % 2 else mmap.MAP_SHARED)
        maps.append(mmap.mmap(-1, 9000, flags=flags))
        maps[-1].write(b"mapped" * 1500)


fill()
# What the functions left on the stack.
exec("def deep(n): return [0] * 50 if n == 0 else deep(n - 1)\ndeep(50)")
with open(sys.argv[1], "w") as file:
    json.dump({"count": COUNT}, file)
print("ready", flush=True)
time.sleep(600)
