"""What a running CPython knows of its own objects: all that its collector's lists lead to, by count and by size.

gc.get_referents leaves out what a type does not traverse: a code object's constants, the names in a type. So the words
of such objects' own structs are followed too, where they point to the head of a str, bytes, tuple or code object.
"""
import bisect, ctypes, gc, json, sys

# PyObject: 16 bytes, 32 in builds without the GIL; its type is the last word of it.
HEADER = object.__basicsize__
OPAQUE = {
    "code", "method_descriptor", "classmethod_descriptor", "wrapper_descriptor", "getset_descriptor",
    "member_descriptor", "module",
}


def writable():
    starts, ends = [], []
    with open("/proc/self/maps") as maps:
        for line in maps:
            span, permissions = line.split()[:2]
            if permissions.startswith("rw"):
                start, end = (int(text, 16) for text in span.split("-"))
                starts.append(start)
                ends.append(end)
    return starts, ends


def is_live(at):
    """Whether what looks like an object at an address has a count of references, and is no block that was freed."""
    if HEADER == 32:
        local, shared = ctypes.c_uint32.from_address(at + 12).value, ctypes.c_ssize_t.from_address(at + 16).value
        return local > 0 or shared >> 2 > 0
    # From 3.14 on a count's upper bits are flags.
    count = ctypes.c_size_t.from_address(at).value
    return count & 0xFFFFFFFF and not (count >> 32) & 0xFFFF


def find():
    starts, ends = writable()
    word = ctypes.c_size_t.from_address
    plain = {id(str), id(bytes), id(tuple), id(type(find.__code__))}
    stack = gc.get_objects()
    seen = {}
    own = {id(stack), id(seen), id(plain), id(starts), id(ends), id(sys._getframe())}
    own.add(id(own))
    while True:
        while stack:
            thing = stack.pop()
            if id(thing) in seen or id(thing) in own:
                continue
            seen[id(thing)] = thing
            stack.extend(gc.get_referents(thing))
            if isinstance(thing, dict):
                # A dict whose keys are all strings traverses its values alone.
                stack.extend(dict.keys(thing))
        found = set()
        for thing in list(seen.values()):
            kind = type(thing)
            if kind.__name__ not in OPAQUE and not issubclass(kind, type):
                continue
            for offset in range(HEADER, min(max(kind.__basicsize__, HEADER), 2048) - 7, 8):
                at = word(id(thing) + offset).value
                if at & 7 or at in seen or at in own:
                    continue
                index = bisect.bisect(starts, at + HEADER - 1) - 1
                if index < 0 or at < starts[index] or at + HEADER > ends[index]:
                    continue
                if word(at + HEADER - 8).value in plain and is_live(at):
                    found.add(at)
        stack = [ctypes.cast(at, ctypes.py_object).value for at in found - own]
        if not stack:
            return seen


def write(path, extra):
    seen = find()
    counts, sizes, types = {}, {}, {}
    for thing in seen.values():
        kind = type(thing)
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        counts[name] = counts.get(name, 0) + 1
        sizes[name] = sizes.get(name, 0) + sys.getsizeof(thing)
        types[hex(id(kind))] = name
        if isinstance(thing, type):
            types[hex(id(thing))] = "%s.%s" % (thing.__module__, thing.__qualname__)
    del seen
    # dumps is C, and leaves nothing behind; dump makes closures in cycles that no collection takes any more.
    text = json.dumps({"version": sys.version.split()[0], "counts": counts, "sizes": sizes, "types": types, **extra})
    with open(path, "w") as file:
        file.write(text)
