"""Sets what a process says of itself in odd ways, writes that, then says "ready"."""

import ctypes
import gc
import importlib
import json
import logging
import os
import sys
import time
import types

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it

for name in "argparse csv decimal email.message http.client unittest.mock xml.dom.minidom".split():
    importlib.import_module(name)

sys.argv += ["日本", "\x1b[31mred", "\ud800", "x" * 3000, ""]
sys.path += ["/nowhere/with:colon", "\U0001f40d", 4711, ""]


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made


module("odd.number", __version__=4711)
module("odd.text", __version__="1.0\x1b[2J", __file__="/usr/lib/site-packages/odd/text.py")
module("odd.lone", __version__="\udc80", __file__="/opt/app/lone.py")
module("odd.late", **{"name_%d" % i: i for i in range(300)}, __version__="2.5")
sys.modules["odd.none"] = None
sys.modules["odd.object"] = logging.getLogger()


class Lazy(types.ModuleType):
    pass


sys.modules["odd.lazy"] = Lazy("odd.lazy")
sys.modules["odd.lazy"].__version__ = "0.1"

gc.set_threshold(int(sys.argv[2]), 7, 5)
for _ in range(3):
    ring = []
    ring.append(ring)
    del ring
    gc.collect()
if sys.argv[3] == "off":
    gc.disable()


def text(value):
    return value if isinstance(value, str) else None


def modules():
    rows = []
    for name, one in sys.modules.items():
        if isinstance(one, types.ModuleType):
            names = one.__dict__
            rows.append([name, text(names.get("__file__")), text(names.get("__version__"))])
    return rows


os.environ["SET"] = "日本 \x1b[31m"
truth = {
    "environ": {key.decode(): value.decode() for key, value in os.environ._data.items()},
    "version": sys.version,
    "executable": sys.executable,
    "argv": sys.argv,
    "orig_argv": getattr(sys, "orig_argv", None),
    "path": [entry for entry in sys.path if isinstance(entry, str)],
    "flags": list(sys.flags),
    "flag_names": {name: int(getattr(sys.flags, name)) for name in dir(sys.flags) if name[0] != "_" and name[:2] != "n_" and name not in ("count", "index")},
    "modules": modules(),
}
with open(sys.argv[1], "w") as out:
    json.dump({}, out)
truth["enabled"] = gc.isenabled()
truth["threshold"] = gc.get_threshold()
truth["stats"] = gc.get_stats()
truth["count"] = gc.get_count()
with open(sys.argv[1], "w") as out:
    json.dump(truth, out)
print("ready", flush=True)
time.sleep(1000)
