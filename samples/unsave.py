"""Makes a segment of an ELF core one that was not saved: unsave.py CORE ADDRESS

The vDSO is code of the kernel that happened to run, and may hold the paths it
was built in. gcore saves it; the samples do without. ELF-64, little-endian.
"""

import struct
import sys

SHT_NOBITS = 8

path, address = sys.argv[1], int(sys.argv[2], 16)
with open(path, "r+b") as core:

    def read(offset, layout):
        core.seek(offset)
        return struct.unpack(layout, core.read(struct.calcsize(layout)))

    def write(offset, data):
        core.seek(offset)
        core.write(data)

    (segments, sections) = read(32, "<QQ")  # e_phoff, e_shoff
    (segment_bytes, segment_count, section_bytes, section_count) = read(54, "<HHHH")
    starts = [segments + i * segment_bytes for i in range(segment_count)]
    (start,) = [at for at in starts if read(at + 16, "<Q") == (address,)]
    (offset,) = read(start + 8, "<Q")
    (saved,) = read(start + 32, "<Q")  # p_filesz
    write(offset, bytes(saved))
    write(start + 32, struct.pack("<Q", 0))
    # gcore describes every segment by a section header too.
    for at in (sections + i * section_bytes for i in range(section_count)):
        if read(at + 16, "<Q") == (address,):
            write(at + 4, struct.pack("<I", SHT_NOBITS))
