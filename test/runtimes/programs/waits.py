"""Threads that wait for what is known, and handle what is known: writes what it knows of them, then says "ready"."""

import ctypes
import json
import queue
import select
import socket
import sys
import threading
import time

ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: any process may trace it


class Pool:
    def __init__(self):
        self._lock = threading.Lock()
        self._again = threading.RLock()


pool = Pool()
jobs = queue.Queue()
near, far = socket.socketpair()
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(1)
crossed = [threading.RLock(), threading.RLock()]
both = threading.Barrier(2)
never = threading.Event()
handled = {}


def lock_waiter():
    with pool._lock:
        pass


def lock_acquirer():
    pool._lock.acquire()


def lock_timed():
    pool._lock.acquire(timeout=1000)


def rlock_holder():
    with pool._again, pool._again, pool._again:
        never.wait()


def rlock_waiter():
    with pool._again:
        pass


def queue_waiter():
    jobs.get()


def socket_reader():
    near.recv(1)


def acceptor():
    server.accept()


def selector():
    with select.epoll() as poll:
        poll.register(near.fileno(), select.EPOLLPRI)
        poll.poll(1000)


def crossing_0():
    with crossed[0]:
        both.wait()
        with crossed[1]:
            pass


def crossing_1():
    with crossed[1]:
        both.wait()
        with crossed[0]:
            pass


def remember():
    handled[threading.get_ident()] = type(sys.exc_info()[1]).__qualname__
    never.wait()


class Refused(Exception):
    pass


def handler():
    try:
        {}["missing"]
    except KeyError as first:
        try:
            raise Refused("second", 2) from first
        except Refused:
            remember()


def handler_in_generator():
    def items():
        try:
            yield 1 // 0
        except ZeroDivisionError:
            remember()

    try:
        raise ValueError("outer")
    except ValueError:
        list(items())


def spinner():
    # From C, which keeps the GIL from then on: the main thread waits for it.
    library = ctypes.PyDLL(None)
    library.write(1, b"ready\n", 6)
    library.sleep(1000)


kinds = [
    *(lock_waiter, lock_acquirer, lock_timed, rlock_holder, rlock_waiter, queue_waiter, socket_reader, acceptor),
    *(selector, crossing_0, crossing_1, handler, handler_in_generator),
]
pool._lock.acquire()
threads = [threading.Thread(target=kind, name=kind.__name__, daemon=True) for kind in kinds]
for thread in threads:
    thread.start()
    time.sleep(0.2)
with open(sys.argv[1], "w") as truth:
    json.dump(
        {
            "lock": hex(id(pool._lock)),
            "again": hex(id(pool._again)),
            "crossed": [hex(id(each)) for each in crossed],
            "files": {"socket_reader": near.fileno(), "acceptor": server.fileno()},
            "handled": {str(ident): name for ident, name in handled.items()},
            "idents": {thread.name: thread.ident for thread in threads},
        },
        truth,
    )
threading.Thread(target=spinner, name="spinner", daemon=True).start()
while True:
    time.sleep(0.001)
