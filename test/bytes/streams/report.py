"""Makes report.crash beside it, by apport's own module: apt-get install python3-problem-report (Ubuntu, Debian testing).

What it holds is what streams.test.ts expects of all streams. Without the module, what it writes is written here.
"""
import base64
import os
import struct
import subprocess
import zlib

here = os.path.dirname(os.path.abspath(__file__))
content = subprocess.run(
    ["sh", "-c", "yes 0000000000000000 00007f01104e0c70 | head -c 150000; seq 100"], stdout=subprocess.PIPE, check=True
).stdout

try:
    import io

    import problem_report

    report = problem_report.ProblemReport("Crash", date="Thu Jan  1 00:00:00 2026")
    report["CoreDump"] = problem_report.CompressedValue(content)
    report["Signal"] = "6"
    report["Traceback"] = "two\nlines"
    out = io.BytesIO()
    report.write(out)
    text = out.getvalue()
except ImportError:

    def chunk(data):
        return b" " + base64.b64encode(data) + b"\n"

    # problem_report.py, write: a gzip header, a line a megabyte of the core, and the trailer, each on its own.
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, 0)
    text = b"ProblemType: Crash\nDate: Thu Jan  1 00:00:00 2026\nSignal: 6\nTraceback:\n two\n lines\nCoreDump: base64\n"
    text += chunk(b"\037\213\010\010\000\000\000\000\002\377CoreDump\000")
    for start in range(0, len(content), 100000):
        text += chunk(packer.compress(content[start : start + 100000]) + packer.flush(zlib.Z_SYNC_FLUSH))
    text += chunk(packer.flush() + struct.pack("<LL", zlib.crc32(content), len(content)))
    text += b"Uname: Linux\n"

with open(os.path.join(here, "report.crash"), "wb") as file:
    file.write(text)
