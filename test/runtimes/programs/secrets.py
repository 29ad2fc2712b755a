"""A service whose every own name and value has "zq" in it: nothing of them may leave the house.

Run as a copy that is called so, too, beside its package zqshop; argv and the environment have more of them.
"""

import asyncio
import collections
import contextvars
import functools
import io
import json
import logging
import sys
import threading
import tracemalloc

TRUTH = sys.argv[1]
tracemalloc.start(5)

import zqshop.zqledger as zqledger  # noqa: E402

SECRETS = [
    "zqpassword-hunter2",
    "zqжук \N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE} zqmoji",
    "zq</script><img src=x onerror=zqalert(1)>",
    "zq\u202egnp.zqrtl\u2028",
    "zq\ud800lone",
    "heap of zqgold, free of charge",
    "it's a \"zqquote\" \\zqback",
]
NUMBER = 7305918264
zqglobal_table = {}
ZQ_LIMIT = [SECRETS[0] + str(n) for n in range(50)]
zqcontext = contextvars.ContextVar("zqcontext_name", default="zqcontext_default")
ZqOdd = type("Zq<img onerror=1> odd.name", (), {"__module__": "zq module"})
# In a library's own namespace, under its own names.
json.zqpatched = [collections.OrderedDict(zqkey=n) for n in range(300)]
logging.getLogger("zqlogger.zqchild").zqattr = ["zqlogged"] * 100
ZqFaked = type("ZqFaked", (), {"__module__": "json"})
json.decoder.zqfaked = [ZqFaked() for _ in range(500)]


class ZqSession:
    zqsessions = []
    zqby_name = {}

    def __init__(self, zqname):
        self.zqname = zqname
        self._zqprivate = [zqname.encode("utf-8", "surrogatepass"), NUMBER, b"zqbytes" * 20]

    def zqremember(self, zqitem):
        ZqSession.zqsessions.append((zqitem, self, "zqrow" * 40))

    @functools.lru_cache(maxsize=None)
    def zqcached(self, zqargument):
        return [zqargument] * 10


class ZqFile(io.FileIO):
    pass


class ZqLoop(asyncio.SelectorEventLoop):
    pass


zqfiles = [open(TRUTH + ".zqcustomer.csv", "w"), ZqFile(TRUTH + ".zqorders", "w"), ZqLoop()]


class ZqError(Exception):
    pass


def zqhandle(zqrequest):
    ZqSession(zqrequest).zqremember("zqpayload-%s" % zqrequest)


for zqindex in range(3000):
    zqhandle("zqrequest%d" % zqindex)
for zqtext in SECRETS:
    ZqSession.zqby_name[zqtext] = ZqSession(zqtext)
    zqglobal_table[zqtext, NUMBER] = [ZqOdd() for _ in range(200)]
zqglobal_table[NUMBER] = ["zqvalue %d" % n for n in range(2000)]
zqglobal_table[b"zqbytekey"] = {n: ZqSession("zqdeep") for n in range(400)}
for zqindex in range(200):
    ZqSession.zqby_name[SECRETS[0]].zqcached(zqindex)
zqcontext.set("zqcontext_value")
try:
    raise ZqError("zqerror text", NUMBER, SECRETS[5])
except ZqError as error:
    zqlast_error = error
try:
    json.loads("zqnot json")
except ValueError as error:
    zqjson_error = error


def zqthread(zqlock, zqlocal):
    zqfloat = 1234.567890625
    try:
        raise ZqError(zqlocal, NUMBER)
    except ZqError:
        with zqlock:
            pass
    return zqfloat


zqlock = threading.Lock()
zqlock.acquire()
threading.Thread(target=zqthread, args=(zqlock, "zqlocal value"), name="zqworker one", daemon=True).start()
threading.Thread(target=zqthread, args=(zqlock, SECRETS[1]), daemon=True).start()


async def zqjob(zqevent):
    zqwaiting = SECRETS[0]
    await zqevent.wait()
    return zqwaiting


async def zqmain():
    zqevent = asyncio.Event()
    zqtasks = [asyncio.ensure_future(zqjob(zqevent)) for _ in range(3)]
    if sys.version_info >= (3, 8):
        zqtasks[0].set_name("zqtask name")
    await asyncio.sleep(0.1)
    print("ready", flush=True)
    await asyncio.gather(*zqtasks)


zqledger.ZqLedger.zqopen("zqaccount")
with open(TRUTH, "w") as file:
    json.dump(SECRETS, file)
loop = asyncio.new_event_loop()
loop.run_until_complete(zqmain())
