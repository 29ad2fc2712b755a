"""Leaves out of an ELF core what was never touched: untouched.py CORE

gcore saves all of what a process has reserved, mimalloc's gigabyte among it. Whole runs of zeros of a MiB and more become
segments that were not saved, as the kernel leaves such pages out. ELF-64, little-endian; section headers go.
"""

import os
import struct
import sys

PT_LOAD = 1
LEAST, MARGIN = 2**20, 2**19
PAGE = bytes(4096)
HEADER = "<16sHHIQQQIHHHHHH"
PROGRAM = "<IIQQQQQQ"

path = sys.argv[1]
with open(path, "rb") as core:
    data = core.read()
header = list(struct.unpack_from(HEADER, data))
programs = [struct.unpack_from(PROGRAM, data, header[5] + i * header[9]) for i in range(header[10])]


def parts(saved):
    """(start, end, whether it is to be saved), by page."""
    kept, zeros = 0, 0
    for at in range(0, len(saved) + 1, 4096):
        if saved[at : at + 4096] == PAGE:
            continue
        # A run of zeros ends here, from `zeros` on.
        if at - zeros >= LEAST:
            # A page of mimalloc's may end in blocks that say nothing, and that is known of it.
            cut = zeros + MARGIN if zeros > 0 else 0
            if cut > kept:
                yield kept, cut, True
            yield cut, at, False
            kept = at
        zeros = at + 4096
    if kept < len(saved):
        yield kept, len(saved), True


made = []
for kind, flags, offset, start, physical, saved, size, alignment in programs:
    content = data[offset : offset + saved]
    if kind != PT_LOAD or saved == 0:
        made.append((kind, flags, start, physical, content, size, alignment))
        continue
    for begin, end, is_kept in parts(content):
        rest = size - saved if end == saved else 0
        made.append(
            (kind, flags, start + begin, 0, content[begin:end] if is_kept else b"", end - begin + rest, alignment)
        )

header[5], header[6], header[10], header[11], header[12], header[13] = 64, 0, len(made), 0, 0, 0
at = 64 + 56 * len(made)
rows, contents = [], []
for kind, flags, start, physical, content, size, alignment in made:
    at = -(-at // 4096) * 4096 if kind == PT_LOAD else at
    rows.append(struct.pack(PROGRAM, kind, flags, at, start, physical, len(content), size, alignment))
    contents.append((at, content))
    at += len(content)
with open(path + ".new", "wb") as core:
    core.write(struct.pack(HEADER, *header) + b"".join(rows))
    for place, content in contents:
        core.seek(place)
        core.write(content)
os.replace(path + ".new", path)
