"""Makes of a core of QEMU's user mode what a kernel would have written: qemu-core.py CORE MAPS PAGE_BYTES OUT [--no-headers]

MAPS is what the process itself saw as /proc/self/maps. It becomes the note NT_FILE, which QEMU leaves out. Where pages are
larger than QEMU's own 4 KiB, it lacks some: those of ELF files are told by their program headers then, as a loader maps them. The first
page of each is saved, but with --no-headers, as by a kernel whose filter lacks bit 4; and where QEMU puts the heap right behind the program's
bss, in one segment with it, the two come apart. ELF-64, little-endian.
"""

import struct
import sys

PT_LOAD, PT_NOTE, PT_GNU_RELRO = 1, 4, 0x6474E552
ET_EXEC = 2
OWN_PAGE = 4096
NT_FILE = 0x46494C45
PROGRAM = "<IIQQQQQQ"

path, maps, page, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
has_headers = sys.argv[5:] != ["--no-headers"]


def floor(at):
    return at // page * page


def ceil(at):
    return floor(at + page - 1)


def programs_of(data):
    (first,) = struct.unpack_from("<Q", data, 32)  # e_phoff
    size, count = struct.unpack_from("<HH", data, 54)
    return [list(struct.unpack_from(PROGRAM, data, first + i * size)) for i in range(count)]


def mapped_files():
    """(start, end, offset in bytes, path) of each mapping of a file; /dev/zero, which shared memory is, is none."""
    rows, loaded = [], set()
    with open(maps) as lines:
        for line in lines:
            fields = line.split(None, 5)
            if len(fields) == 6 and fields[5].startswith("/"):
                start, end = (int(text, 16) for text in fields[0].split("-"))
                rows.append((start, end, int(fields[2], 16), fields[5].strip()))
    rows = [row for row in rows if not row[3].endswith(" (deleted)")]
    for start, end, offset, path in rows:
        head = head_of(path)
        if page == OWN_PAGE or not head.startswith(b"\x7fELF"):
            yield start, ceil(end), offset, path
        elif offset == 0 and path not in loaded:
            loaded.add(path)
            yield from loaded_parts(start, head, path)


def head_of(path):
    with open(path, "rb") as file:
        return file.read(OWN_PAGE)


def loaded_parts(start, head, path):
    """How the load segments of an ELF file are mapped from `start` on: what is read-only behind relocations is one of its own."""
    programs = programs_of(head)
    loads = [each for each in programs if each[0] == PT_LOAD]
    relro = [ceil(each[3]) for each in programs if each[0] == PT_GNU_RELRO]
    relro += [floor(each[3] + each[6]) for each in programs if each[0] == PT_GNU_RELRO]
    bias = start - floor(loads[0][3])
    (kind,) = struct.unpack_from("<H", head, 16)
    last = None
    for _, _, offset, address, _, saved, _, _ in loads:
        first, end = floor(address), ceil(address + saved)
        # Between segments of a library what was mapped first stays, without access.
        if kind != ET_EXEC and last is not None and last[1] < first:
            yield bias + last[1], bias + first, last[2] + last[1] - last[0], path
        cuts = [first, *sorted({cut for cut in relro if first < cut < end}), end]
        for cut, following in zip(cuts, cuts[1:]):
            yield bias + cut, bias + following, floor(offset) + cut - first, path
        last = (first, end, floor(offset))


def file_note(files):
    content = struct.pack("<QQ", len(files), page)
    content += b"".join(struct.pack("<QQQ", row[0], row[1], row[2] // page) for row in files)
    content += b"".join(row[3].encode() + b"\0" for row in files)
    return struct.pack("<III", 5, len(content), NT_FILE) + b"CORE\0\0\0\0" + content + bytes(-len(content) % 4)


def program_end(path, start):
    """Where the last page of the program's bss ends, of one that was mapped from `start` on."""
    loads = [each for each in programs_of(head_of(path)) if each[0] == PT_LOAD]
    return start - floor(loads[0][3]) + ceil(max(each[3] + each[6] for each in loads))


with open(path, "rb") as core:
    data = core.read()
files = list(mapped_files())
interpreter = next(row for row in files if row[3].rpartition("/")[2].startswith("python"))
bss_end = program_end(interpreter[3], interpreter[0])
headers = {row[0]: row[3] for row in files if has_headers and row[2] == 0 and head_of(row[3]).startswith(b"\x7fELF")}

made = []
for row in programs_of(data):
    kind, flags, offset, start, physical, saved, size, alignment = row
    content = data[offset : offset + saved]
    if kind == PT_NOTE:
        content += bytes(-len(content) % 4) + file_note(files)
    if kind == PT_LOAD and saved == 0 and start in headers:
        with open(headers[start], "rb") as file:
            content = file.read(page)
    split = bss_end - start
    if kind == PT_LOAD and 0 < split < size and saved == size:
        made.append([kind, flags, start, physical, content[:split], split, alignment])
        made.append([kind, flags, bss_end, physical, content[split:], size - split, alignment])
    else:
        made.append([kind, flags, start, physical, content, size, alignment])

header = bytearray(data[:64])
struct.pack_into("<Q", header, 32, 64)
struct.pack_into("<Q", header, 40, 0)
struct.pack_into("<HHHHH", header, 54, 56, len(made), 0, 0, 0)
at = 64 + 56 * len(made)
rows, contents = [], []
for kind, flags, start, physical, content, size, alignment in made:
    at = -(-at // page) * page if kind == PT_LOAD else at
    rows.append(struct.pack(PROGRAM, kind, flags, at, start, physical, len(content), size if kind == PT_LOAD else 0, alignment))
    contents.append((at, content))
    at += len(content)
with open(out, "wb") as core:
    core.write(bytes(header) + b"".join(rows))
    for place, content in contents:
        core.seek(place)
        core.write(content)
